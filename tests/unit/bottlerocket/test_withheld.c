/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "bottlerocket/withheld.h"
#include "bundle/bundle.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/host.h"
#include "test.h"

#include <errno.h>

static const struct row {
	const char *settings, *left;
} rows[] = {
	{"{\"motd\":\"x\"}", "{\"motd\":\"x\"}"},
	{"{\"a-later-section\":{\"x\":1}}", "{}"},
	{"{\"host-containers\":{\"admin\":{\"enabled\":true,\"user-data\":\"c2U=\"}}}",
         "{\"host-containers\":{\"admin\":{\"enabled\":true}}}"},
	{"{\"bootstrap-containers\":{\"x\":{\"user-data\":\"c2U=\",\"mode\":\"once\"}}}",
         "{\"bootstrap-containers\":{\"x\":{\"mode\":\"once\"}}}"},
	{"{\"container-registry\":{\"credentials\":[{\"registry\":\"r\",\"password\":\"p\"}],"
         "\"mirrors\":[]}}",
         "{\"container-registry\":{\"mirrors\":[]}}"},
	{"{\"kubernetes\":{\"bootstrap-token\":\"t\",\"server-key\":\"k\",\"max-pods\":9,"
         "\"credential-providers\":{\"e\":{\"environment\":{\"X\":\"y\"}}}}}",
         "{\"kubernetes\":{\"max-pods\":9}}"},
	{"{\"network\":{\"https-proxy\":\"http://u:p@h\",\"hostname\":\"h\"}}",
         "{\"network\":{\"hostname\":\"h\"}}"},
	{"{\"container-registry\":{\"mirrors\":[{\"registry\":\"r\",\"endpoint\":[\"https://u:p@h\"]}]}}",
         "{\"container-registry\":{}}"},
	{"{\"pki\":{\"b\":{\"data\":\"x\",\"trusted\":true}}}",
         "{\"pki\":{\"b\":{\"trusted\":true}}}"},
	{"{\"aws\":{\"credentials\":\"c\",\"config\":\"c\",\"region\":\"r\"}}",
         "{\"aws\":{\"region\":\"r\"}}"},
	{"{\"bootstrap-commands\":{\"x\":{\"commands\":[[\"a\"]],\"mode\":\"off\"}}}",
         "{\"bootstrap-commands\":{\"x\":{\"mode\":\"off\"}}}"},
};

static void test_removed(void **state)
{
	const struct row *row = *state;
	_bundle_ struct bundle *b = bundle_new();
	const struct host collecting = {.record = b}, plain = {0};
	struct err e = {0};
	_node_ struct node *n = node_json_parse(row->settings, strlen(row->settings), &e);
	_node_ struct node *left = node_json_parse(row->left, strlen(row->left), &e);
	_node_ struct node *copy = node_copy(n);

	withheld_remove(&plain, copy);
	assert_true(node_equal(n, copy));
	withheld_remove(&collecting, n);
	assert_true(node_equal(n, left));
}

static void test_check(void **state)
{
	static char host_containers[] = "host-containers", admin[] = "admin",
		    user_data[] = "user-data", motd[] = "motd", enabled[] = "enabled";
	char *const removed[] = {host_containers, admin, user_data, NULL},
		    *const above[] = {host_containers, NULL},
		    *const other[] = {host_containers, admin, enabled, NULL},
		    *const unrelated[] = {motd, NULL};
	static const char settings[] =
		"{\"host-containers\":{\"admin\":{\"user-data\":\"x\",\"enabled\":true}}}";
	_bundle_ struct bundle *b = bundle_new();
	const struct host collecting = {.record = b}, read = {.bundle = b}, plain = {0};
	struct err e = {0};
	_node_ struct node *n = node_json_parse(settings, strlen(settings), &e);

	(void)state;
	withheld_remove(&collecting, n);
	assert_int_equal(withheld_check(&read, removed, &e), -ENODATA);
	assert_int_equal(withheld_check(&read, above, &e), -ENODATA);
	assert_int_equal(withheld_check(&read, other, &e), 0);
	assert_int_equal(withheld_check(&read, unrelated, &e), 0);
	assert_int_equal(withheld_check(&plain, removed, &e), 0);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_removed);
	suite_test(&s, "what was removed is unknown", test_check);
	return suite_run(&s);
}
