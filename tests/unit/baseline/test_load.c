/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Files that are not, or not quite, baselines; tests/cases/baseline-bad-* have more. */
#include "baseline/load.h"

#include "base/mem.h"
#include "doc/node.h"
#include "test.h"

static struct baseline_file file;

static int forget(void **state)
{
	(void)state;
	baseline_file_done(&file);
	return 0;
}

/* Parse it. Return: its problems; "" if it is valid. */
static const char *problems(const char *text, size_t len)
{
	struct diagnostics *diag = new_diagnostics();
	int r;

	baseline_file_done(&file);
	file.source.file = mem_dup("f");
	file.source.text = mem_dup_n(text, len);
	file.source.len = len;
	r = baseline_parse(&file, diag);
	assert_int_equal(r, diag_count_errors(diag) > 0 ? -1 : 0);
	return diagnostics_text(diag);
}

#define HEAD "{\"kind\": \"baseline\", \"version\": 1"

static const struct form_row {
	const char *text, *problem;
} form_rows[] = {
	{HEAD "}", ""},
	{HEAD ", \"later\": [1, {\"x\": null}]}", ""},
	{HEAD ", \"mounts\": {\"missing\": \"EACCES\"}}", ""},
	{HEAD ", \"mounts\": {\"/\": {\"filesystem\": {\"missing\": \"x\"}}}}", ""},
	{HEAD ", \"files\": {\"/f\": null}}", ""},
	{HEAD ", \"mounts\": []}", "1:36: \"mounts\": must be a mapping\n"},
	{HEAD ", \"mounts\": {\"/\": []}}", "1:47: \"/\": must be a mapping\n"},
	{HEAD ", \"pods\": {\"a/b\": {\"limits\": {\"io.max\": [1]}}}}",
         "1:64: \"io.max\": must be a text\n"},
	{HEAD ", \"files\": {\"/f\": {\"cached\": 1.5}}}",
         "1:53: \"cached\": must be a whole number\n"},
	{HEAD ", \"files\": {\"/f\": {\"cached\": 18446744073709551616}}}",
         "1:82: not JSON: too big integer near '18446744073709551616'\n"},
	{HEAD ", \"sysctls\": {\"vm.swappiness\": 1, \"vm..x\": \"1\"}}",
         "1:48: \"vm.swappiness\": must be a text\n"
         "1:68: \"vm..x\": has an empty part\n"},
	{"{\"kind\": \"baseline\", \"version\": 0}",
         "1:33: version: is not the version of a baseline (such as 1)\n"},
	{"{\"kind\": \"bundle\", \"version\": 1}",
         "1:1: is not a baseline (hosttune baseline save FILE writes one)\n"},
	{"7", "1:1: not JSON: '[' or '{' expected near '7'\n"},
	{"", "1:1: not JSON: '[' or '{' expected near end of file\n"},
};

static void test_form(void **state)
{
	const struct form_row *row = *state;

	assert_string_equal(problems(row->text, strlen(row->text)), row->problem);
}

/* A later version: what has another form is missing, and the rest is used. */
static void test_later(void **state)
{
	const char *text = "{\"kind\": \"baseline\", \"version\": 2, \"mounts\": 7, "
			   "\"files\": {\"/f\": {\"cached\": [], \"bytes\": 1}}}";

	(void)state;
	assert_string_equal(problems(text, strlen(text)), "");
	assert_int_equal(file.version, 2);
	assert_part(tree_text(node_get(file.tree, "mounts")), "missing");
	assert_part(tree_text(node_get(file.tree, "files")), "\"bytes\": 1");
}

/* However it is cut off, it is refused, in bounded time and memory. */
static void test_cut(void **state)
{
	const char *text = HEAD ", \"mounts\": {\"/\": {\"options\": \"rw\"}}}";

	(void)state;
	for (size_t i = 0; i < strlen(text); i++)
		assert_true(*problems(text, i));
	assert_part(problems("{\"kind\0\": 1}", 13), "not JSON: control character");
}

static void test_deep(void **state)
{
	char *text = keep_text(mem_new(4096, 1));

	(void)state;
	memset(text, '[', 2000);
	memset(text + 2000, ']', 2000);
	assert_true(*problems(text, 4000));
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(NULL, forget);
	suite_rows(&s, form_rows, test_form);
	suite_test(&s, "later", test_later);
	suite_test(&s, "cut", test_cut);
	suite_test(&s, "deep", test_deep);
	return suite_run(&s);
}
