/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "import/import.h"
#include "test.h"

/* Which format a text is, by what is read from it; the error if it is none. */
static const struct row {
	const char *name, *text;
	enum import_format from;
	const char *profile; /* without its version; NULL: an error */
	const char
		*omitted; /* "LINE:COL REASON\n", "(...)" without effect; or the error */
} rows[] = {
	/* --- sysctl.conf */
	{"sysctl.conf", "vm.swappiness = 10\n", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.swappiness\": 10}}", ""},
	{"only comments", "# a\n", IMPORT_SYSCTL, "{}", ""},
	{"nothing", "", IMPORT_SYSCTL, "{}", ""},
	{"a failure that is ignored", "- vm.swappiness = 10", IMPORT_SYSCTL,
         "{\"sysctl\": {\"vm.swappiness\": {\"value\": 10, \"optional\": true}}}", ""},
	{"several numbers", "net.ipv4.tcp_rmem=1\t2  3", IMPORT_AUTO,
         "{\"sysctl\": {\"net.ipv4.tcp_rmem\": [1, 2, 3]}}", ""},
	{"hex and octal stay as they are", "kernel.sysrq=0x10\nvm.swappiness=012",
         IMPORT_AUTO,
         "{\"sysctl\": {\"kernel.sysrq\": \"0x10\", \"vm.swappiness\": \"012\"}}", ""},
	{"words that YAML reads otherwise", "kernel.printk_devkmsg = on", IMPORT_AUTO,
         "{\"sysctl\": {\"kernel.printk_devkmsg\": \"on\"}}", ""},
	{"a size is no number to the kernel", "vm.min_free_kbytes = 1G", IMPORT_AUTO,
         "{}", "1:22 sysctl vm.min_free_kbytes \"1G\": must be a whole number\n"},
	{"a comment behind numbers", "vm.swappiness = 10 # a", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.swappiness\": 10}}", ""},
	{"no comment behind a text", "kernel.core_pattern = core # a", IMPORT_AUTO,
         "{\"sysctl\": {\"kernel.core_pattern\": \"core # a\"}}", ""},
	{"the same value twice", "vm.swappiness=1\nvm/swappiness=1", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.swappiness\": 1}}", "(1:15 line 2 overrides it)\n"},
	{"a later line that is invalid", "vm.swappiness=1\nvm.swappiness=x", IMPORT_AUTO,
         "{}",
         "(1:15 line 2 overrides it)\n"
         "2:15 sysctl vm.swappiness \"x\": must be a whole number\n"},
	{"a ratio before its bytes", "vm.dirty_ratio=1\nvm.dirty_bytes=409600",
         IMPORT_AUTO, "{\"sysctl\": {\"vm.dirty_bytes\": 409600}}",
         "(1:16 line 2, vm.dirty_bytes, resets it)\n"},
	{"a ratio behind its bytes", "vm.dirty_bytes=409600\nvm.dirty_ratio=1",
         IMPORT_AUTO, "{\"sysctl\": {\"vm.dirty_ratio\": 1}}",
         "(1:16 line 2, vm.dirty_ratio, resets it)\n"},
	{"a ratio, and bytes that are 0", "vm.dirty_ratio=1\nvm.dirty_bytes=0",
         IMPORT_AUTO, "{\"sysctl\": {\"vm.dirty_ratio\": 1, \"vm.dirty_bytes\": 0}}", ""},
	{"a ratio, and bytes that are 0 if there are any",
         "vm.dirty_ratio=1\n-vm.dirty_bytes=0", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.dirty_ratio\": 1, \"vm.dirty_bytes\": {\"value\": 0, "
         "\"optional\": true}}}",
         ""},
	{"an exclusion before the pattern",
         "-net.ipv4.conf.lo.rp_filter\nnet.ipv4.conf.*.rp_filter=1", IMPORT_SYSCTL, "{}",
         "1:1 excludes the key from patterns, which a profile cannot (give "
         "net.ipv4.conf.lo.rp_filter a value: it overrides the pattern)\n"
         "2:27 sysctl net.ipv4.conf.*.rp_filter: line 1 excludes a key from this pattern, "
         "which a profile cannot\n"},
	{"an exclusion from another pattern",
         "net.ipv4.conf.*.rp_filter=1\n-net.ipv4.conf.lo.accept_source_route",
         IMPORT_SYSCTL, "{\"sysctl\": {\"net.ipv4.conf.*.rp_filter\": 1}}",
         "2:1 excludes the key from patterns, which a profile cannot (give "
         "net.ipv4.conf.lo.accept_source_route a value: it overrides the pattern)\n"},
	{"line ends of Windows", "vm.swappiness = 10\r\nkernel.pid_max=99999\r\n",
         IMPORT_AUTO, "{\"sysctl\": {\"vm.swappiness\": 10, \"kernel.pid_max\": 99999}}",
         ""},

	/* --- TuneD */
	{"TuneD", "[sysctl]\nvm.swappiness=10", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.swappiness\": 10}}", ""},
	{"bounds", "[sysctl]\nvm.swappiness=<10\nkernel.pid_max=>99999", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.swappiness\": {\"max\": 10}, \"kernel.pid_max\": {\"min\": "
         "99999}}}",
         ""},
	{"a bound of a text", "[sysctl]\nkernel.core_pattern=>x", IMPORT_AUTO, "{}",
         "2:21 sysctl kernel.core_pattern: a bound must be a number or a size such as "
         "16MiB\n"},
	{"variables", "[variables]\na=1\nb=${a}0\n[sysctl]\nvm.swappiness=${b}",
         IMPORT_AUTO, "{\"sysctl\": {\"vm.swappiness\": 10}}", ""},
	{"variables behind their use", "[sysctl]\nvm.swappiness=${b}\n[variables]\nb=5",
         IMPORT_AUTO, "{\"sysctl\": {\"vm.swappiness\": 5}}", ""},
	{"a variable as a key", "[variables]\nk=vm.swappiness\n[sysctl]\n${k}=5",
         IMPORT_AUTO, "{\"sysctl\": {\"vm.swappiness\": 5}}", ""},
	{"a variable of itself", "[variables]\na=${a}\n[sysctl]\nvm.swappiness=1",
         IMPORT_AUTO, "{\"sysctl\": {\"vm.swappiness\": 1}}",
         "2:3 no variable \"a\" in this file\n"},
	{"an open brace", "[sysctl]\nkernel.core_pattern=${a", IMPORT_AUTO,
         "{\"sysctl\": {\"kernel.core_pattern\": \"${a\"}}", ""},
	{"a section in two parts",
         "[sysctl]\nvm.swappiness=1\n[main]\n[sysctl]\nenabled=0", IMPORT_AUTO, "{}",
         "(2:15 [sysctl] is not enabled)\n"},
	{"a key in two sections",
         "[sysctl]\nvm.swappiness=1\n[b]\ntype=sysctl\nvm.swappiness=2", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.swappiness\": 2}}", "(2:15 line 5 overrides it)\n"},
	{"a module twice", "[modules]\nnfsd=\nnfsd=+r", IMPORT_AUTO,
         "{\"modules\": [\"nfsd\"]}", "(3:6 module nfsd is listed before)\n"},
	{"bytes in percent", "[vm]\ndirty_bytes=40%", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.dirty_ratio\": 40}}", ""},
	{"bytes", "[vm]\ndirty_background_bytes=409600", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.dirty_background_bytes\": 409600}}", ""},

	/* --- Bottlerocket */
	{"TOML", "[settings]\nmotd = \"x\"", IMPORT_AUTO,
         "{\"settings\": {\"motd\": \"x\"}}", ""},
	{"JSON", "{\"settings\": {\"motd\": \"x\"}}", IMPORT_AUTO,
         "{\"settings\": {\"motd\": \"x\"}}", ""},
	{"JSON with escapes",
         "{\"settings\":{\"motd\":\"\\ud83d\\ude00\\u00e9\\/\\\\ud83d\"}}", IMPORT_AUTO,
         "{\"settings\": {\"motd\": \"\xf0\x9f\x98\x80\xc3\xa9/\\\\ud83d\"}}", ""},
	{"JSON without settings above", "{\"kernel\": {\"lockdown\": \"none\"}}",
         IMPORT_AUTO, "{\"settings\": {\"kernel\": {\"lockdown\": \"none\"}}}", ""},
	{"sysctls", "[settings.kernel.sysctl]\n\"vm.swappiness\" = \"10\"", IMPORT_AUTO,
         "{\"sysctl\": {\"vm.swappiness\": 10}}", ""},
	{"a module to load",
         "[settings.kernel.modules.nfsd]\nallowed = true\nautoload = true", IMPORT_AUTO,
         "{\"modules\": [\"nfsd\"]}", ""},
	{"a module that is only allowed",
         "[settings.kernel.modules.nfsd]\nallowed = true", IMPORT_AUTO,
         "{\"settings\": {\"kernel\": {\"modules\": {\"nfsd\": {\"allowed\": true}}}}}",
         ""},
	{"empty tables", "[settings.kernel.modules]\n[settings.ntp]", IMPORT_AUTO, "{}",
         ""},
	{"a type that is wrong", "settings.kernel.sysctl.a = [1]", IMPORT_AUTO, "{}",
         "1:28 setting kernel.sysctl.a: is a list, not a string (quote the key)\n"},

	/* --- none of them */
	{"a profile", "version: 1\n", IMPORT_AUTO, NULL,
         "1:1: not recognised as a sysctl.conf, a TuneD profile or Bottlerocket settings "
         "(--from says which it is)\n"},
	{"JSON of something else", "{\"a\": 1}", IMPORT_AUTO, NULL,
         "1:1: no \"settings\" in it: not Bottlerocket settings (--from sysctl or tuned, if "
         "it is another file)\n"},
	{"settings that are a list", "{\"settings\": []}", IMPORT_AUTO, NULL,
         "1:1: no \"settings\" in it: not Bottlerocket settings (--from sysctl or tuned, if "
         "it is another file)\n"},
	{"JSON with a key twice", "{\"settings\": {\"a\": 1, \"a\": 2}}", IMPORT_AUTO,
         NULL, "1:25: not JSON: duplicate object key near '\"a\"'\n"},
};

static const char *omitted_text(const struct import *im)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < im->n; i++) {
		const struct import_omitted *o = &im->omitted[i];

		buf_addf(&b, o->no_effect ? "(%u:%u %s)\n" : "%u:%u %s\n", o->at.line,
		         o->at.col, o->reason);
	}
	return keep_text(buf_take(&b));
}

static void free_import(void *im)
{
	import_done(im);
	free(im);
}

static struct import *read_text(const char *text, enum import_format from,
                                struct diagnostics *diag)
{
	struct import *im = keep(mem_new(1, sizeof(*im)), free_import);

	return import_read(im, text, strlen(text), "x", from, diag) == 0 ? im : NULL;
}

static void test_import(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct import *im = read_text(row->text, row->from, diag);

	if (!row->profile) {
		assert_null(im);
		assert_string_equal(diagnostics_text(diag), row->omitted);
		return;
	}
	assert_string_equal(diagnostics_text(diag), "");
	assert_non_null(im);
	node_remove(im->tree, "version");
	assert_string_equal(tree_text(im->tree), row->profile);
	assert_string_equal(omitted_text(im), row->omitted);
}

/* Variables that double in length are cut off. */
static void test_expansion(void **state)
{
	_buf_ struct buf b = {0};
	struct import *im;

	(void)state;
	buf_add(&b, "[variables]\na0=xxxxxxxx\n");
	for (int i = 1; i < 40; i++)
		buf_addf(&b, "a%d=${a%d}${a%d}\n", i, i - 1, i - 1);
	buf_add(&b, "[sysctl]\nkernel.core_pattern=${a39}\n");
	im = read_text(b.text, IMPORT_AUTO, new_diagnostics());
	assert_non_null(im);
	assert_null(node_get(im->tree, "sysctl"));
	assert_part(omitted_text(im),
	            "12:5 with its variables, it has more than 4096 bytes");
}

/* Thousands of invalid and repeated lines take no more than their time to read. */
static void test_many(void **state)
{
	_buf_ struct buf b = {0};
	int64_t start;
	struct import *im;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_add(&b, "# c\nkernel.pid_max = x\nno assignment\n");
	start = clock_ms();
	im = read_text(b.text, IMPORT_SYSCTL, new_diagnostics());
	assert_non_null(im);
	assert_null(node_get(im->tree, "sysctl"));
	assert_int_equal(im->n, 40000);
	assert_int_equal(import_count_lost(im), 20001);
	/* a quadratic one needs minutes, even on a machine that is not busy */
	assert_true(clock_ms() - start < 60000);
}

/* Secrets must not appear in messages, either. */
static void test_secret(void **state)
{
	struct import *im =
		read_text("[settings.host-containers.admin]\nuser-data = \"c2VjcmV0\"\n",
	                  IMPORT_AUTO, new_diagnostics());

	(void)state;
	assert_non_null(im);
	assert_int_equal(im->n, 1);
	assert_null(im->omitted[0].line);
	assert_null(strstr(im->omitted[0].reason, "c2VjcmV0"));
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_import);
	suite_test(&s, "variables that grow", test_expansion);
	suite_test(&s, "many lines", test_many);
	suite_test(&s, "secrets", test_secret);
	return suite_run(&s);
}
