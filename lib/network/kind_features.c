/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What an interface does for packets besides sending them (ethtool -k). */
#include "base/mem.h"
#include "doc/node.h"
#include "network/features.h"
#include "network/nic_kind.h"
#include "resource/kinds.h"

#include <string.h>

/* F(id, name of the kernel, doc) */
#define FEATURES(F)                                                                      \
	F(RX_CSUM, "rx-checksum", "it verifies checksums of received packets")           \
	F(TX_CSUM, "tx-checksum-ip-generic", "it computes checksums of sent packets")    \
	F(TX_CSUM4, "tx-checksum-ipv4", "it computes checksums of IPv4 packets")         \
	F(TX_CSUM6, "tx-checksum-ipv6", "it computes checksums of IPv6 packets")         \
	F(SG, "tx-scatter-gather", "it sends packets from several parts of memory")      \
	F(SG_LIST, "tx-scatter-gather-fraglist", "it sends lists of packets")            \
	F(TSO, "tx-tcp-segmentation", "it cuts large packets of TCP over IPv4")          \
	F(TSO6, "tx-tcp6-segmentation", "it cuts large packets of TCP over IPv6")        \
	F(TSO_ECN, "tx-tcp-ecn-segmentation", "it cuts large packets of TCP with ECN")   \
	F(TSO_ID, "tx-tcp-mangleid-segmentation", "it gives all parts the same IP ID")   \
	F(GSO, "tx-generic-segmentation", "the kernel cuts packets right before it")     \
	F(USO, "tx-udp-segmentation", "it cuts large packets of UDP")                    \
	F(TUNNEL, "tx-udp_tnl-segmentation",                                             \
	  "it cuts large packets in VXLAN and Geneve")                                   \
	F(TUNNEL_CSUM, "tx-udp_tnl-csum-segmentation", "the same with outer checksums")  \
	F(GRE, "tx-gre-segmentation", "it cuts large packets in GRE")                    \
	F(GRO, "rx-gro", "the kernel joins received packets of a flow")                  \
	F(GRO_HW, "rx-gro-hw", "it joins received packets of a flow")                    \
	F(GRO_LIST, "rx-gro-list", "the kernel passes on packets of a flow as a list")   \
	F(GRO_UDP, "rx-udp-gro-forwarding", "the kernel joins forwarded packets of UDP") \
	F(LRO, "rx-lro", "it joins packets, and cannot be used for forwarding")          \
	F(HASH, "rx-hashing", "it passes on the hash of a flow")                         \
	F(NTUPLE, "rx-ntuple-filter", "it takes rules that choose queues")               \
	F(RX_VLAN, "rx-vlan-hw-parse", "it removes VLAN tags")                           \
	F(TX_VLAN, "tx-vlan-hw-insert", "it adds VLAN tags")                             \
	F(VLAN_FILTER, "rx-vlan-filter", "it drops packets of other VLANs")              \
	F(NOCACHE, "tx-nocache-copy", "data to send bypasses the CPU's cache")           \
	F(TC, "hw-tc-offload", "it executes rules of tc")

#define ID(id, name, doc) id,
enum { FEATURES(ID) COUNT };

_Static_assert(COUNT <= NET_ATTRS_MAX, "more features than a group can have");

#define ATTR(id, name_, doc) [id] = {.name = name_, .word = name_, .flag = true},
const struct net_group group_features = {
	.name = "features",
	.command = "ethtool -K",
	.ask = features_ask,
	.put = features_put,
	.attrs = {FEATURES(ATTR)},
	.n = COUNT,
};

/* Short names of ethtool(8): the feature, and what is set with it where it is not fixed.
 */
static const struct alias {
	const char *name;
	size_t feature, with[3], n;
} aliases[] = {
	{"rx", RX_CSUM, {0}, 0},
	{"sg", SG, {SG_LIST}, 1},
	{"tso", TSO, {TSO6, TSO_ECN, TSO_ID}, 3},
	{"gso", GSO, {0}, 0},
	{"gro", GRO, {0}, 0},
	{"lro", LRO, {0}, 0},
	{"rxhash", HASH, {0}, 0},
	{"ntuple", NTUPLE, {0}, 0},
	{"rxvlan", RX_VLAN, {0}, 0},
	{"txvlan", TX_VLAN, {0}, 0},
};

#define FIELD(id, name, doc) {NIC_FLAG(name, id, doc)},
static const struct field features_fields[] = {
	FEATURES(FIELD){NIC_FLAG("rx", RX_CSUM, "short for rx-checksum")},
	{NIC_FLAG("sg", SG,
                  "short for tx-scatter-gather and tx-scatter-gather-fraglist")},
	{NIC_FLAG("tso", TSO, "short for tx-tcp-segmentation and its variants")},
	{NIC_FLAG("gso", GSO, "short for tx-generic-segmentation")},
	{NIC_FLAG("gro", GRO, "short for rx-gro")},
	{NIC_FLAG("lro", LRO, "short for rx-lro")},
	{NIC_FLAG("rxhash", HASH, "short for rx-hashing")},
	{NIC_FLAG("ntuple", NTUPLE, "short for rx-ntuple-filter")},
	{NIC_FLAG("rxvlan", RX_VLAN, "short for rx-vlan-hw-parse")},
	{NIC_FLAG("txvlan", TX_VLAN, "short for tx-vlan-hw-insert")},
	{0},
};

static const struct field fields[] = {
	{.name = "features",
         .type = FIELD_OBJECT,
         .fields = features_fields,
         .doc = "what the interface does for packets, by the names of ethtool -k"},
	{0},
};

/* Set a feature in the map, unless it is lenient and given by its own name. */
static void set_feature(struct node *map, size_t feature, const struct node *value,
                        bool lenient, struct nic *n, struct diagnostics *diag)
{
	const char *name = group_features.attrs[feature].name;

	if (!node_get(map, name)) {
		node_set(map, name, node_copy(value));
		n->lenient[feature] = lenient;
	} else if (!lenient)
		diag_error(diag, value->at, "%s: is short for %s, which is given, too",
		           value->key, name);
}

static bool is_flag(const struct node *value)
{
	return value && value->type == NODE_SCALAR && !value->unknown &&
	       (strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0);
}

/* Write short names out. */
static void write_out(struct node *map, struct nic *n, struct diagnostics *diag)
{
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
		const struct alias *a = &aliases[i];
		const struct node *value = node_get(map, a->name);

		if (!is_flag(value))
			continue;
		set_feature(map, a->feature, value, false, n, diag);
		for (size_t j = 0; j < a->n; j++)
			set_feature(map, a->with[j], value, true, n, diag);
	}
}

static bool features_parse(struct resource *r, const struct node *item,
                           struct diagnostics *diag)
{
	_node_ struct node *copy = node_copy(item);
	struct node *map = node_get(copy, "features");

	if (map && map->type == NODE_MAP)
		write_out(map, nic_of(r), diag);
	return nic_parse(r, &group_features, copy, map, diag);
}

const struct kind kind_features = {
	NIC_KIND,
	.name = "features",
	.fields = fields,
	.parse = features_parse,
};
