/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Bottlerocket settings: dotted names, comparing, and the kind. */
#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "bottlerocket/setting.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "host/host.h"
#include "resource/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- dotted names --------------------------------------------------------------------
 */

static const struct {
	const char *path;
	const char *segments[5];
} paths[] = {
	{"settings", {"settings"}},
	{"settings.motd", {"settings", "motd"}},
	{"settings.kernel.sysctl.\"vm.max_map_count\"",
         {"settings", "kernel", "sysctl", "vm.max_map_count"}},
	{"a.\"b.c\".d", {"a", "b.c", "d"}},
	{"net/ipv4.x", {"net/ipv4", "x"}},
	{"\"\".a", {"", "a"}},
	{"a.\"q\\\"q\".\"b\\\\\"", {"a", "q\"q", "b\\"}},
	{"a b.\xc3\xa9", {"a b", "\xc3\xa9"}},
};

static void test_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		_setting_path_ char **segments = NULL;
		_free_ char *path = NULL;
		size_t n = 0, wanted = 0;

		while (paths[i].segments[wanted])
			wanted++;
		path = setting_path_format(paths[i].segments, wanted);
		assert_string_equal(path, paths[i].path);
		segments = setting_path_split(path, &n);
		assert_non_null(segments);
		assert_int_equal(n, wanted);
		for (size_t j = 0; j < n; j++)
			assert_string_equal(segments[j], paths[i].segments[j]);
		assert_null(segments[n]);
	}
}

static void test_not_paths(void **state)
{
	static const char *const texts[] = {"",        ".",     "a.",       ".a",
	                                    "a..b",    "a.\"b", "a.\"b\"c", "a\"b\"",
	                                    "a.\"b\\", "\""};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (setting_path_split(texts[i], NULL))
			fail_msg("%s: is accepted as a dotted name", texts[i]);
}

/* --- comparing -----------------------------------------------------------------------
 */

static const struct {
	const char *wanted, *live; /* JSON */
	bool same;
} pairs[] = {
	{"12", "12", true},
	{"12", "\"12\"", true},
	{"\"12\"", "12", true},
	{"12", "\"012\"", true},
	{"12", "13", false},
	{"12", "12.0", true},
	{"1.5", "\"1.50\"", true},
	{"-3", "\"-3\"", true},
	{"1e3", "1000", true},
	{"9223372036854775807", "9223372036854775806", false},
	{"9007199254740993", "\"9007199254740992\"", false},
	/* two strings are not numbers: for example, versions */
	{"\"1.10\"", "\"1.1\"", false},
	{"\"012\"", "\"12\"", false},
	{"\"1.1\"", "\"1.1\"", true},
	{"true", "true", true},
	{"true", "false", false},
	{"true", "\"true\"", true},
	{"1", "true", false},
	{"12", "\"12 \"", false},
	{"12", "\"\"", false},
	{"12", "\"0xc\"", false},
	{"1", "\"nan\"", false},
	{"1", "\"-\"", false},
	{"\"bbr\"", "\"bbr\"", true},
	{"\"bbr\"", "\"Bbr\"", false},
	{"[]", "[]", true},
	{"[1, \"a\"]", "[\"1\", \"a\"]", true},
	{"[1, 2]", "[2, 1]", false},
	{"[1]", "[1, 2]", false},
	{"[1, 2]", "[1]", false},
	{"[1]", "1", false},
	{"{\"a\": 1}", "{\"b\": 2, \"a\": \"1\"}", true},
	{"{\"a\": 1, \"b\": 2}", "{\"a\": 1}", false},
	{"{\"a\": {\"b\": [1]}}", "{\"a\": {\"b\": [1], \"c\": 3}}", true},
	{"{\"a\": {\"b\": [1]}}", "{\"a\": {\"b\": [2]}}", false},
	{"{}", "{\"a\": 1}", true},
	{"{}", "[]", false},
	{"[{\"a\": 1}]", "[{\"a\": 1, \"b\": 2}]", true},
	{"[null]", "[null]", true},
};

static struct node *json(const char *text)
{
	struct err e = {0};
	struct node *n = node_json_parse(text, strlen(text), &e);

	if (!n)
		fail_msg("%s: %s", text, e.text);
	return n;
}

static void test_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		_node_ struct node *wanted = json(pairs[i].wanted);
		_node_ struct node *live = json(pairs[i].live);

		if (setting_same(wanted, live) != pairs[i].same)
			fail_msg("%s and %s: %s the same", pairs[i].wanted, pairs[i].live,
			         pairs[i].same ? "not" : "taken for");
		assert_false(setting_same(wanted, NULL));
	}
}

/* --- the kind ------------------------------------------------------------------------
 */

/* What parse and persist make of a leaf of a profile. */
struct outcome {
	char *want, *tree, *diag;
};

static struct node *yaml(const char *text)
{
	struct diagnostics diag = {0};
	struct node *n = node_yaml_parse(text, strlen(text), "t.yaml", &diag);

	if (diag.n > 0)
		fail_msg("%s: %s", text, diag.list[0].text);
	return n;
}

static void run(const char *name, const char *leaf, struct outcome *ret)
{
	_free_ char *text = mem_format("leaf: %s\n", leaf);
	_node_ struct node *document = yaml(text), *wanted = node_new(NODE_MAP);
	struct resource *r = mem_new(1, kind_setting.size);
	_diagnostics_ struct diagnostics diag = {0};
	_buf_ struct buf reported = {0};

	r->kind = &kind_setting;
	r->name = mem_dup(name);
	assert_true(kind_setting.parse(r, node_get(document, "leaf"), &diag));
	for (size_t i = 0; i < diag.n; i++) {
		assert_int_equal(diag.list[i].line, 1);
		buf_join(&reported, "; ", diag.list[i].text);
	}
	if (diag.n == 0)
		kind_setting.persist(r, NULL, wanted);
	ret->want = TAKE_PTR(r->spec.want);
	ret->tree = node_json_line(wanted);
	ret->diag = buf_take(&reported);
	kind_setting.done(r);
	free(r->spec.unique);
	free(r->name);
	free(r);
}

static void outcome_done(struct outcome *o)
{
	free(o->want);
	free(o->tree);
	free(o->diag);
}

static const struct {
	const char *name, *leaf, *want, *tree;
} leaves[] = {
	{"settings.motd", "hello", "hello", "{\"motd\": \"hello\"}"},
	{"settings.oci-defaults.resource-limits.max-open-files.soft-limit", "65536",
         "65536",
         "{\"oci-defaults\": {\"resource-limits\": {\"max-open-files\": "
         "{\"soft-limit\": 65536}}}}"},
	{"settings.kernel.sysctl.\"vm.max_map_count\"", "\"262144\"", "262144",
         "{\"kernel\": {\"sysctl\": {\"vm.max_map_count\": \"262144\"}}}"},
	{"settings.metrics.send-metrics", "false", "false",
         "{\"metrics\": {\"send-metrics\": false}}"},
	{"settings.a", "'false'", "false", "{\"a\": \"false\"}"},
	{"settings.a", "''", "", "{\"a\": \"\"}"},
	{"settings.a", "'null'", "null", "{\"a\": \"null\"}"},
	{"settings.a", "0.5", "0.5", "{\"a\": 0.5}"},
	{"settings.ntp.time-servers", "[169.254.169.123, b.example]",
         "[\"169.254.169.123\", \"b.example\"]",
         "{\"ntp\": {\"time-servers\": [\"169.254.169.123\", \"b.example\"]}}"},
	{"settings.a", "[]", "[]", "{\"a\": []}"},
	{"settings.a", "[{b: 1}]", "[{\"b\": 1}]", "{\"a\": [{\"b\": 1}]}"},
	/* what the server would store */
	{"settings.container-registry.creds", "[{registry: a}]",
         "[{\"registry\": \"a\"}]",
         "{\"container-registry\": {\"credentials\": [{\"registry\": \"a\"}]}}"},
	{"settings.container-registry.mirrors.\"*\"", "[x, y]", "[\"x\", \"y\"]",
         "{\"container-registry\": {\"mirrors\": [{\"registry\": \"*\", "
         "\"endpoint\": [\"x\", \"y\"]}]}}"},
	{"settings.kubernetes.node-taints.a", "v:NoSchedule", "[\"v:NoSchedule\"]",
         "{\"kubernetes\": {\"node-taints\": {\"a\": [\"v:NoSchedule\"]}}}"},
	{"settings.kubernetes.memory-manager-policy", "static", "Static",
         "{\"kubernetes\": {\"memory-manager-policy\": \"Static\"}}"},
	{"settings.kubernetes.memory-manager-policy", "none", "None",
         "{\"kubernetes\": {\"memory-manager-policy\": \"None\"}}"},
	{"settings.boot.kernel-parameters.a", "\"it's\"", "[\"it's\"]",
         "{\"boot\": {\"kernel\": {\"a\": [\"it's\"]}}}"},
	{"settings.net/core.\"a.b\".x_y", "1", "1",
         "{\"net/core\": {\"a.b\": {\"x_y\": 1}}}"},
};

static void test_leaves(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(leaves); i++) {
		_cleanup_(outcome_done) struct outcome o = {0};

		run(leaves[i].name, leaves[i].leaf, &o);
		assert_string_equal(o.diag, "");
		assert_string_equal(o.want, leaves[i].want);
		assert_string_equal(o.tree, leaves[i].tree);
	}
}

#define UNSET   "the API cannot unset a setting (remove the key)"
#define CONTROL "a value must not contain control characters, such as a line feed"
#define LETTERS "a name can only contain letters, digits, _ . / and -"

#define QUOTE "a double quote or a backslash would break "

static const struct {
	const char *name, *leaf, *diag;
} faults[] = {
	{"settings.a", "null", "setting settings.a: " UNSET},
	{"settings.a", "~", "setting settings.a: " UNSET},
	{"settings.a", "", "setting settings.a: " UNSET},
	{"settings.a", "[1, null]", "setting settings.a: " UNSET},
	{"settings.a", "\"a\\tb\"", "setting settings.a: " CONTROL},
	{"settings.a", "\"a\\nb\"", "setting settings.a: " CONTROL},
	{"settings.a", "\"a\\x7fb\"", "setting settings.a: " CONTROL},
	{"settings.a", "[x, \"\\e[0m\"]", "setting settings.a: " CONTROL},
	{"settings.a", "{}",
         "setting settings.a: an empty mapping has no effect (remove the key)"},
	{"settings.a b", "1", "setting settings.a b: " LETTERS},
	{"settings.a.\"b\\\"c\"", "1", "setting settings.a.\"b\\\"c\": " LETTERS},
	{"settings.\xc3\xa9", "1", "setting settings.\xc3\xa9: " LETTERS},
	{"settings.\"\".a", "1", "setting settings.\"\".a: has an empty part"},
	{"settings.a..b", "1", "setting settings.a..b: is not the name of a setting"},
	{"settings.boot.kernel-parameters.a", "'\"x\"'",
         "setting settings.boot.kernel-parameters.a: " QUOTE "the next boot of the node"},
	{"settings.boot.init.a", "[b, 'c\\d']",
         "setting settings.boot.init.a: " QUOTE "the next boot of the node"},
	{"settings.boot.kernel.a", "\xc3\xa9",
         "setting settings.boot.kernel.a: a boot parameter can only contain ASCII "
         "characters"},
	{"settings.container-registry.creds", "[{registry: a, password: 'b\\'}]",
         "setting settings.container-registry.creds: " QUOTE
         "the configuration of containerd"},
	{"settings.a b", "null",
         "setting settings.a b: " LETTERS "; setting settings.a b: " UNSET},
};

static void test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		_cleanup_(outcome_done) struct outcome o = {0};

		run(faults[i].name, faults[i].leaf, &o);
		assert_string_equal(o.diag, faults[i].diag);
	}
}

static void test_length(void **state)
{
	char name[257] = "settings.";
	_cleanup_(outcome_done) struct outcome fits = {0}, exceeds = {0};

	(void)state;
	memset(name + strlen("settings."), 'a', 255 - strlen("settings."));
	run(name, "1", &fits);
	assert_string_equal(fits.diag, "");
	name[255] = 'a';
	run(name, "1", &exceeds);
	assert_non_null(strstr(exceeds.diag, "is longer than 255 bytes"));
}

/* Settings of one branch share its map, and the host's values do not matter. */
static void test_merge(void **state)
{
	_node_ struct node *wanted = json("{\"kernel\": {\"sysctl\": {\"a.b\": \"1\"}}}");
	_node_ struct node *leaf = yaml("leaf: integrity\n");
	struct resource *r = mem_new(1, kind_setting.size);
	_diagnostics_ struct diagnostics diag = {0};
	_free_ char *text = NULL;
	struct change change = {0};
	struct err e;

	(void)state;
	r->name = mem_dup("settings.kernel.lockdown");
	assert_true(kind_setting.parse(r, node_get(leaf, "leaf"), &diag));
	assert_int_equal(kind_setting.observe(r, &(struct host){0}, &e), 0);
	assert_null(r->seen.now);
	kind_setting.diff(r, &change);
	assert_int_equal(change.state, STATE_OK);
	kind_setting.persist(r, NULL, wanted);
	text = node_json_line(wanted);
	assert_string_equal(text, "{\"kernel\": {\"sysctl\": {\"a.b\": \"1\"}, "
	                          "\"lockdown\": \"integrity\"}}");
	kind_setting.done(r);
	free(r->spec.want);
	free(r->spec.unique);
	free(r->name);
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),  cmocka_unit_test(test_not_paths),
		cmocka_unit_test(test_same),   cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_faults), cmocka_unit_test(test_length),
		cmocka_unit_test(test_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
