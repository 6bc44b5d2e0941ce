/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/date.h"
#include "test.h"

#include <errno.h>

static const struct row {
	const char *text;
	int64_t begins; /* -1: no date */
} rows[] = {
	{"1970-01-01", 0},
	{"1970-01-02", DATE_SECONDS},
	{"1969-12-31", -DATE_SECONDS},
	{"2026-12-31", 1798675200},
	{"2027-01-01", 1798761600},
	{"2028-02-29", 1835395200},
	{"2000-02-29", 951782400},
	{"9999-12-31", 253402214400},
	{"2027-02-29", -1},
	{"2100-02-29", -1},
	{"2027-02-30", -1},
	{"2027-04-31", -1},
	{"2027-13-01", -1},
	{"2027-00-01", -1},
	{"2027-01-00", -1},
	{"2027-1-1", -1},
	{"2027-01-1", -1},
	{"27-01-01", -1},
	{"2027/01/01", -1},
	{"2027-01-01 ", -1},
	{" 2027-01-01", -1},
	{"2027-01-01T00:00:00Z", -1},
	{"-027-01-01", -1},
	{"2027-01", -1},
	{"tomorrow", -1},
	{"", -1},
};

static void test_parse(void **state)
{
	const struct row *row = *state;
	int64_t begins = -2;
	int r = date_parse(row->text, &begins);

	if (row->begins == -1) {
		assert_int_equal(r, -EINVAL);
		return;
	}
	assert_int_equal(r, 0);
	assert_int_equal(begins, row->begins);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_parse);
	return suite_run(&s);
}
