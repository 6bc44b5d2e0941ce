/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Rings, channels, coalescing and features on a stub of ethtool's calls: what a driver
 * may do with a write, which tests/vm/network.sh has of few drivers.
 */
#include "base/mem.h"
#include "doc/json.h"
#include "doc/node.h"
#include "network/ethtool.h"
#include "network/nic.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <stdio.h>
#include <string.h>

#define NET "/sys/class/net/"

/* --- the stub --------------------------------------------------------------------------
 */

static const char *const feature_names[] = {
	"rx-checksum", "tx-tcp-segmentation",     "tx-tcp6-segmentation",        "rx-gro",
	"rx-lro",      "tx-tcp-ecn-segmentation", "tx-tcp-mangleid-segmentation"};

enum { CHECKSUM, TSO, TSO6, GRO, LRO, ECN, MANGLEID, FEATURES };

static struct {
	struct ethtool_ringparam rings;
	struct ethtool_channels channels;
	struct ethtool_coalesce coalesce;
	uint32_t active, fixed; /* bits of features */
	uint32_t multiple;      /* rings are rounded up to it */
	uint32_t lacks;         /* the command that the driver does not have */
	int refusal;            /* of the next write; 0: none */
	bool gone;              /* before the next write, the interface is removed */
	bool deaf;              /* a write succeeds and changes nothing */
	unsigned reads, writes;
} driver;

static const struct ethtool_ringparam rings = {.rx_max_pending = 4096,
                                               .tx_max_pending = 2048,
                                               .rx_pending = 256,
                                               .tx_pending = 512};
static const struct ethtool_channels channels = {
	.max_combined = 8, .max_other = 1, .other_count = 1, .combined_count = 2};
static const struct ethtool_coalesce coalesce = {
	.rx_coalesce_usecs = 20, .tx_coalesce_usecs = 64, .rate_sample_interval = 9};

static int unsupported(const char *interface, struct err *e)
{
	return err_set(e, -EOPNOTSUPP, "read %s: Operation not supported", interface);
}

static int gone(const char *interface, struct err *e)
{
	return err_set(e, -ENODEV, "%s: No such device", interface);
}

static void give(void *data, const void *from, size_t size)
{
	uint32_t command = *(const uint32_t *)data;

	memcpy(data, from, size);
	*(uint32_t *)data = command;
}

static void give_strings(struct ethtool_gstrings *s)
{
	s->len = FEATURES;
	for (size_t i = 0; i < FEATURES; i++)
		(void)snprintf((char *)s->data + i * ETH_GSTRING_LEN, ETH_GSTRING_LEN,
		               "%s", feature_names[i]);
}

static void give_features(struct ethtool_gfeatures *f)
{
	f->size = 1;
	f->features[0] = (struct ethtool_get_features_block){
		.available = ~driver.fixed & ((1U << FEATURES) - 1),
		.active = driver.active,
	};
}

int ethtool_read(const struct host *h, const char *interface, void *data, struct err *e)
{
	uint32_t command = *(const uint32_t *)data;

	(void)h;
	driver.reads++;
	if (driver.gone || strcmp(interface, "eth0") != 0)
		return gone(interface, e);
	if (command == driver.lacks)
		return unsupported(interface, e);
	switch (command) {
	case ETHTOOL_GRINGPARAM: give(data, &driver.rings, sizeof(driver.rings)); break;
	case ETHTOOL_GCHANNELS:
		give(data, &driver.channels, sizeof(driver.channels));
		break;
	case ETHTOOL_GCOALESCE:
		give(data, &driver.coalesce, sizeof(driver.coalesce));
		break;
	case ETHTOOL_GSSET_INFO:
		((struct ethtool_sset_info *)data)->data[0] = FEATURES;
		break;
	case ETHTOOL_GSTRINGS: give_strings(data); break;
	case ETHTOOL_GFEATURES: give_features(data); break;
	default: return unsupported(interface, e);
	}
	return 0;
}

static uint32_t rounded(uint32_t n)
{
	return (n + driver.multiple - 1) / driver.multiple * driver.multiple;
}

static void take_features(const struct ethtool_sfeatures *f)
{
	uint32_t valid = f->features[0].valid & ~driver.fixed;

	assert_int_equal(f->size, 1);
	driver.active = (driver.active & ~valid) | (f->features[0].requested & valid);
}

int ethtool_write(struct host *h, const char *interface, void *data, struct err *e)
{
	uint32_t command = *(const uint32_t *)data;

	(void)h;
	driver.writes++;
	if (driver.gone || strcmp(interface, "eth0") != 0)
		return gone(interface, e);
	if (driver.refusal)
		return err_errno(e, driver.refusal, "set %s", interface);
	if (driver.deaf)
		return 0;
	switch (command) {
	case ETHTOOL_SRINGPARAM:
		driver.rings = *(struct ethtool_ringparam *)data;
		driver.rings.rx_pending = rounded(driver.rings.rx_pending);
		driver.rings.tx_pending = rounded(driver.rings.tx_pending);
		break;
	case ETHTOOL_SCHANNELS: driver.channels = *(struct ethtool_channels *)data; break;
	case ETHTOOL_SCOALESCE: driver.coalesce = *(struct ethtool_coalesce *)data; break;
	case ETHTOOL_SFEATURES: take_features(data); break;
	default: return unsupported(interface, e);
	}
	return 0;
}

/* --- the tests -------------------------------------------------------------------------
 */

static int setup(void **state)
{
	(void)tmproot_setup(state);
	memset(&driver, 0, sizeof(driver));
	driver.rings = rings;
	driver.channels = channels;
	driver.coalesce = coalesce;
	driver.multiple = 1;
	driver.active = 1U << GRO | 1U << TSO | 1U << LRO;
	driver.fixed = 1U << LRO | 1U << ECN;
	/* a number that no interface of this machine has */
	tmproot_write(NET "eth0/ifindex", "7777\n");
	tmproot_write(NET "eth0/mtu", "1500\n");
	tmproot.host.live = true;
	return 0;
}

static int teardown(void **state)
{
	tmproot.host.live = false;
	return tmproot_teardown(state);
}

static struct resource *new_nic(const struct kind *kind, const char *text)
{
	return resource_new(
		kind,
		keep_text(mem_format("data: {name: a, interfaces: {name: eth0}, %s}",
	                             text)),
		NULL);
}

static const struct row {
	const char *name;
	const struct kind *kind;
	const char *now, *then;
} rows[] = {
	{"rings: {rx: max}", &kind_rings, "rx=256", "rx=4096"},
	{"rings: {rx: 1024, tx: 2048}", &kind_rings, "rx=256 tx=512", "rx=1024 tx=2048"},
	{"rings: {rx: {max: 64}, tx: {min: 600}}", &kind_rings, "rx=256 tx=512",
         "rx=64 tx=600"},
	{"channels: {combined: max}", &kind_channels, "combined=2", "combined=8"},
	{"channels: {combined: 1}", &kind_channels, "combined=2", "combined=1"},
	{"coalesce: {adaptive-rx: true, rx-usecs: 50}", &kind_coalesce,
         "adaptive-rx=false rx-usecs=20", "adaptive-rx=true rx-usecs=50"},
	{"coalesce: {rx-usecs: 0, tx-frames: 32}", &kind_coalesce,
         "rx-usecs=20 tx-frames=0", "rx-usecs=0 tx-frames=32"},
	{"features: {gro: false}", &kind_features, "rx-gro=true", "rx-gro=false"},
	{"features: {rx-checksum: true, tx-tcp-segmentation: false}", &kind_features,
         "rx-checksum=false tx-tcp-segmentation=true",
         "rx-checksum=true tx-tcp-segmentation=false"},
};

/* Whether all that no row names is as it was: the kernel is given whole structs. */
static void check_others(void)
{
	assert_int_equal(driver.rings.rx_max_pending, rings.rx_max_pending);
	assert_int_equal(driver.channels.other_count, channels.other_count);
	assert_int_equal(driver.coalesce.rate_sample_interval,
	                 coalesce.rate_sample_interval);
	assert_int_equal(driver.active & 1U << LRO, 1U << LRO);
}

static void test_change(void **state)
{
	const struct row *row = *state;
	struct resource *r = new_nic(row->kind, row->name);
	struct err e;

	assert_part(resource_reported(r),
	            keep_text(mem_format("now=%s: eth0: is ", row->now)));
	assert_int_equal(r->run.change.state, STATE_DRIFT);
	assert_int_equal(driver.writes, 0);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_int_equal(driver.writes, 1);
	assert_string_equal(resource_reported(r),
	                    keep_text(mem_format("ok  now=%s: ", row->then)));
	check_others();
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_part(resource_reported(r), keep_text(mem_format("now=%s: ", row->now)));
	check_others();
	assert_memory_equal(&driver.rings.rx_max_pending, &rings.rx_max_pending,
	                    sizeof(rings) -
	                            offsetof(struct ethtool_ringparam, rx_max_pending));
}

/* What is read back decides: a bound is met by what the driver makes of it. */
static void test_rounding(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	driver.multiple = 100;
	r = new_nic(&kind_rings, "rings: {rx: 1050}");
	assert_part(resource_reported(r), "drift ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_part(resource_reported(r),
	            "drift InterruptsTraffic now=rx=1100: eth0: is rx=1100, should be "
	            "rx=1050");
	r = new_nic(&kind_rings, "rings: {rx: {min: 1150}}");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(resource_reported(r), "ok  now=rx=1200: ");
	driver.deaf = true;
	r = new_nic(&kind_coalesce, "coalesce: {rx-usecs: 50}");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_part(resource_reported(r), "drift LiveDiffers now=rx-usecs=20");
}

static const struct bad_row {
	const char *name;
	const struct kind *kind;
	uint32_t lacks;
	const char *reported;
} bad_rows[] = {
	{"rings: {rx: 4097}", &kind_rings, 0,
         "failed AboveMaximum now=rx=256: rx of eth0: 4097 is above the driver's "
         "maximum, 4096"},
	{"rings: {rx: {min: 5000}}", &kind_rings, 0, "failed AboveMaximum "},
	{"channels: {combined: 9}", &kind_channels, 0, "failed AboveMaximum "},
	{"channels: {rx: 1}", &kind_channels, 0, "failed InterfaceUnsupported "},
	{"features: {lro: false}", &kind_features, 0,
         "failed FeatureFixed now=rx-lro=true: rx-lro of eth0 is fixed at true by its "
         "driver"},
	{"features: {rx-vlan-filter: true}", &kind_features, 0,
         "failed InterfaceUnsupported "},
	{"rings: {rx: max}", &kind_rings, ETHTOOL_GRINGPARAM,
         "failed InterfaceUnsupported now=NULL: the driver of eth0 has no rings"},
	{"channels: {combined: 1}", &kind_channels, ETHTOOL_GCHANNELS,
         "failed InterfaceUnsupported now=NULL: the driver of eth0 has no channels"},
	{"coalesce: {rx-usecs: 1}", &kind_coalesce, ETHTOOL_GCOALESCE,
         "failed InterfaceUnsupported now=NULL: the driver of eth0 has no coalesce"},
	{"features: {gro: false}", &kind_features, ETHTOOL_GFEATURES,
         "failed InterfaceUnsupported now=NULL: the driver of eth0 has no features"},
	{"optional: true, rings: {rx: max}", &kind_rings, ETHTOOL_GRINGPARAM,
         "skipped NotSupported now=NULL: eth0 has no rings, which is optional"},
};

static void test_impossible(void **state)
{
	const struct bad_row *row = *state;
	struct resource *r = new_nic(row->kind, row->name);

	driver.lacks = row->lacks;
	assert_part(resource_reported(r), row->reported);
	assert_int_equal(driver.writes, 0);
}

static void test_refused(void **state)
{
	static const struct {
		int code;
		enum reason reason;
	} refusals[] = {{EINVAL, REASON_REFUSED_BY_KERNEL},
	                {ERANGE, REASON_REFUSED_BY_KERNEL},
	                {EOPNOTSUPP, REASON_INTERFACE_UNSUPPORTED},
	                {EBUSY, REASON_FAILED}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct resource *r = new_nic(&kind_channels, "channels: {combined: 4}");
		enum reason reason;
		struct err e;

		resource_observe(r);
		driver.refusal = refusals[i].code;
		assert_int_equal(resource_apply(r, &reason, &e), -refusals[i].code);
		assert_int_equal(reason, refusals[i].reason);
		driver.refusal = 0;
		assert_part(resource_reported(r), "drift ");
	}
}

/* Between the check before the write and the write itself. */
static void test_vanishes(void **state)
{
	struct resource *r = new_nic(&kind_rings, "rings: {rx: max}");
	enum reason reason;
	struct err e;

	(void)state;
	resource_observe(r);
	driver.gone = true;
	assert_int_equal(resource_apply(r, &reason, &e), -ENODEV);
	assert_int_equal(reason, REASON_INTERFACE_GONE);
	r->run.begun = true;
	assert_string_equal(
		resource_reported(r),
		"failed InterfaceGone now=NULL: the interface eth0 disappeared");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
}

/* --- names and numbers -----------------------------------------------------------------
 */

static const struct kind *const kinds_here[] = {&kind_rings, &kind_link, &kind_rps};
static const char *const texts_here[] = {"rings: {rx: max}", "mtu: 9001", "rps: \"1\""};

static void write_files(void)
{
	tmproot_write(NET "eth0/tx_queue_len", "1000\n");
	tmproot_write(NET "eth0/queues/rx-0/rps_cpus", "0\n");
	tmproot_write("/sys/devices/system/cpu/online", "0-3\n");
}

static void another_takes_the_name(void)
{
	tmproot_write(NET "eth0/ifindex", "7778\n");
}

/* Nothing of the run touches another interface that has the name meanwhile. */
static void test_renamed(void **state)
{
	(void)state;
	write_files();
	for (size_t i = 0; i < ARRAY_SIZE(kinds_here); i++) {
		struct resource *r = new_nic(kinds_here[i], texts_here[i]);
		enum reason reason;
		struct err e;

		tmproot_write(NET "eth0/ifindex", "7777\n");
		assert_part(resource_reported(r), "drift ");
		another_takes_the_name();
		assert_int_equal(resource_apply(r, &reason, &e), -ESTALE);
		assert_int_equal(reason, REASON_INTERFACE_GONE);
		assert_string_equal(resource_reported(r),
		                    "failed InterfaceGone now=NULL: another interface "
		                    "has the name eth0 now");
		/* a rollback that cannot be made is an error */
		assert_int_equal(r->kind->revert(r, &tmproot.host, &e), -ESTALE);
		/* the next run begins with what there is */
		r->run.observed = false;
		assert_part(resource_reported(r), "drift ");
		assert_int_equal(driver.writes, 0);
		assert_string_equal(tmproot_read(NET "eth0/mtu"), "1500\n");
		assert_string_equal(tmproot_read(NET "eth0/queues/rx-0/rps_cpus"), "0\n");
	}
}

/* Until a module of the profile is loaded, there is none: that is no other interface. */
static void test_brought(void **state)
{
	(void)state;
	write_files();
	for (size_t i = 0; i < ARRAY_SIZE(kinds_here); i++) {
		struct resource *r = new_nic(kinds_here[i], texts_here[i]);
		enum reason reason;
		struct err e;

		tmproot_remove(NET "eth0/ifindex");
		assert_null(strstr(resource_reported(r), "drift "));
		tmproot_write(NET "eth0/ifindex", "7777\n");
		assert_part(resource_reported(r), "drift ");
		another_takes_the_name();
		assert_int_equal(resource_apply(r, &reason, &e), -ESTALE);
	}
}

/* Written, and then another one is read: that is no success. */
static void test_renamed_later(void **state)
{
	struct resource *r = new_nic(&kind_rings, "rings: {rx: max}");
	struct err e;

	(void)state;
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	another_takes_the_name();
	r->run.begun = true;
	assert_part(resource_reported(r), "failed InterfaceGone ");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), -ESTALE);
	assert_int_equal(driver.writes, 1);
}

/* A number that cannot be read is unknown: nothing is written. */
static void test_number_unknown(void **state)
{
	static const char *const numbers[] = {"", "0\n", "-1\n", "eth0\n",
	                                      "4294967297\n"};
	struct resource *r = new_nic(&kind_rings, "rings: {rx: max}");
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		tmproot_write(NET "eth0/ifindex", numbers[i]);
		r->run.observed = false;
		assert_part(resource_reported(r), "failed NotReadable ");
	}
	tmproot_write(NET "eth0/ifindex", "7777\n");
	r->run.observed = false;
	assert_part(resource_reported(r), "drift ");
	tmproot_write(NET "eth0/ifindex", "?\n");
	assert_int_equal(resource_apply(r, NULL, &e), -EBADMSG);
	tmproot_remove(NET "eth0/ifindex");
	assert_int_equal(resource_apply(r, NULL, &e), -ENODEV);
	assert_int_equal(driver.writes, 0);
}

/* Whatever values the profile has: what the driver has, and what it lacks. */
static void test_capture(void **state)
{
	struct node *list = node_new(NODE_LIST);
	struct diagnostics *diag = new_diagnostics();
	struct resource *r;

	(void)state;
	driver.rings.tx_max_pending = 0;
	r = new_nic(&kind_rings, "rings: {rx: max, tx: 64}");
	resource_observe(r);
	assert_true(r->kind->capture(r, &tmproot.host, list, diag));
	r = new_nic(&kind_features, "features: {gro: false, lro: false}");
	resource_observe(r);
	assert_true(r->kind->capture(r, &tmproot.host, list, diag));
	assert_string_equal(keep_text(node_json_line(list)),
	                    "[{\"name\": \"data\", \"interfaces\": {\"name\": "
	                    "[\"eth0\"]}, \"rings\": {\"rx\": 256}, \"features\": "
	                    "{\"rx-gro\": true, \"rx-lro\": true}}]");
	assert_int_equal(diag->n, 1);
	assert_string_equal(diag->list[0].text, "rings data: the driver has no tx");
	node_free(list);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_change);
	suite_test(&s, "a driver that rounds, or does nothing", test_rounding);
	suite_rows(&s, bad_rows, test_impossible);
	suite_test(&s, "a driver that refuses", test_refused);
	suite_test(&s, "an interface that vanishes during apply", test_vanishes);
	suite_test(&s, "another interface has the name", test_renamed);
	suite_test(&s, "a module brings the interface", test_brought);
	suite_test(&s, "another interface has the name after the write",
	           test_renamed_later);
	suite_test(&s, "the number of an interface is unknown", test_number_unknown);
	suite_test(&s, "capture", test_capture);
	return suite_run(&s);
}
