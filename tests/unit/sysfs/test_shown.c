/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What files of sysfs show, and whether that is what was written. */
#include "base/mem.h"
#include "sysfs/shown.h"
#include "test.h"

static const struct parsed {
	const char *title, *text, *now, *choices;
} parsed[] = {
	{"choice", "always [madvise] never", "madvise", "always madvise never"},
	{"first", "[none] mq-deadline", "none", "none mq-deadline"},
	{"only one", "[none]", "none", "none"},
	{"number", "4096", "4096", NULL},
	{"empty", "", "", NULL},
	{"two in brackets", "[a] [b]", "[a] [b]", NULL},
	{"brackets of a word", "a[1] b", "a[1] b", NULL},
	{"empty brackets", "[] a", "[] a", NULL},
	{"several words", "1 2 3", "1 2 3", NULL},
};

static void test_parse(void **state)
{
	const struct parsed *row = *state;
	_shown_ struct sysfs_shown s;

	sysfs_shown_parse(row->text, &s);
	assert_string_equal(s.now, row->now);
	assert_text(s.choices, row->choices);
}

#define F    "/sys/a/value"
#define MASK "/sys/class/net/eth0/queues/rx-0/rps_cpus"

static const struct compared {
	const char *title, *path, *want, *now;
	bool same;
} compared[] = {
	{"text", F, "performance", "performance", true},
	{"other text", F, "performance", "powersave", false},
	{"number", F, "16", "0x10", true},
	{"number of 64 bits", F, "18446744073709551615", "0xffffffffffffffff", true},
	{"negative", F, "-1", "-1", true},
	{"negative and not", F, "-1", "1", false},
	{"other number", F, "16", "10", false},
	{"a zero in front is octal or not", F, "010", "8", false},
	{"the same", F, "010", "010", true},
	{"words", F, "1 0x2 3", "1 2 3", true},
	{"fewer words", F, "1 2", "1 2 3", false},
	{"more words", F, "1 2 3", "1 2", false},
	{"list", F, "0-3,8", "0,1,2,3,8", true},
	{"another list", F, "0-3,8", "0-3", false},
	{"a list of one", F, "0-0", "0", true},
	{"mask", MASK, "f", "0000000f", true},
	{"mask of many", MASK, "f", "00000000,0000000f", true},
	{"mask with groups", MASK, "1,00000000", "00000001,00000000", true},
	{"mask that looks like a number", MASK, "10", "00000010", true},
	{"another mask", MASK, "10", "0000000a", false},
	{"mask elsewhere, by its groups", F, "f", "00000000,0000000f", true},
	{"no mask elsewhere", F, "f", "0f", false},
	{"mask and word", MASK, "all", "0000000f", false},
	{"empty", F, "", "", true},
	{"empty and not", F, "1", "", false},
};

static void test_same(void **state)
{
	const struct compared *row = *state;

	assert_int_equal(sysfs_shown_same(row->path, row->want, row->now), row->same);
}

static const struct boolean {
	const char *title, *want, *now, *write;
} booleans[] = {
	{"Y", "true", "N", "Y"},
	{"as shown", "1", "Y", "Y"},
	{"number", "false", "1", "0"},
	{"word", "yes", "off", "on"},
	{"enabled", "false", "enabled", "disabled"},
	{"capitals", "TRUE", "0", "1"},
	{"no boolean wanted", "2", "1", NULL},
	{"no boolean shown", "true", "5", NULL},
	{"empty", "true", "", NULL},
};

static void test_bool(void **state)
{
	const struct boolean *row = *state;

	assert_text(sysfs_shown_bool(row->want, row->now), row->write);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, parsed, test_parse);
	suite_rows(&s, compared, test_same);
	suite_rows(&s, booleans, test_bool);
	return suite_run(&s);
}
