/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which interfaces an item means, in a captured tree; one item becomes one for each. */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/file.h"
#include "network/per_interface.h"
#include "network/select.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NET    "/sys/class/net/"
#define ROUTES "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\n"

static void card(const char *name, const char *driver)
{
	tmproot_write(keep_text(mem_format(NET "%s/mtu", name)), "1500\n");
	if (driver)
		tmproot_write(keep_text(mem_format(NET "%s/device/uevent", name)),
		              keep_text(mem_format("DRIVER=%s\nMODALIAS=x\n", driver)));
}

static void node_of_cards(void)
{
	card("eth0", "ena");
	card("eth1", "ena");
	card("ens5", "virtio_net");
	card("eni0123456789a", NULL); /* of a pod */
	card("lo", NULL);
	tmproot_write(NET "bonding_masters", "\n");
	tmproot_write("/proc/net/route", ROUTES
	              "*\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\n"
	              "eth1\t00000000\t01000A0A\t0003\t0\t0\t0\t00000000\t0\n"
	              "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\nbad\n");
	tmproot_write("/proc/net/ipv6_route",
	              "00000000000000000000000000000000 00 "
	              "00000000000000000000000000000000 00 "
	              "fe800000000000000000000000000001 00000400 00000001 00000000 "
	              "00000003     ens5\n"
	              "00000000000000000000000000000000 00 "
	              "00000000000000000000000000000000 00 "
	              "00000000000000000000000000000000 ffffffff 00000001 00000000 "
	              "00200200       lo\n");
}

static const struct select_row {
	const char *name;
	const char *drivers, *names;
	bool default_route;
	const char *single, *list;
} select_rows[] = {
	{"driver", "ena", NULL, false, NULL, "eth0 eth1"},
	{"drivers", "virtio_net,ena", NULL, false, NULL, "ens5 eth0 eth1"},
	{"part of a driver", "en", NULL, false, NULL, ""},
	{"driver of pods", "veth", NULL, false, NULL, ""},
	{"name", NULL, "eth0", false, "eth0", "eth0"},
	{"names", NULL, "eth0,lo", false, NULL, "eth0 lo"},
	{"pattern", NULL, "e*", false, NULL, "eni0123456789a ens5 eth0 eth1"},
	{"all", NULL, "*", false, NULL, "eni0123456789a ens5 eth0 eth1 lo"},
	{"class", NULL, "eth[1-9]", false, NULL, "eth1"},
	{"driver and name", "ena", "*0", false, NULL, "eth0"},
	{"absent", NULL, "eth7", false, "eth7", ""},
	{"no name", NULL, "../eth0", false, NULL, ""},
	{"default route", NULL, NULL, true, NULL, "ens5 eth1"},
	{"default route and driver", "ena", NULL, true, NULL, "eth1"},
};

static void test_select(void **state)
{
	const struct select_row *row = *state;
	_cleanup_(mem_freep) char *text = NULL;
	struct buf b = {0};
	struct err e;
	struct net_select select = {.drivers = mem_dup(row->drivers),
	                            .names = mem_dup(row->names),
	                            .default_route = row->default_route};
	char **names;

	node_of_cards();
	assert_int_equal(net_select_list(&select, &tmproot.host, &names, &e), 0);
	for (size_t i = 0; names[i]; i++) {
		buf_join(&b, " ", names[i]);
		free(names[i]);
	}
	free(names);
	text = buf_take(&b);
	assert_string_equal(text, row->list);
	if (row->single)
		assert_string_equal(net_select_single(&select), row->single);
	else
		assert_null(net_select_single(&select));
	free(select.drivers);
	free(select.names);
}

static const struct expand_row {
	const char *name, *names, *problem;
} expand_rows[] = {
	{"{name: a, interfaces: {driver: ena}, mtu: 9}", "a/eth0:eth0 a/eth1:eth1 ", ""},
	{"{name: a, interfaces: {name: eth0}, mtu: 9}", "a:eth0 ", ""},
	{"{name: a, interfaces: {name: [eth0, lo]}}", "a/eth0:eth0 a/lo:lo ", ""},
	{"{name: a, interfaces: {driver: mlx5_core}}", "a:- ", ""},
	{"{name: a, mtu: 9}", "a:- ", "interfaces: is missing"},
	{"{name: a, interfaces: {}}", "a:- ", "interfaces: selects nothing"},
	{"{name: a, interfaces: {default-route: false}}", "a:- ",
         "interfaces: selects nothing"},
	{"{name: a, interfaces: eth0}", "a:- ", "interfaces: is a single value"},
	{"{name: a, interfaces: {nmae: eth0}}", "a:- ", "did you mean \"name\"?"},
	{"{name: a, interfaces: {name: \"x*\"}}", "a:- ",
         "interfaces: match 65 interfaces of this node (limit: 64)"},
};

static const char *expanded(const struct node *list)
{
	struct buf b = {0};

	node_for_each (item, list) {
		const struct node *name = node_get(node_get(item, "interfaces"), "name");
		const char *one = name && name->type == NODE_SCALAR ? name->text : "-";

		buf_addf(&b, "%s:%s ", node_get(item, "name")->text,
		         strchr(one, '*') ? "-" : one);
	}
	return keep_text(buf_take(&b));
}

static void test_expand(void **state)
{
	const struct expand_row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct node *tree = yaml(keep_text(mem_format("network: [%s]\n", row->name)));

	node_of_cards();
	for (unsigned i = 0; strstr(row->problem, "65") && i < 65; i++)
		card(keep_text(mem_format("x%u", i)), NULL);
	per_interface_expand(node_get(tree, "network"), &tmproot.host, diag);
	assert_string_equal(expanded(node_get(tree, "network")), row->names);
	if (*row->problem)
		assert_part(diagnostics_text(diag), row->problem);
	else
		assert_string_equal(diagnostics_text(diag), "");
}

/* Without a node, items are checked and stay. */
static void test_no_node(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	struct node *tree = yaml("network: [{name: a, interfaces: {name: [e, f]}}]\n");

	(void)state;
	per_interface_expand(node_get(tree, "network"), NULL, diag);
	assert_string_equal(diagnostics_text(diag), "");
	assert_string_equal(expanded(node_get(tree, "network")), "a:- ");
}

/* Which match is unknown, not none. */
static void test_unknown(void **state)
{
	char all[] = "*";
	const struct net_select routed = {.default_route = true}, any = {.names = all};
	char **names;
	struct err e;

	(void)state;
	assert_int_equal(net_select_list(&any, &tmproot.host, &names, &e), -ENOENT);
	assert_null(names[0]);
	names_free(names);
	node_of_cards();
	tmproot_remove("/proc/net/ipv6_route");
	assert_int_equal(net_select_list(&routed, &tmproot.host, &names, &e), 0);
	assert_string_equal(names[0], "eth1");
	names_free(names);
	tmproot_remove("/proc/net/route");
	assert_int_equal(net_select_list(&routed, &tmproot.host, &names, &e), -ENOENT);
	assert_part(e.text, "/proc/net/route");
	assert_null(names[0]);
	names_free(names);
}

/* A file that leads to itself cannot be read. The interface is unknown, not without it.
 */
static void test_unreadable(void **state)
{
	char ena[] = "ena";
	const struct net_select driven = {.drivers = ena};
	static const char *const files[] = {"device", "mtu"};
	struct node *list = node_new(NODE_LIST);
	struct diagnostics *diag = new_diagnostics();
	char **names;
	struct err e;

	(void)state;
	node_of_cards();
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const char *path = keep_text(mem_format(NET "eth8/%s", files[i]));

		if (i == 0)
			card("eth8", NULL);
		else
			tmproot_remove(path);
		tmproot_link(path, files[i]);
		assert_int_equal(net_select_list(&driven, &tmproot.host, &names, &e),
		                 -ELOOP);
		assert_part(e.text, path);
		assert_null(names[0]);
		names_free(names);
		assert_int_equal(per_interface_devices(&tmproot.host), 0);
		per_interface_survey(list, &tmproot.host, diag);
		assert_int_equal(list->n, 0);
		assert_part(diag->list[i].text, path);
		tmproot_remove(path);
	}
	node_free(list);
}

/* What the watch looks at: cards, not the interfaces of pods. */
static void test_devices(void **state)
{
	uint64_t first, same, more;

	(void)state;
	assert_int_equal(per_interface_devices(&tmproot.host), 0);
	node_of_cards();
	first = per_interface_devices(&tmproot.host);
	card("eni99", NULL);
	same = per_interface_devices(&tmproot.host);
	card("eth2", "ena");
	more = per_interface_devices(&tmproot.host);
	assert_true(first != 0 && first == same && first != more);
}

/* All that have a device, but no more than a profile may name. */
static void test_survey(void **state)
{
	struct node *list = node_new(NODE_LIST);
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	card("lo", NULL);
	for (unsigned i = 0; i < 64; i++)
		card(keep_text(mem_format("e%u", i)), "ena");
	per_interface_survey(list, &tmproot.host, diag);
	assert_int_equal(list->n, 64);
	assert_int_equal(diag->n, 0);
	card("e64", "ena");
	node_free(list);
	list = node_new(NODE_LIST);
	per_interface_survey(list, &tmproot.host, diag);
	assert_int_equal(list->n, 64);
	assert_string_equal(diag->list[0].text,
	                    "network: more than 64 interfaces have a device");
	node_free(list);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, select_rows, test_select);
	suite_rows(&s, expand_rows, test_expand);
	suite_test(&s, "without a node", test_no_node);
	suite_test(&s, "unknown", test_unknown);
	suite_test(&s, "an interface that cannot be read", test_unreadable);
	suite_test(&s, "devices", test_devices);
	suite_test(&s, "survey", test_survey);
	return suite_run(&s);
}
