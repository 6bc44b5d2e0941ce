/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Rings, channels, coalescing and features on a stub of ethtool's calls: what a driver
 * may do with a write, which tests/vm/network.sh has of few drivers.
 */
#include "driver.h"

#include "doc/json.h"
#include "doc/node.h"

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
	{"features: {tso: false}", &kind_features,
         "tx-tcp-segmentation=true tx-tcp6-segmentation=false "
         "tx-tcp-ecn-segmentation=false tx-tcp-mangleid-segmentation=false",
         "tx-tcp-segmentation=false tx-tcp6-segmentation=false "
         "tx-tcp-ecn-segmentation=false tx-tcp-mangleid-segmentation=false"},
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
	                {ENOMEM, REASON_FAILED},
	                {EPERM, REASON_FAILED},
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

/* Between the check before the write and the write itself, or by the write. */
static void test_vanishes(void **state)
{
	(void)state;
	for (int by_write = 0; by_write < 2; by_write++) {
		struct resource *r = new_nic(&kind_rings, "rings: {rx: max}");
		enum reason reason;
		struct err e;

		driver.gone = false;
		resource_observe(r);
		driver.goes = by_write;
		driver.gone = !by_write;
		assert_int_equal(resource_apply(r, &reason, &e), -ENODEV);
		assert_int_equal(reason, REASON_INTERFACE_GONE);
		r->run.begun = true;
		assert_string_equal(
			resource_reported(r),
			"failed InterfaceGone now=NULL: the interface eth0 disappeared");
		assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	}
}

static void test_kernel_features(void **state)
{
	struct resource *r = new_nic(&kind_features, "features: {rx-checksum: true}");

	(void)state;
	driver.never = 1U << CHECKSUM;
	assert_part(resource_reported(r), "failed FeatureFixed ");
	driver.never = 0;
	assert_part(resource_reported(r), "drift ");
	driver.nameless = true;
	assert_string_equal(
		resource_reported(r),
		"failed InterfaceUnsupported now=NULL: the driver of eth0 has "
		"no features");
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

	suite_fixture(driver_setup, driver_teardown);
	suite_rows(&s, rows, test_change);
	suite_test(&s, "a driver that rounds, or does nothing", test_rounding);
	suite_rows(&s, bad_rows, test_impossible);
	suite_test(&s, "a driver that refuses", test_refused);
	suite_test(&s, "an interface that vanishes during apply", test_vanishes);
	suite_test(&s, "features of the kernel", test_kernel_features);
	suite_test(&s, "capture", test_capture);
	return suite_run(&s);
}
