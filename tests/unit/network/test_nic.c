/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Attributes of interfaces: files of a captured tree, and answers of ethtool as a bundle
 * has them. tests/vm/network.sh has real drivers.
 */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "network/nic.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <string.h>

#define ITEM "data: {name: a, interfaces: {name: eth0}, "

static const struct parse_row {
	const char *name;
	const struct kind *kind;
	const char *want, *problem;
} parse_rows[] = {
	{"rings: {rx: max, tx: 1024}", &kind_rings, "rx=max tx=1024", NULL},
	{"rings: {rx: {min: 512}}", &kind_rings, "rx>=512", NULL},
	{"rings: {rx: {max: 512}}", &kind_rings, "rx<=512", NULL},
	{"rings: {rx: {min: 1, max: 9}}", &kind_rings, "rx=1..9", NULL},
	{"channels: {combined: max}", &kind_channels, "combined=max", NULL},
	{"coalesce: {adaptive-rx: true, tx-usecs: 64}", &kind_coalesce,
         "adaptive-rx=true tx-usecs=64", NULL},
	{"coalesce: {adaptive-rx: false}", &kind_coalesce, "adaptive-rx=false", NULL},
	{"mtu: 9001, txqueuelen: {min: 5000}", &kind_link, "mtu=9001 txqueuelen>=5000",
         NULL},
	{"mtu: 9001", &kind_rings, NULL, ""},
	{"features: {gro: true, tx-tcp-segmentation: false}", &kind_features,
         "tx-tcp-segmentation=false rx-gro=true", NULL},
	{"features: {tso: true, tx-tcp6-segmentation: false}", &kind_features,
         "tx-tcp-segmentation=true tx-tcp6-segmentation=false "
         "tx-tcp-ecn-segmentation=true tx-tcp-mangleid-segmentation=true",
         NULL},
	{"features: {gro: true, rx-gro: true}", &kind_features, NULL,
         "gro: is short for rx-gro, which is given, too"},
	{"features: {tso: 1}", &kind_features, NULL,
         "tso \"1\": should be true or false"},
	{"features: {rx-grow: true}", &kind_features, NULL, "did you mean \"rx-gro\"?"},
	{"features: gro", &kind_features, NULL, "features: is a single value"},
	{"rings: {}", &kind_rings, "", NULL},
	{"mtu: max", &kind_link, NULL, "mtu \"max\": should be a whole number"},
	{"mtu: 67", &kind_link, NULL, "mtu \"67\": out of range (68 to 65536)"},
	{"rings: {rx: most}", &kind_rings, NULL,
         "rx \"most\": should be a whole number, or max"},
	{"rings: {rx: 0}", &kind_rings, NULL, "out of range (1 to 1048576)"},
	{"rings: {rx: [1]}", &kind_rings, NULL, "rx: is a list, should be a whole"},
	{"rings: {rx: {}}", &kind_rings, NULL, "rx: is an empty mapping"},
	{"rings: {rx: {mix: 1}}", &kind_rings, NULL, "rx: unknown key \"mix\""},
	{"rings: {rx: {min: 9, max: 1}}", &kind_rings, NULL,
         "rx: min is larger than max"},
	{"rings: {rx: {min: 9x}}", &kind_rings, NULL, "rx \"9x\": should be a whole"},
	{"rings: {ry: 1}", &kind_rings, NULL, "(did you mean \"rx\"?)"},
	{"rings: 5", &kind_rings, NULL, "rings: is a single value, should be a mapping"},
	{"coalesce: {adaptive-rx: 1}", &kind_coalesce, NULL,
         "adaptive-rx \"1\": should be true or false"},
	{"mtu: 1500, disruptive: deny", &kind_link, NULL, "disruptive \"deny\": unknown"},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	struct resource *r = resource_empty(row->kind);
	const struct node *n =
		yaml(keep_text(mem_format(ITEM "%s}", row->name)))->items[0];
	bool made = row->kind->parse(r, n, diag);

	if (row->problem)
		assert_part(diagnostics_text(diag), row->problem);
	else
		assert_string_equal(diagnostics_text(diag), "");
	if (row->want) {
		assert_true(made);
		assert_string_equal(r->spec.want, row->want);
	}
}

/* --- files ---------------------------------------------------------------------------
 */

#define NET "/sys/class/net/eth0/"

static struct resource *new_link(const char *text)
{
	tmproot_write(NET "mtu", "1500\n");
	tmproot_write(NET "tx_queue_len", "1000\n");
	return resource_new(&kind_link, keep_text(mem_format(ITEM "%s}", text)), NULL);
}

static void test_link(void **state)
{
	struct resource *r = new_link("mtu: 9001, txqueuelen: {max: 500}");
	struct err e;

	(void)state;
	assert_string_equal(
		resource_reported(r),
		"drift LiveDiffers now=mtu=1500 txqueuelen=1000: eth0: is "
		"mtu=1500 txqueuelen=1000, should be mtu=9001 txqueuelen=500");
	assert_string_equal(r->run.change.remedy,
	                    "ip link set eth0 mtu 9001 txqueuelen 500");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NET "mtu"), "9001\n");
	assert_string_equal(tmproot_read(NET "tx_queue_len"), "500\n");
	assert_part(resource_reported(r), "ok ");
	assert_int_equal(kind_link.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NET "mtu"), "1500\n");
	assert_string_equal(tmproot_read(NET "tx_queue_len"), "1000\n");
	/* a bound is met, and only what the profile names is written */
	r = new_link("txqueuelen: {min: 500}");
	assert_string_equal(resource_reported(r), "ok  now=txqueuelen=1000: ");
}

static void test_disappears(void **state)
{
	struct resource *r = new_link("mtu: 9001");
	enum reason reason = REASON_FAILED;
	struct err e;

	(void)state;
	assert_part(resource_reported(r), "drift ");
	tmproot_remove(NET "mtu");
	tmproot_remove(NET "tx_queue_len");
	r->run.begun = true;
	assert_int_equal(resource_apply(r, &reason, &e), -ENODEV);
	assert_int_equal(reason, REASON_INTERFACE_GONE);
	assert_string_equal(
		resource_reported(r),
		"failed InterfaceGone now=NULL: the interface eth0 disappeared");
	assert_int_equal(kind_link.revert(r, &tmproot.host, &e), 0);
	r->run.begun = false;
	assert_string_equal(
		resource_reported(r),
		"skipped NoInterface now=NULL: no interface matches (name eth0)");
	r->run.waits = r;
	assert_part(resource_reported(r), "pending Waits ");
}

static void test_unreadable(void **state)
{
	struct resource *r = new_link("mtu: 9001");

	(void)state;
	tmproot_write(NET "mtu", "many\n");
	assert_part(resource_reported(r), "failed NotReadable now=NULL: ");
	r = resource_new(&kind_rings, ITEM "rings: {rx: 1}}", NULL);
	assert_string_equal(
		resource_reported(r),
		"failed NotReadable now=NULL: eth0: unknown in a captured tree");
}

/* --- answers of ethtool --------------------------------------------------------------
 */

static const char *const answers =
	"eth0 rings: {rx: 256, max rx: 4096, tx: 256, max tx: 0}\n"
	"eth0 coalesce: {adaptive-rx: 1, rx-usecs: 3}\n"
	"eth0 features: {rx-gro: 1, rx-lro: 0, fixed rx-lro: true, max rx-gro-list: 0, "
	"tx-tcp-segmentation: 1, tx-tcp6-segmentation: 1, tx-tcp-ecn-segmentation: 0, "
	"fixed tx-tcp-ecn-segmentation: true, max tx-tcp-mangleid-segmentation: 0}\n"
	"eth1 rings: {error: EOPNOTSUPP, message: not supported}\n"
	"eth2 rings: {error: EPERM, message: not permitted}\n";

static const struct answer_row {
	const char *name;
	const struct kind *kind;
	const char *reported;
} answer_rows[] = {
	{"interfaces: {name: eth0}, rings: {rx: max}", &kind_rings,
         "drift InterruptsTraffic now=rx=256: eth0: is rx=256, should be rx=4096; the "
         "change can interrupt traffic"},
	{"interfaces: {name: eth0}, rings: {rx: {min: 100}}", &kind_rings,
         "ok  now=rx=256: "},
	{"interfaces: {name: eth0}, rings: {rx: 8192}", &kind_rings,
         "failed AboveMaximum now=rx=256: rx of eth0: 8192 is above the driver's "
         "maximum, 4096"},
	{"interfaces: {name: eth0}, rings: {tx: max}", &kind_rings,
         "failed InterfaceUnsupported now=tx=256: the driver of eth0 has no rings tx"},
	{"interfaces: {name: eth0}, optional: true, rings: {tx: max}", &kind_rings,
         "skipped NotSupported now=NULL: eth0 has no rings tx, which is optional"},
	{"interfaces: {name: eth0}, optional: true, rings: {rx: 4096, tx: max}",
         &kind_rings,
         "drift InterruptsTraffic now=rx=256: eth0: is rx=256, should be rx=4096; the "
         "change can interrupt traffic"},
	{"interfaces: {name: eth0}, coalesce: {adaptive-rx: true, rx-usecs: 3}",
         &kind_coalesce, "ok  now=adaptive-rx=true rx-usecs=3: "},
	{"interfaces: {name: eth0}, coalesce: {adaptive-rx: false}", &kind_coalesce,
         "drift LiveDiffers now=adaptive-rx=true: eth0: is adaptive-rx=true, should be "
         "adaptive-rx=false"},
	{"interfaces: {name: eth1}, rings: {rx: max}", &kind_rings,
         "failed InterfaceUnsupported now=NULL: the driver of eth1 has no rings"},
	{"interfaces: {name: eth1}, optional: true, rings: {rx: 5}", &kind_rings,
         "skipped NotSupported now=NULL: eth1 has no rings, which is optional"},
	{"interfaces: {name: eth2}, rings: {rx: max}", &kind_rings,
         "failed NotReadable now=NULL: not permitted"},
	{"interfaces: {name: eth0}, features: {gro: false, lro: false}", &kind_features,
         "drift LiveDiffers now=rx-gro=true rx-lro=false: eth0: is rx-gro=true, should "
         "be rx-gro=false"},
	{"interfaces: {name: eth0}, features: {gro: true, lro: true}", &kind_features,
         "failed FeatureFixed now=rx-gro=true rx-lro=false: rx-lro of eth0 is fixed at "
         "false by its driver"},
	{"interfaces: {name: eth0}, optional: true, features: {lro: true}",
         &kind_features,
         "skipped NotSupported now=NULL: rx-lro of eth0 is fixed at false, and "
         "optional"},
	{"interfaces: {name: eth0}, optional: true, features: {lro: true, gro: false}",
         &kind_features,
         "drift LiveDiffers now=rx-gro=true: eth0: is rx-gro=true, should be "
         "rx-gro=false"},
	{"interfaces: {name: eth0}, features: {rx-gro-list: true}", &kind_features,
         "failed InterfaceUnsupported now=rx-gro-list=false: the driver of eth0 has no "
         "features rx-gro-list"},
	{"interfaces: {name: eth0}, features: {rx-gro-list: false}", &kind_features,
         "ok  now=rx-gro-list=false: "},
	{"interfaces: {name: eth0}, features: {tso: false}", &kind_features,
         "drift LiveDiffers now=tx-tcp-segmentation=true tx-tcp6-segmentation=true "
         "tx-tcp-ecn-segmentation=false tx-tcp-mangleid-segmentation=false: "
         "eth0: is tx-tcp-segmentation=true tx-tcp6-segmentation=true, should be "
         "tx-tcp-segmentation=false tx-tcp6-segmentation=false"},
	{"interfaces: {driver: ena}, rings: {rx: max}", &kind_rings,
         "skipped NoInterface now=NULL: no interface matches (driver ena)"},
	{"interfaces: {name: \"b*\"}, rings: {rx: max}", &kind_rings,
         "pending Waits now=NULL: an interface that matches appeared after the profile "
         "was read (name b*)"},
	{"interfaces: {default-route: true}, rings: {rx: max}", &kind_rings,
         "failed NotReadable now=NULL: open /proc/net/route: No such file or directory"},
};

static void free_bundle(void *b)
{
	bundle_free(b);
}

static void test_answers(void **state)
{
	const struct answer_row *row = *state;
	struct bundle *b = keep(bundle_new(), free_bundle);
	struct node *known = node_get_map(bundle_part(b, "answers"), "net");
	struct resource *r = resource_new(
		row->kind, keep_text(mem_format("data: {name: a, %s}", row->name)), NULL);

	node_for_each (answer, yaml(answers))
		node_set(known, answer->key, node_copy(answer));
	tmproot_write("/sys/class/net/b0/mtu", "1500\n");
	tmproot.host.record = b;
	assert_string_equal(resource_reported(r), row->reported);
	tmproot.host.record = NULL;
}

/* --- revert --------------------------------------------------------------------------
 */

static void test_undo(void **state)
{
	struct resource *r = new_link("mtu: 9001, txqueuelen: 1000");
	struct undo_values v = {0};
	char *value = NULL;
	struct err e;

	(void)state;
	resource_observe(r);
	nic_undo.list(r, &tmproot.host, &v);
	assert_int_equal(v.n, 1);
	assert_string_equal(v.list[0].object, "eth0 link mtu");
	assert_string_equal(v.list[0].previous, "1500");
	assert_string_equal(v.list[0].desired, "9001");
	undo_values_done(&v);
	assert_int_equal(
		nic_undo.write(&tmproot.host, "eth0 link mtu,txqueuelen", "1400,7", &e),
		0);
	assert_int_equal(
		nic_undo.read(&tmproot.host, "eth0 link txqueuelen,mtu", &value, &e), 0);
	keep_text(value);
	assert_string_equal(value, "7,1400");
	assert_string_equal(
		keep_text(nic_undo.command(
			&tmproot.host, "eth0 coalesce adaptive-rx,tx-usecs", "true,5")),
		"ethtool -C eth0 adaptive-rx on tx-usecs 5");
	assert_int_equal(nic_undo.read(&tmproot.host, "eth7 link mtu", &value, &e), 0);
	assert_null(value);
}

static const char *const hostile[] = {
	"",
	"eth0",
	"eth0 link",
	"eth0 link ",
	"eth0 link speed",
	"eth0 link mtu,speed",
	"eth0 links mtu",
	"../eth0 link mtu",
	".. link mtu",
	"eth0/../lo link mtu",
	" link mtu",
	"eth0123456789012 link mtu",
	"eth0 link mtu,mtu",
};

static void test_hostile(void **state)
{
	char *value;
	struct err e;

	(void)state;
	(void)new_link("mtu: 1500");
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		assert_int_equal(nic_undo.read(&tmproot.host, hostile[i], &value, &e),
		                 -EINVAL);
		assert_int_equal(nic_undo.write(&tmproot.host, hostile[i], "1400", &e),
		                 -EINVAL);
		assert_null(nic_undo.command(&tmproot.host, hostile[i], "1400"));
	}
	assert_int_equal(nic_undo.write(&tmproot.host, "eth0 link mtu", "1400,5", &e),
	                 -EINVAL);
	assert_int_equal(nic_undo.write(&tmproot.host, "eth0 link mtu", "", &e), -EINVAL);
	assert_int_equal(nic_undo.write(&tmproot.host, "eth0 link mtu", "x", &e),
	                 -EINVAL);
	assert_int_equal(nic_undo.write(&tmproot.host, "eth0 link mtu", "4294967296", &e),
	                 -EINVAL);
	assert_string_equal(tmproot_read(NET "mtu"), "1500\n");
}

/* What reports show in columns. */
static void test_columns(void **state)
{
	struct bundle *b = keep(bundle_new(), free_bundle);
	struct node *known = node_get_map(bundle_part(b, "answers"), "net");
	struct resource *r =
		resource_new(&kind_rings, ITEM "rings: {rx: max, tx: 256}}", NULL);
	struct differences d = {0};

	(void)state;
	node_set(known, "eth0 rings", node_copy(node_get(yaml(answers), "eth0 rings")));
	node_set(node_get(known, "eth0 rings"), "max tx", node_new_uint(4096));
	tmproot.host.record = b;
	resource_observe(r);
	tmproot.host.record = NULL;
	r->kind->differences(r, &d);
	assert_int_equal(d.n, 1);
	assert_string_equal(d.list[0].part, " rx");
	assert_string_equal(d.list[0].live, "256");
	assert_string_equal(d.list[0].wanted, "4096 (interrupts traffic)");
	differences_done(&d);
}

static void test_capture(void **state)
{
	struct resource *r = new_link("mtu: 9001");
	struct node *list = node_new(NODE_LIST);
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	resource_observe(r);
	assert_true(kind_link.capture(r, &tmproot.host, list, diag));
	assert_true(kind_link.capture(r, &tmproot.host, list, diag));
	assert_int_equal(list->n, 1);
	assert_string_equal(node_get(list->items[0], "mtu")->text, "1500");
	assert_string_equal(
		node_get(node_get(list->items[0], "interfaces"), "name")->items[0]->text,
		"eth0");
	node_free(list);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, parse_rows, test_parse);
	suite_rows(&s, answer_rows, test_answers);
	suite_test(&s, "files", test_link);
	suite_test(&s, "an interface that disappears", test_disappears);
	suite_test(&s, "values that cannot be read", test_unreadable);
	suite_test(&s, "revert", test_undo);
	suite_test(&s, "hostile objects", test_hostile);
	suite_test(&s, "columns", test_columns);
	suite_test(&s, "capture", test_capture);
	return suite_run(&s);
}
