/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What reports show in place of passwords, keys and tokens. */
#include "bottlerocket/secret.h"
#include "doc/json.h"
#include "doc/node.h"
#include "test.h"

static const struct row {
	const char *name, *settings, *shown;
} rows[] = {
	{"nothing secret", "{a: {b: 1, password: x}, motd: y}",
         "{\"a\": {\"b\": 1, \"password\": \"x\"}, \"motd\": \"y\"}"},
	{"credentials, a list",
         "{container-registry: {credentials: [{registry: r, username: u, password: p, auth: a, "
         "identitytoken: t}]}}",
         "{\"container-registry\": {\"credentials\": [{\"registry\": \"r\", \"username\": \"u\", "
         "\"password\": \"(secret)\", \"auth\": \"(secret)\", "
         "\"identitytoken\": \"(secret)\"}]}}"},
	{"credentials, a map by their old name",
         "{container-registry: {creds: {r: {username: u, password: p}}}}",
         "{\"container-registry\": {\"creds\": {\"r\": {\"username\": \"u\", "
         "\"password\": \"(secret)\"}}}}"},
	{"mirrors: only with a login",
         "{container-registry: {mirrors: [{registry: r, endpoint: ['https://a', "
         "'https://u:p@b']}]}}",
         "{\"container-registry\": {\"mirrors\": [{\"registry\": \"r\", "
         "\"endpoint\": [\"https://a\", \"(secret)\"]}]}}"},
	{"mirrors as a map", "{container-registry: {mirrors: {r: ['https://u:p@b']}}}",
         "{\"container-registry\": {\"mirrors\": {\"r\": [\"(secret)\"]}}}"},
	{"a proxy", "{network: {https-proxy: 'http://u:p@h:1', no-proxy: [x]}}",
         "{\"network\": {\"https-proxy\": \"(secret)\", \"no-proxy\": [\"x\"]}}"},
	{"a proxy without a login", "{network: {https-proxy: 'http://h:1'}}",
         "{\"network\": {\"https-proxy\": \"http://h:1\"}}"},
	{"kubernetes",
         "{kubernetes: {bootstrap-token: t, server-key: k, cluster-name: n, "
         "credential-providers: {e: {enabled: true, environment: {A: b}}}}}",
         "{\"kubernetes\": {\"bootstrap-token\": \"(secret)\", \"server-key\": \"(secret)\", "
         "\"cluster-name\": \"n\", \"credential-providers\": {\"e\": {\"enabled\": true, "
         "\"environment\": {\"A\": \"(secret)\"}}}}}"},
	{"containers",
         "{host-containers: {admin: {user-data: d, enabled: true}}, "
         "bootstrap-containers: {b: {user-data: d, mode: once}}}",
         "{\"host-containers\": {\"admin\": {\"user-data\": \"(secret)\", \"enabled\": true}}, "
         "\"bootstrap-containers\": {\"b\": {\"user-data\": \"(secret)\", \"mode\": \"once\"}}}"},
	{"aws", "{aws: {config: c, credentials: d, region: r}}",
         "{\"aws\": {\"config\": \"(secret)\", \"credentials\": \"(secret)\", "
         "\"region\": \"r\"}}"},
};

static void test_hide(void **state)
{
	const struct row *row = *state;
	struct node *settings = yaml(row->settings);
	_node_ struct node *hidden = secret_hide(NULL, 0, settings);

	assert_string_equal(keep_text(node_json_line(hidden)), row->shown);
	assert_int_equal(secret_any(NULL, 0, settings),
	                 strstr(row->shown, SECRET_TEXT) != NULL);
}

/* The value of one setting, whose keys are above it. */
static void test_path(void **state)
{
	static const char *const list[] = {"container-registry", "credentials"};
	static const char *const token[] = {"kubernetes", "bootstrap-token"};
	_node_ struct node *credentials =
		secret_hide(list, 2, yaml("[{registry: r, password: p}]"));
	_node_ struct node *text = secret_hide(token, 2, yaml("abc"));

	(void)state;
	assert_string_equal(keep_text(node_json_line(credentials)),
	                    "[{\"registry\": \"r\", \"password\": \"(secret)\"}]");
	assert_string_equal(text->text, SECRET_TEXT);
	assert_true(secret_any(token, 2, yaml("abc")));
	assert_false(secret_any(token, 1, yaml("abc")));
}

#define TOKEN(text) "{kubernetes: {bootstrap-token: '" text "', cluster-name: name}}"
#define BOTH        "{kubernetes: {bootstrap-token: 'tok', server-key: 'token'}}"

static const struct scrub_row {
	const char *name, *settings, *text, *clean;
} scrub_rows[] = {
	{"quoted", TOKEN("tok"), "400: given: tok (tok) for name",
         "400: given: (secret) ((secret)) for name"},
	{"not quoted", TOKEN("abcdef.012345"), "nothing of abcde", "nothing of abcde"},
	{"no secret", "{motd: x}", "unknown field `x`", "unknown field `x`"},
	{"one is the beginning of another", BOTH, "token tok", "(secret) (secret)"},
	{"one is in the word for it",
         "{aws: {config: e, credentials: e}, kubernetes: {server-key: e}}", "e",
         "(secret)"},
	{"an empty one", TOKEN(""), "a text", "a text"},
	{"cut short", TOKEN("abcdef.0123456789"), "given: abcdef.01...", SECRET_UNSHOWN},
	{"its end", TOKEN("abcdef.0123456789"), "given: ...456789", SECRET_UNSHOWN},
	{"umlaut", TOKEN("P\xc3\xa4ss"), "given: P\\xc3\\xa4ss", SECRET_UNSHOWN},
	{"quote", TOKEN("a\"b"), "given: a\\\"b", SECRET_UNSHOWN},
	{"backslash", TOKEN("a\\b"), "given: a\\\\b", SECRET_UNSHOWN},
	{"line feed", "{aws: {config: \"a\\nb\"}}", "given: a", SECRET_UNSHOWN},
};

static void test_scrub(void **state)
{
	const struct scrub_row *row = *state;

	assert_string_equal(keep_text(secret_scrub(row->text, yaml(row->settings))),
	                    row->clean);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_hide);
	suite_test(&s, "one setting", test_path);
	suite_rows(&s, scrub_rows, test_scrub);
	return suite_run(&s);
}
