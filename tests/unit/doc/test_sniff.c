/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/sniff.h"
#include "test.h"

static const struct row {
	const char *name, *text;
	const char *word; /* what it is; NULL: may be a profile */
} rows[] = {
	{"gzip", "\x1f\x8b\x08", "gzip"},
	{"half of gzip's mark", "\x1f", NULL},
	{"base64", "dmVyc2lvbjogMQppbmNsdWRlOiBbeF0K\n", "base64"},
	{"base64 with padding", "dmVyc2lvbjogMQppbmNsdWRlOiBb\r\neF0KCg==", "base64"},
	{"base64 in lines", "dmVyc2lv\nbjogMQpp\nbmNsdWRl\n", "base64"},
	{"too short to be sure", "dmVyc2lv", NULL},
	{"one letter lost", "dmVyc2lvbjogMQppbmNsdWRlOiBbeF0\n", NULL},
	{"letters behind the padding", "dmVyc2lvbjogMQppbmNsdWRlOiBb==AA", NULL},
	{"three for padding", "dmVyc2lvbjogMQppbmNsdWRlOiBbe===", NULL},
	{"a TOML table", "[settings.kernel.sysctl]\na = 1\n", "TOML"},
	{"behind comments", "# x\n\n  # y\n[settings]\n", "TOML"},
	{"a TOML list of tables", "[[a]]\n", "TOML"},
	{"a quoted TOML table", "[\"a b\"]\n", "TOML"},
	{"a TOML key", "settings.motd = \"x\"\n", "TOML"},
	{"a quoted TOML key", "settings.\"a.b\" = 1\n", "TOML"},
	{"TOML without spaces", "a=1", "TOML"},
	{"a TOML key below settings", "settings.a.b = 1\n", "TOML"},
	{"a dotted TOML key", "a.b = \"x\"\n", "TOML"},
	{"sysctl.conf", "vm.swappiness = 10\n", "a sysctl.conf"},
	{"sysctl.conf without spaces", "# x\nnet/ipv4/ip_forward=1\n", "a sysctl.conf"},
	{"sysctl.conf with its comment", "; x\n\n ; y\nvm.swappiness=1\n",
         "a sysctl.conf"},
	{"sysctl.conf, a failure ignored", "-vm.swappiness=1\n", "a sysctl.conf"},
	{"sysctl.conf, an empty value", "kernel.core_pattern =\n", "a sysctl.conf"},
	{"only comments of that style", "; a.b = 1\n", NULL},
	{"TuneD", "# x\n[main]\nsummary=x\n", "a TuneD profile"},
	{"TuneD without a main part", "[sysctl]\nvm.swappiness=1\n", "a TuneD profile"},
	{"a key with dots", "vm.swappiness: 10\n", NULL},
	{"nothing", "", NULL},
	{"only comments", "# a = 1\n", NULL},
	{"a profile", "version: 1\nsysctl: {a.b: c = d}\n", NULL},
	{"a profile in braces", "{version: 1}\n", NULL},
	{"a key in quotes", "\"version\": 1\n", NULL},
	{"a formula first", "nfsd: {threads: = 1}\nversion: 1\n", NULL},
	{"a document's start", "---\nversion: 1\n", NULL},
	{"an explicit key", "? version\n: 1\n", NULL},
	{"an open bracket alone", "[", NULL},
};

static void test_disguise(void **state)
{
	const struct row *row = *state;
	const char *reported = sniff_format(row->text, strlen(row->text));

	if (row->word) {
		assert_non_null(reported);
		assert_int_equal(strncmp(reported, row->word, strlen(row->word)), 0);
	} else {
		assert_null(reported);
	}
}

static void test_nul(void **state)
{
	(void)state;
	assert_null(sniff_format("\0\0\0\0", 4));
	assert_null(sniff_format("a\0 = 1", 6));
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_disguise);
	suite_test(&s, "NUL bytes", test_nul);
	return suite_run(&s);
}
