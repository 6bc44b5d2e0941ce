/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Sysctls of all interfaces, those that limit or replace each other, and what is stored.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <string.h>

#define SYS "/proc/sys/"

static int setup(void **state)
{
	(void)tmproot_setup(state);
	tmproot_write(SYS "vm/swappiness", "60\n");
	tmproot_write(SYS "net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
	tmproot_write(SYS "net/ipv4/conf/all/log_martians", "0\n");
	tmproot_write(SYS "net/ipv4/conf/default/log_martians", "1\n");
	tmproot_write(SYS "net/ipv4/conf/a0/log_martians", "0\n");
	tmproot_write(SYS "net/ipv4/conf/eth0.1/log_martians", "1\n");
	return 0;
}

/* --- interfaces and limits ------------------------------------------------------------
 */

static void assert_starts(const char *path, const char *text)
{
	assert_int_equal(strncmp(tmproot_read(path), text, strlen(text)), 0);
}

#define CONF SYS "net/ipv4/conf/"

/* A pattern writes what differs and restores that, and no key that the profile names. */
static void test_interfaces(void **state)
{
	struct resource *r = resource_new(
		&kind_sysctl, "net.ipv4.conf.*.log_martians: {value: 1, persist: false}",
		NULL);
	struct resource *named =
		resource_new(&kind_sysctl, "net.ipv4.conf.a0.log_martians: 0", NULL);
	struct resource *const list[] = {r, named};
	_diagnostics_ struct diagnostics diag = {0};
	struct err e;

	(void)state;
	kind_sysctl.check_all(list, 2, NULL, &diag);
	assert_int_equal(diag.n, 0);
	assert_string_equal(resource_reported(r),
	                    "drift LiveDiffers now=0 (all), 1 (default eth0/1): is 0 "
	                    "(all), 1 (default eth0/1), should be 1");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_starts(CONF "all/log_martians", "1\n");
	assert_starts(CONF "a0/log_martians", "0\n");
	assert_string_equal(resource_reported(r), "ok  now=1: ");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_starts(CONF "all/log_martians", "0\n");
	assert_starts(CONF "default/log_martians", "1\n");
}

/* The kernel allows any name without slash, colon and blank. */
static void test_strange_names(void **state)
{
	struct resource *r = resource_new(
		&kind_sysctl, "net.ipv4.conf.*.log_martians: {value: 1, persist: false}",
		NULL);
	struct err e;

	(void)state;
	tmproot_write(CONF "a..b/log_martians", "0\n");
	tmproot_write(CONF "a*b?/log_martians", "0\n");
	assert_string_equal(resource_reported(r),
	                    "drift LiveDiffers now=0 (all a*b? a//b a0), 1 (default "
	                    "eth0/1): is 0 (all a*b? a//b a0), 1 (default eth0/1), "
	                    "should be 1");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_starts(CONF "a..b/log_martians", "1\n");
	assert_starts(CONF "a*b?/log_martians", "1\n");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_starts(CONF "a..b/log_martians", "0\n");
}

#define LOW  "net.ipv4.ipfrag_low_thresh"
#define HIGH "net.ipv4.ipfrag_high_thresh"

/* Whether the lower limit, or the upper one, must be written before the other. */
static const struct limits_row {
	const char *name, *low, *high; /* of the profile; live: 300 and 400 */
	bool low_first, high_first;
} limits_rows[] = {
	{"both below the live ones", "100", "200", true, false},
	{"both above the live ones", "500", "600", false, true},
	{"any order is right", "350", "390", false, false},
	{"wider", "100", "500", false, false},
};

static void test_limits(void **state)
{
	const struct limits_row *row = *state;
	_diagnostics_ struct diagnostics diag = {0};
	const char *low_text = keep_text(mem_format(LOW ": %s", row->low)),
		   *high_text = keep_text(mem_format(HIGH ": %s", row->high));
	struct resource *low = resource_new(&kind_sysctl, low_text, &diag),
			*high = resource_new(&kind_sysctl, high_text, &diag);

	tmproot_write(SYS "net/ipv4/ipfrag_low_thresh", "300\n");
	tmproot_write(SYS "net/ipv4/ipfrag_high_thresh", "400\n");
	resource_observe(low);
	resource_observe(high);
	assert_int_equal(kind_sysctl.precedes(low, high), row->low_first);
	assert_int_equal(kind_sysctl.precedes(high, low), row->high_first);
	assert_true(kind_sysctl.precedes_any(low) && kind_sysctl.precedes_any(high));
}

/* "dirty_bytes: 0" is written by writing the ratio. */
static void test_yields(void **state)
{
	struct resource *bytes = resource_new(&kind_sysctl, "vm.dirty_bytes: 0", NULL),
			*ratio = resource_new(&kind_sysctl, "vm.dirty_ratio: 20", NULL);
	struct resource *const list[] = {bytes, ratio};
	_node_ struct node *none = node_new(NODE_MAP), *stored = node_new(NODE_MAP);
	_diagnostics_ struct diagnostics diag = {0};

	(void)state;
	tmproot_write(SYS "vm/dirty_bytes", "8192\n");
	tmproot_write(SYS "vm/dirty_ratio", "0\n");
	kind_sysctl.check_all(list, 2, NULL, &diag);
	assert_int_equal(diag.n, 0);
	resource_observe(bytes);
	resource_observe(ratio);
	assert_true(kind_sysctl.precedes(ratio, bytes));
	assert_false(kind_sysctl.precedes(bytes, ratio));
	assert_true(kind_sysctl.precedes_any(ratio) && kind_sysctl.precedes_any(bytes));
	assert_false(kind_sysctl.precedes_any(
		resource_new(&kind_sysctl, "vm.swappiness: 1", NULL)));
	kind_sysctl.persist(bytes, none, stored);
	assert_int_equal(stored->n, 0);
}

/* Only the module that provides a key brings it; it brings no misspelt key. */
static void test_comes_with(void **state)
{
	static const struct {
		const char *key, *module;
		bool comes;
	} rows[] = {
		{"sunrpc.rpc_debug", "sunrpc", true},
		{"sunrpc.rpc_debug", "nfsd", true},
		{"sunrpc.rpc_debug", "br_netfilter", false},
		{"net.nf_conntrack_max", "nf_conntrack", true},
		{"net.netfilter.nf_conntrack_of_a_newer_kernel", "nf_conntrack", true},
		{"net.netfilter.nf_conntrack_maxx", "nf_conntrack", false},
		{"vm.swappiness", "nfsd", false},
		{"vm.unknown_key", "nfsd", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_diagnostics_ struct diagnostics ignored = {0};
		const char *text = keep_text(mem_format("%s: 1", rows[i].key));
		struct resource module = {.name = keep_text(mem_dup(rows[i].module))};

		assert_int_equal(
			kind_sysctl.comes_with(resource_new(&kind_sysctl, text, &ignored),
		                               &module),
			rows[i].comes);
	}
}

/* --- persisting------------------------------------------------------------------------
 */

static const struct kept_row {
	const char *name, *yaml, *live, *wanted;
} persists[] = {
	{"a value not stored", "vm.swappiness: 10", "{}",
         "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"10\"}}}"},
	{"a value that is already live", "vm.swappiness: 60", "{}",
         "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"60\"}}}"},
	{"the stored value is the same number", "vm.swappiness: 8",
         "{kernel: {sysctl: {vm.swappiness: '010'}}}",
         "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"010\"}}}"},
	{"another value is stored", "vm.swappiness: 10",
         "{kernel: {sysctl: {vm.swappiness: '30'}}}",
         "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"10\"}}}"},
	{"a bound that the kernel's value satisfies", "vm.swappiness: {max: 60}", "{}",
         "{}"},
	{"a bound that it does not satisfy", "vm.swappiness: {max: 10}", "{}",
         "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"10\"}}}"},
	{"a bound that the stored value satisfies", "vm.swappiness: {max: 10}",
         "{kernel: {sysctl: {vm.swappiness: '5'}}}",
         "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"5\"}}}"},
	{"a bound that the stored value does not satisfy", "vm.swappiness: {max: 60}",
         "{kernel: {sysctl: {vm.swappiness: '70'}}}",
         "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"60\"}}}"},
	{"a stored vector with tabs", "net.ipv4.tcp_rmem: [4096, 131072, {min: 6MiB}]",
         "{kernel: {sysctl: {net.ipv4.tcp_rmem: \"4096\\t131072\\t9000000\"}}}",
         "{\"kernel\": {\"sysctl\": {\"net.ipv4.tcp_rmem\": \"4096 131072 9000000\"}}}"},
	{"an absent key", "vm.missing: {value: 1, optional: true}", "{}", "{}"},
};

static void test_keep(void **state)
{
	const struct kept_row *row = *state;
	struct resource *r = resource_new(&kind_sysctl, row->yaml, NULL);
	struct node *wanted = keep_node(node_new(NODE_MAP));

	resource_observe(r);
	r->kind->persist(r, yaml(row->live), wanted);
	assert_string_equal(tree_text(wanted), row->wanted);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, tmproot_teardown);
	suite_test(&s, "a pattern of interfaces", test_interfaces);
	suite_test(&s, "names with dots and wildcards", test_strange_names);
	suite_rows(&s, limits_rows, test_limits);
	suite_test(&s, "zero beside the other key of a pair", test_yields);
	suite_test(&s, "which module brings a key", test_comes_with);
	suite_rows(&s, persists, test_keep);
	return suite_run(&s);
}
