/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "fleet/fleet.h"
#include "fleet/order.h"
#include "test.h"

#include <errno.h>

static struct fleet fleet;

static int teardown(void **state)
{
	(void)state;
	fleet_done(&fleet);
	return 0;
}

/* A report of a node with these records: "{kind: 'a', name: 'b', state: 'ok'}". */
static int add(const char *node, const char *records)
{
	_free_ char *text = mem_format(
		"{version: 1, host: {name: '%s'}, profile: 'p', resources: [%s]}", node,
		records);
	struct err e = {0};

	return fleet_add(&fleet, yaml(text), "fallback", &e);
}

#define RECORD(name, state, live) \
	"{kind: 'k', name: '" name "', state: '" state "', wanted: '1', live: '" live "'}"

static void verdicts(void **state)
{
	(void)state;
	assert_int_equal(add("a", RECORD("x", "ok", "1")), 0);
	assert_int_equal(add("b", RECORD("x", "changed", "1")), 0);
	assert_int_equal(add("c", RECORD("x", "skipped", "1")), 0);
	assert_int_equal(add("d", RECORD("x", "drift", "1") ", " RECORD("y", "ok", "1")),
	                 0);
	assert_int_equal(add("e", RECORD("x", "pending", "1")), 0);
	assert_int_equal(
		add("f", RECORD("x", "drift", "1") ", " RECORD("y", "failed", "1")), 0);
	assert_int_equal(
		add("g", RECORD("x", "refused", "1") ", " RECORD("y", "failed", "1")), 0);
	assert_int_equal(fleet.n, 7);
	assert_int_equal(fleet.by_verdict[FLEET_IN_SYNC], 3);
	assert_int_equal(fleet.by_verdict[FLEET_DIFFERS], 2);
	assert_int_equal(fleet.by_verdict[FLEET_FAILED], 1);
	assert_int_equal(fleet.by_verdict[FLEET_REFUSED], 1);
	assert_int_equal(fleet.resources[0]->n, 7);
	assert_int_equal(fleet_out_of_sync(fleet.resources[0]), 4);
}

/* The API was not asked, or said no: what is persisted is unknown. */
static void api(void **state)
{
	static const struct {
		const char *api;
		enum fleet_verdict verdict;
	} rows[] = {
		/* of a version that does not say whether it is needed */
		{"state: 'unused'", FLEET_IN_SYNC},
		{"state: 'absent'", FLEET_IN_SYNC},
		{"state: 'ok'", FLEET_IN_SYNC},
		{"state: 'locked'", FLEET_IN_SYNC},
		{"state: 'refused'", FLEET_FAILED},
		{"state: 'unreachable'", FLEET_FAILED},
		{"state: 'unused', needed: true", FLEET_IN_SYNC},
		{"state: 'ok', needed: true", FLEET_IN_SYNC},
		{"state: 'absent', needed: true", FLEET_FAILED},
		{"state: 'absent', needed: false", FLEET_IN_SYNC},
		{"state: 'locked', needed: true", FLEET_FAILED},
		{"state: 'locked', needed: false", FLEET_IN_SYNC},
		{"state: 'unreachable', needed: false", FLEET_FAILED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_free_ char *text =
			mem_format("{version: 1, api: {%s}, resources: []}", rows[i].api);
		size_t before = fleet.by_verdict[rows[i].verdict];
		struct err e = {0};

		assert_int_equal(fleet_add(&fleet, yaml(text), rows[i].api, &e), 0);
		assert_int_equal(fleet.by_verdict[rows[i].verdict], before + 1);
	}
	assert_int_equal(fleet.n_resources, 1);
	assert_text(fleet.resources[0]->kind, "api");
	assert_int_equal(fleet.resources[0]->by_state[STATE_FAILED], 5);
}

static void same_node(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(add("a", RECORD("x", "ok", "1")), 0);
	assert_int_equal(add("a", RECORD("x", "drift", "2")), -EEXIST);
	assert_int_equal(fleet.n, 1);
	assert_int_equal(fleet.resources[0]->n, 1);
	/* without a name: that of the file */
	assert_int_equal(fleet_add(&fleet, yaml("{version: 1, resources: []}"), "a", &e),
	                 -EEXIST);
	assert_part(e.text, "node \"a\"");
	assert_int_equal(
		fleet_add(&fleet, yaml("{version: 1, host: {name: null}, resources: []}"),
	                  "file", &e),
		0);
	assert_text(fleet.names[1], "file");
}

/* Two items with the same name and conditions that exclude each other. */
static void excluded(void **state)
{
	(void)state;
	assert_int_equal(
		add("a", RECORD("x", "skipped", "1") ", " RECORD("x", "drift", "2")), 0);
	assert_int_equal(fleet.resources[0]->n, 1);
	assert_int_equal(fleet.resources[0]->by_state[STATE_DRIFT], 1);
	assert_int_equal(fleet.by_verdict[FLEET_DIFFERS], 1);
}

/* What the profile agrees to differ is shown, and the node is in sync. */
static void waived(void **state)
{
	(void)state;
	assert_int_equal(add("a",
	                     "{kind: 'k', name: 'x', state: 'drift', live: '1', waived: "
	                     "{reason: 'r', until: '2099-01-01'}}"),
	                 0);
	assert_int_equal(add("b", "{kind: 'k', name: 'x', state: 'skipped', live: '1'}"),
	                 0);
	assert_int_equal(fleet.by_verdict[FLEET_IN_SYNC], 2);
	assert_int_equal(fleet_out_of_sync(fleet.resources[0]), 0);
	assert_int_equal(fleet.resources[0]->n_variants, 2);
	assert_true(fleet.resources[0]->variants[0].waived);
	assert_false(fleet.resources[0]->variants[1].waived);
	/* whichever report came first */
	fleet_sort(&fleet);
	assert_false(fleet.resources[0]->variants[0].waived);
}

static void not_waived(void **state)
{
	(void)state;
	assert_int_equal(add("a", "{kind: 'k', name: 'x', state: 'drift', waived: null}"),
	                 0);
	assert_int_equal(fleet.by_verdict[FLEET_DIFFERS], 1);
}

static void variants(void **state)
{
	(void)state;
	for (size_t i = 0; i < 100; i++) {
		_free_ char *node = mem_format("n%zu", i);
		_free_ char *other = mem_format("{kind: 'k', name: 'x', state: 'drift', "
		                                "live: '%zu'}",
		                                i);

		assert_int_equal(add(node, i % 2 ? RECORD("x", "drift", "7") : other), 0);
	}
	fleet_sort(&fleet);
	assert_int_equal(fleet.resources[0]->n, 100);
	assert_int_equal(fleet.resources[0]->n_variants, FLEET_VARIANTS_MAX);
	assert_int_equal(fleet.resources[0]->n_other, 50 - (FLEET_VARIANTS_MAX - 1));
	assert_text(fleet.resources[0]->variants[0].live, "7");
	assert_int_equal(fleet.resources[0]->variants[0].nodes.n, 50);
	assert_text(fleet.names[fleet.resources[0]->variants[0].nodes.first[0]], "n1");
	assert_text(fleet.names[fleet.resources[0]->variants[0].nodes.first[7]], "n15");
}

static void order(void **state)
{
	(void)state;
	assert_int_equal(add("a", RECORD("b", "drift", "1") ", " RECORD(
					  "a", "ok", "1") ", " RECORD("c", "ok", "1")),
	                 0);
	assert_int_equal(add("b", RECORD("c", "failed", "1") ", " RECORD("a", "ok", "1")),
	                 0);
	assert_int_equal(add("c", RECORD("c", "drift", "1")), 0);
	fleet_sort(&fleet);
	assert_text(fleet.resources[0]->name, "c");
	assert_text(fleet.resources[1]->name, "b");
	assert_text(fleet.resources[2]->name, "a");
}

/* Per-drive file systems have a name on each node: memory is bounded, the verdict right.
 */
static void many_resources(void **state)
{
	(void)state;
	for (size_t i = 0; i < FLEET_RESOURCES_MAX + 5; i += 5) {
		_free_ char *node = mem_format("n%zu", i);
		_buf_ struct buf records = {0};

		for (size_t k = i; k < i + 5; k++)
			buf_addf(&records,
			         "%s{kind: 'k', name: 'data/%zu', state: 'drift'}",
			         k > i ? ", " : "", k);
		assert_int_equal(add(node, records.text), 0);
	}
	assert_int_equal(fleet.n_resources, FLEET_RESOURCES_MAX);
	assert_int_equal(fleet.n_beyond, 5);
	assert_int_equal(fleet.by_verdict[FLEET_DIFFERS], fleet.n);
}

static void many_profiles(void **state)
{
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < FLEET_PROFILES_MAX + 3; i++) {
		_free_ char *node = mem_format("n%zu", i);
		_free_ char *text =
			mem_format("{version: 1, profile: 'p%zu', resources: []}", i);

		assert_int_equal(fleet_add(&fleet, yaml(text), node, &e), 0);
	}
	assert_int_equal(fleet.n_profiles, FLEET_PROFILES_MAX);
	assert_int_equal(fleet.n_other_profiles, 3);
}

struct bad {
	const char *name, *text, *error;
};

static const struct bad bad_rows[] = {
	{"a list", "[]", "a list, not a report"},
	{"a text", "'x'", "has no \"version\""},
	{"version text", "{version: '1', resources: []}", "version \"1\": not supported"},
	{"version 2", "{version: 2, resources: []}", "version 2: not supported"},
	{"version list", "{version: [], resources: []}", "has no \"version\""},
	{"no resources", "{version: 1}", "has no list \"resources\""},
	{"resources", "{version: 1, resources: {}}", "has no list \"resources\""},
	{"no record", "{version: 1, resources: ['x']}", "resources[0]: has no \"kind\""},
	{"no name", "{version: 1, resources: [{kind: 'k'}]}", "has no \"name\""},
	{"null name", "{version: 1, resources: [{kind: 'k', name: null}]}",
         "has no \"name\""},
	{"no state", "{version: 1, resources: [{kind: 'k', name: 'n'}]}",
         "has no \"state\""},
	{"state", "{version: 1, resources: [{kind: 'k', name: 'n', state: 'x'}]}",
         "state \"x\": unknown"},
	{"number",
         "{version: 1, resources: [{kind: 'k', name: 'n', state: 'ok', live: 1}]}",
         "\"live\" is not a text"},
	{"map",
         "{version: 1, resources: [{kind: 'k', name: 'n', state: 'ok', wanted: {}}]}",
         "\"wanted\" is not a text"},
	{"waived",
         "{version: 1, resources: [{kind: 'k', name: 'n', state: 'drift', waived: false}]}",
         "\"waived\" is not an object"},
	{"waived text",
         "{version: 1, resources: [{kind: 'k', name: 'n', state: 'failed', waived: ''}]}",
         "\"waived\" is not an object"},
	{"api state",
         "{version: 1, api: {state: 'sulking', needed: true}, resources: []}",
         "api: state \"sulking\": unknown"},
	{"api text", "{version: 1, api: 'unreachable', resources: []}",
         "api: has no \"state\""},
	{"needed", "{version: 1, api: {state: 'absent', needed: 'true'}, resources: []}",
         "api: \"needed\" is not true or false"},
	{"host", "{version: 1, host: [], resources: []}", "\"host\" is not an object"},
	{"host name", "{version: 1, host: {name: 5}, resources: []}",
         "host: \"name\" is not a text"},
};

static void test_bad(void **state)
{
	const struct bad *row = *state;
	struct err e = {0};

	assert_int_equal(fleet_add(&fleet, yaml(row->text), "f", &e), -EBADMSG);
	assert_part(e.text, row->error);
	assert_int_equal(fleet.n + fleet.n_resources + fleet.n_profiles, 0);
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_test(&s, "verdicts", verdicts);
	suite_test(&s, "api", api);
	suite_test(&s, "same_node", same_node);
	suite_test(&s, "excluded", excluded);
	suite_test(&s, "waived", waived);
	suite_test(&s, "not_waived", not_waived);
	suite_test(&s, "variants", variants);
	suite_test(&s, "order", order);
	suite_test(&s, "many_resources", many_resources);
	suite_test(&s, "many_profiles", many_profiles);
	suite_rows(&s, bad_rows, test_bad);
	return suite_run(&s);
}
