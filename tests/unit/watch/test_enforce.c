/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The part that needs no namespaces; tests/vm/watch.sh tests the rest. */
#include "base/log.h"
#include "test.h"
#include "tmproot.h"
#include "watch/enforce.h"

#include <errno.h>

#define COUNT "/proc/net/rpc/nfsd"

static const struct row {
	const char *name, *text; /* NULL: a directory; "": not there */
	int result;
	bool uncounted;
	unsigned threads;
} rows[] = {
	{"counted", "rc 0 0 0\nth 8 0 0.000\n", 0, false, 8},
	{"no server ever ran", "", 0, false, 0},
	{"it cannot be read", NULL, -EISDIR, true, 0},
	{"no count", "rc 0 0 0\n", -EPROTO, true, 0},
	{"no number", "rc 0 0 0\nth x\n", -EPROTO, true, 0},
};

static void look(unsigned wanted, const struct row *row)
{
	struct enforcement p;
	struct err e;

	enforcement_init(&p, true);
	enforcement_set_target(&p, wanted, 0);
	assert_int_equal(enforcement_scan(&p, &tmproot.host, false, NULL, &e),
	                 row->result);
	assert_int_equal(p.uncounted, row->uncounted);
	assert_int_equal(p.threads, row->threads);
	enforcement_done(&p);
}

static void test_count(void **state)
{
	const struct row *row = *state;

	if (!row->text)
		tmproot_dir(COUNT);
	else if (*row->text)
		tmproot_write(COUNT, row->text);
	look(0, row);
	/* to enter namespaces, it takes a live system */
	if (row->threads == 0)
		look(8, row);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, rows, test_count);
	return suite_run(&s);
}
