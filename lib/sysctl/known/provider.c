/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/provider.h"

#include "base/macro.h"
#include "base/mem.h"
#include "sysctl/known/table.h"

#include <string.h>

/*
 * Modules that nothing loads when their keys are used, and modules that depend on them
 * (depmod's modules.dep of Linux 6.1 and 6.12). Others are built into Bottlerocket's
 * kernels (XFS), or come with the hardware.
 */
static const struct {
	const char *module, *all;
} dependents[] = {
	{"nf_conntrack",
         "nf_conntrack nf_nat nf_conntrack_netlink xt_conntrack nft_ct ip_vs"},
	{"br_netfilter", "br_netfilter"},
	{"sunrpc", "sunrpc nfsd lockd nfs nfsv4"},
	{"lockd", "lockd nfsd nfs nfsv4"},
	{"nfs", "nfs nfsv4"},
	{"nfsv4", "nfsv4"},
	{"ip_vs", "ip_vs ip_vs_rr ip_vs_wrr ip_vs_sh ip_vs_lc ip_vs_lblc ip_vs_lblcr"},
	{"sctp", "sctp"},
};

/* Where keys that another kernel has belong: register_sysctl() in the module's source. */
static const struct {
	const char *prefix, *module;
} homes[] = {
	{"net.netfilter.nf_conntrack_", "nf_conntrack"},
	{"net.bridge.bridge-nf-", "br_netfilter"},
	{"net.ipv4.vs.", "ip_vs"},
	{"net.sctp.", "sctp"},
	{"sunrpc.", "sunrpc"},
	{"fs.nfs.nlm_", "lockd"},
	{"fs.nfs.nsm_", "lockd"},
	{"fs.nfs.nfs_", "nfs"},
};

/* Where a key of another kernel belongs, by its name; NULL: nowhere. */
static const char *home_of(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(homes); i++)
		if (strncmp(homes[i].prefix, key, strlen(homes[i].prefix)) == 0)
			return homes[i].module;
	return NULL;
}

const char *sysctl_provider_of(const char *key)
{
	const struct sysctl_row *row = sysctl_table_find(key);
	const char *home = row ? NULL : home_of(key);
	/* a misspelt key is of no kernel; only asked where it matters, since it takes
	 * long */
	_free_ char *near = home ? sysctl_table_near(key) : NULL;

	if (row)
		return *row->module ? row->module : NULL;
	return near ? NULL : home;
}

const char *sysctl_provider_list(const char *key)
{
	const char *module = sysctl_provider_of(key);

	for (size_t i = 0; module && i < ARRAY_SIZE(dependents); i++)
		if (strcmp(dependents[i].module, module) == 0)
			return dependents[i].all;
	return NULL;
}
