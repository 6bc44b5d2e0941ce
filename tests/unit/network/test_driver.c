/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What drivers do that those of a VM do not, on a stub of ethtool's calls: a card with
 * rings and queues that rounds, refuses and disappears.
 */
#include "base/mem.h"
#include "network/ethtool.h"
#include "network/nic.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <string.h>

/* --- the stub: a card as ENA describes itself
 * ------------------------------------------- */

static const char *const names[] = {
	"tx-scatter-gather", "", "tx-tcp-segmentation", "rx-gro", "rx-lro",
	"rx-checksum"};

static struct {
	uint32_t rx, tx, combined, usecs;
	uint32_t active, available, never;
	unsigned sets;
	int fails;       /* what setting returns */
	bool gone;       /* the interface */
	bool goes;       /* it disappears when it is set */
	bool no_strings; /* the kernel lists no features */
	uint32_t blocks; /* of the last change of features */
} card;

static void new_card(void)
{
	memset(&card, 0, sizeof(card));
	card.rx = card.tx = 1024;
	card.combined = 8;
	card.active = 1 << 2 | 1 << 3 | 1 << 5;
	card.available = 1 << 2 | 1 << 3 | 1 << 5;
	card.never = 1 << 5;
}

static void read_features(struct ethtool_gfeatures *f)
{
	f->features[0].available = card.available;
	f->features[0].active = card.active;
	f->features[0].never_changed = card.never;
}

int ethtool_read(const struct host *h, const char *interface, void *data, struct err *e)
{
	struct ethtool_ringparam *ring = data;
	struct ethtool_channels *channels = data;
	struct ethtool_gstrings *strings = data;
	struct ethtool_sset_info *info = data;

	(void)h;
	if (card.gone || strcmp(interface, "eth0") != 0)
		return err_set(e, -ENODEV, "no such interface");
	switch (*(uint32_t *)data) {
	case ETHTOOL_GRINGPARAM:
		ring->rx_pending = card.rx;
		ring->tx_pending = card.tx;
		ring->rx_max_pending = 16384;
		ring->tx_max_pending = 1024;
		return 0;
	case ETHTOOL_GCHANNELS:
		channels->combined_count = card.combined;
		channels->max_combined = 8;
		return 0;
	case ETHTOOL_GSSET_INFO:
		info->sset_mask = card.no_strings ? 0 : info->sset_mask;
		info->data[0] = ARRAY_SIZE(names);
		return 0;
	case ETHTOOL_GSTRINGS:
		strings->len = ARRAY_SIZE(names);
		for (size_t i = 0; i < ARRAY_SIZE(names); i++)
			strncpy((char *)strings->data + i * ETH_GSTRING_LEN, names[i],
			        ETH_GSTRING_LEN);
		return 0;
	case ETHTOOL_GFEATURES: read_features(data); return 0;
	default: return err_set(e, -EOPNOTSUPP, "not supported");
	}
}

/* ENA rounds the sizes of rings down to a power of two. */
static uint32_t rounded(uint32_t n)
{
	uint32_t power = 256;

	while (power * 2 <= n)
		power *= 2;
	return power;
}

int ethtool_write(struct host *h, const char *interface, void *data, struct err *e)
{
	const struct ethtool_ringparam *ring = data;
	const struct ethtool_channels *channels = data;
	const struct ethtool_sfeatures *f = data;

	(void)h;
	(void)interface;
	card.sets++;
	if (card.goes)
		card.gone = true;
	if (card.gone)
		return err_set(e, -ENODEV, "no such interface");
	if (card.fails)
		return err_set(e, card.fails, "refused");
	switch (*(uint32_t *)data) {
	case ETHTOOL_SRINGPARAM:
		card.rx = rounded(ring->rx_pending);
		card.tx = rounded(ring->tx_pending);
		return 0;
	case ETHTOOL_SCHANNELS:
		assert_int_equal(channels->max_combined, 8);
		card.combined = channels->combined_count;
		return 0;
	case ETHTOOL_SFEATURES:
		card.blocks = f->size;
		card.active = (card.active & ~f->features[0].valid) |
		              (f->features[0].requested & f->features[0].valid);
		return 0;
	default: return err_set(e, -EOPNOTSUPP, "not supported");
	}
}

/* --- the tests
 * -------------------------------------------------------------------------- */

static struct resource *new_nic(const struct kind *kind, const char *text)
{
	return resource_new(
		kind,
		keep_text(mem_format("data: {name: a, interfaces: {name: eth0}, %s}",
	                             text)),
		NULL);
}

static void test_apply(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	new_card();
	r = new_nic(&kind_rings, "rings: {rx: max, tx: 512}");
	assert_part(resource_reported(r),
	            "drift InterruptsTraffic now=rx=1024 tx=1024: ");
	assert_int_equal(card.sets, 0);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_int_equal(card.rx, 16384);
	assert_int_equal(card.tx, 512);
	assert_part(resource_reported(r), "ok ");
	assert_int_equal(kind_rings.revert(r, &tmproot.host, &e), 0);
	assert_int_equal(card.rx, 1024);
	assert_int_equal(card.tx, 1024);
	r = new_nic(&kind_channels, "channels: {combined: 2}");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_int_equal(card.combined, 2);
}

/* The engine compares again, and reports that the value was not kept. */
static void test_rounds(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	new_card();
	r = new_nic(&kind_rings, "rings: {rx: 5000}");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_part(resource_reported(r),
	            "now=rx=4096: eth0: is rx=4096, should be rx=5000");
}

static const struct fault_row {
	const char *name;
	int fails;
	bool gone, goes;
	int code;
	enum reason reason;
} fault_rows[] = {
	{"out of range", -EINVAL, false, false, -EINVAL, REASON_REFUSED_BY_KERNEL},
	{"a driver without the call", -EOPNOTSUPP, false, false, -EOPNOTSUPP,
         REASON_INTERFACE_UNSUPPORTED},
	{"no memory for rings", -ENOMEM, false, false, -ENOMEM, REASON_FAILED},
	{"no right", -EPERM, false, false, -EPERM, REASON_FAILED},
	{"gone before", 0, true, false, -ENODEV, REASON_INTERFACE_GONE},
	{"gone while it is set", 0, false, true, -ENODEV, REASON_INTERFACE_GONE},
};

static void test_fault(void **state)
{
	const struct fault_row *row = *state;
	enum reason reason = REASON_FAILED;
	struct resource *r;
	struct err e;

	new_card();
	r = new_nic(&kind_rings, "rings: {rx: 4096}");
	resource_observe(r);
	card.fails = row->fails;
	card.gone = row->gone;
	card.goes = row->goes;
	r->run.begun = true;
	assert_int_equal(resource_apply(r, &reason, &e), row->code);
	assert_int_equal(reason, row->reason);
	if (row->code != -ENODEV)
		return;
	assert_string_equal(
		resource_reported(r),
		"failed InterfaceGone now=NULL: the interface eth0 disappeared");
	assert_int_equal(kind_rings.revert(r, &tmproot.host, &e), 0);
}

static void test_features(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	new_card();
	r = new_nic(&kind_features, "features: {tso: false, gro: true}");
	assert_string_equal(
		resource_reported(r),
		"drift LiveDiffers now=tx-tcp-segmentation=true "
		"tx-tcp6-segmentation=false tx-tcp-ecn-segmentation=false "
		"tx-tcp-mangleid-segmentation=false rx-gro=true: eth0: is tx-tcp-segmentation=true, "
		"should be tx-tcp-segmentation=false");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_int_equal(card.active, 1 << 3 | 1 << 5);
	/* the kernel takes only as many blocks as it has */
	assert_int_equal(card.blocks, 1);
	assert_int_equal(kind_features.revert(r, &tmproot.host, &e), 0);
	assert_int_equal(card.active, 1 << 2 | 1 << 3 | 1 << 5);
	/* not available, and never changed */
	r = new_nic(&kind_features, "features: {lro: true}");
	assert_part(resource_reported(r), "failed FeatureFixed ");
	r = new_nic(&kind_features, "features: {rx: false}");
	assert_part(resource_reported(r), "failed FeatureFixed ");
	/* a kernel that lacks it */
	r = new_nic(&kind_features, "features: {rx-udp-gro-forwarding: true}");
	assert_part(resource_reported(r), "failed InterfaceUnsupported ");
	card.no_strings = true;
	assert_string_equal(
		resource_reported(r),
		"failed InterfaceUnsupported now=NULL: the driver of eth0 has "
		"no features");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "rings and channels", test_apply);
	suite_test(&s, "a driver that rounds", test_rounds);
	suite_rows(&s, fault_rows, test_fault);
	suite_test(&s, "features", test_features);
	return suite_run(&s);
}
