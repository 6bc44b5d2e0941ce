/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The values of a profile, and what becomes of them on a node. */
#include "base/mem.h"
#include "doc/node.h"
#include "sysfs/shown.h"
#include "sysfs/value.h"
#include "test.h"

static const struct resolved {
	const char *title;
	const char *value; /* YAML */
	const char *want;  /* as reports print it */
	const char *text;  /* of the file */
	const char *write; /* NULL: impossible */
	const char *fault;
} resolved[] = {
	{"in sync", "madvise", "madvise", "always [madvise] never", "madvise", NULL},
	{"another choice", "never", "never", "always [madvise] never", "never", NULL},
	{"no such choice", "sometimes", "sometimes", "always [madvise] never", NULL,
         "has no \"sometimes\"; available: always madvise never"},
	{"part of a choice", "mad", "mad", "always [madvise] never", NULL,
         "has no \"mad\"; available: always madvise never"},
	{"size", "16MiB", "16777216", "0", "16777216", NULL},
	{"quoted size", "'16MiB'", "16MiB", "0", "16MiB", NULL},
	{"spelling of the file stays", "16", "16", "0x10", "0x10", NULL},
	{"boolean", "true", "true", "N", "Y", NULL},
	{"boolean in sync", "true", "true", "Y", "Y", NULL},
	{"list", "[1, 2, 3]", "1 2 3", "1 2 4", "1 2 3", NULL},
	{"blanks", "' 1\t2 '", "1 2", "1 2", "1 2", NULL},
	{"empty", "''", "", "1", "", NULL},
	{"raise", "{min: 10}", ">=10", "5", "10", NULL},
	{"raise, high enough", "{min: 10}", ">=10", "15", "15", NULL},
	{"lower", "{max: 1k}", "<=1000", "5000", "1000", NULL},
	{"range", "{min: 10, max: 20}", "10..20", "30", "20", NULL},
	{"bound of a word", "{min: 10}", ">=10", "many", NULL,
         "shows \"many\", which is no number that a bound could be compared with"},
	{"bound of nothing", "{min: 10}", ">=10", "", NULL,
         "shows \"\", which is no number that a bound could be compared with"},
};

static void parse(struct sysfs_value *v, const struct node *n, struct diagnostics *diag)
{
	if (n->type == NODE_MAP)
		sysfs_value_parse_bounds(v, "sysfs x", node_get(n, "min"),
		                         node_get(n, "max"), diag);
	else
		sysfs_value_parse(v, "sysfs x", n, diag);
}

static void test_resolve(void **state)
{
	const struct resolved *row = *state;
	struct diagnostics *diag = new_diagnostics();
	_shown_ struct sysfs_shown shown;
	struct sysfs_value v = {0};
	char *fault = NULL;

	parse(&v, yaml(row->value), diag);
	assert_string_equal(diagnostics_text(diag), "");
	assert_string_equal(keep_text(sysfs_value_describe(&v)), row->want);
	sysfs_shown_parse(row->text, &shown);
	assert_text(keep_text(sysfs_value_resolve(&v, "/sys/x", &shown, &fault)),
	            row->write);
	assert_text(keep_text(fault), row->fault);
	sysfs_value_done(&v);
}

static const struct bad {
	const char *title, *value, *faults;
} bads[] = {
	{"control", "\"a\\x01b\"", "1:1: sysfs x: the value must be printable ASCII\n"},
	{"not ASCII", "é", "1:1: sysfs x: the value must be printable ASCII\n"},
	{"a near size", "16MB",
         "1:1: sysfs x: \"16MB\" is not a number or a size such as 16MiB (write 16MiB)\n"},
	{"mapping in a list", "[1, {a: b}]",
         "1:5: sysfs x: is a mapping in a list, should be a value\n"},
	{"bound", "{min: x}",
         "1:7: sysfs x: a bound must be a number or a size such as 16MiB\n"},
	{"range", "{min: 20, max: 10}",
         "1:16: sysfs x: max, 10, must not be less than min, 20\n"},
};

static void test_bad(void **state)
{
	const struct bad *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct sysfs_value v = {0};

	parse(&v, yaml(row->value), diag);
	assert_string_equal(diagnostics_text(diag), row->faults);
	sysfs_value_done(&v);
}

static void test_long(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	char text[SYSFS_VALUE_MAX + 2] = "";
	struct sysfs_value v = {0};

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	parse(&v, yaml(text), diag);
	assert_string_equal(diagnostics_text(diag),
	                    "1:1: sysfs x: the value is longer than 4000 bytes\n");
	sysfs_value_done(&v);
}

static void test_also(void **state)
{
	struct sysfs_value v = {.text = mem_dup("0"), .also = "2"};
	_shown_ struct sysfs_shown shown;
	char *fault = NULL;

	(void)state;
	sysfs_shown_parse("2", &shown);
	assert_string_equal(keep_text(sysfs_value_resolve(&v, "/sys/x", &shown, &fault)),
	                    "2");
	sysfs_value_done(&v);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, resolved, test_resolve);
	suite_rows(&s, bads, test_bad);
	suite_test(&s, "a long value", test_long);
	suite_test(&s, "another text that is as good", test_also);
	return suite_run(&s);
}
