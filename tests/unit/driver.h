/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A stub of ethtool's calls, which a test program includes once: the driver of eth0, and
 * what it may do with a write, which tests/vm/network.sh has of few drivers.
 */
#ifndef TESTS_DRIVER_H
#define TESTS_DRIVER_H

#include "base/mem.h"
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

static const char *const feature_names[] = {
	"rx-checksum", "tx-tcp-segmentation",     "tx-tcp6-segmentation",        "rx-gro",
	"rx-lro",      "tx-tcp-ecn-segmentation", "tx-tcp-mangleid-segmentation"};

enum { CHECKSUM, TSO, TSO6, GRO, LRO, ECN, MANGLEID, FEATURES };

static struct {
	struct ethtool_ringparam rings;
	struct ethtool_channels channels;
	struct ethtool_coalesce coalesce;
	/* bits of features; fixed: by the driver; never: no driver can change them */
	uint32_t active, fixed, never;
	uint32_t multiple; /* rings are rounded up to it */
	uint32_t lacks;    /* the command that the driver does not have */
	int refusal;       /* of the next write; 0: none */
	bool gone;         /* the interface is */
	bool goes;         /* it is removed by the next write */
	bool nameless;     /* a kernel that lists no features */
	bool deaf;         /* a write succeeds and changes nothing */
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
		.never_changed = driver.never,
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
		if (driver.nameless)
			((struct ethtool_sset_info *)data)->sset_mask = 0;
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
	driver.gone |= driver.goes;
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

/* The driver as it begins, and a tree that counts as the live one. */
static int driver_setup(void **state)
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

static int driver_teardown(void **state)
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

#endif
