/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/component.h"

#include "base/macro.h"
#include "sysctl/known/relation.h"
#include "sysctl/known/table.h"

#include <string.h>

#define N(key) SYSCTL_NAME(key)

/*
 * Read in the projects' source: Kubernetes 1.30 to the development branch of 2026, the
 * VPC CNI 1.23.1, Cilium 1.16 and 1.18. What only an option sets that is off by default
 * is listed where it is in common use.
 */
static const struct sysctl_component claims[] = {
	/*
         * setupKernelTunables() in pkg/kubelet/cm/container_manager_linux.go of
         * Kubernetes; the values are in component-helpers/node/util/sysctl/sysctl.go.
         * Bottlerocket sets protectKernelDefaults: with that, the kubelet only compares.
         */
	{N("vm.overcommit_memory"), CLAIM_REQUIRES, 1, "the kubelet"},
	{N("vm.panic_on_oom"), CLAIM_REQUIRES, 0, "the kubelet"},
	{N("kernel.panic"), CLAIM_REQUIRES, 10, "the kubelet"},
	{N("kernel.panic_on_oops"), CLAIM_REQUIRES, 1, "the kubelet"},
	{N("kernel.keys.root_maxkeys"), CLAIM_REQUIRES, 1000000, "the kubelet"},
	{N("kernel.keys.root_maxbytes"), CLAIM_REQUIRES, 25000000, "the kubelet"},

	/*
         * setIntSysCtl() in cmd/kube-proxy/app/conntrack.go raises only; the values are
         * the defaults of conntrack.min, tcpEstablishedTimeout and tcpCloseWaitTimeout in
         * pkg/proxy/apis/config/v1alpha1/defaults.go.
         */
	{N("net.netfilter.nf_conntrack_max"), CLAIM_RAISES, 131072,
         "kube-proxy (conntrack.min, or maxPerCore for each CPU)"},
	{N("net.netfilter.nf_conntrack_tcp_timeout_established"), CLAIM_RAISES, 86400,
         "kube-proxy (conntrack.tcpEstablishedTimeout)"},
	{N("net.netfilter.nf_conntrack_tcp_timeout_close_wait"), CLAIM_RAISES, 3600,
         "kube-proxy (conntrack.tcpCloseWaitTimeout)"},
	/* NewProxier() in pkg/proxy/iptables/proxier.go */
	{N("net.ipv4.conf.all.route_localnet"), CLAIM_SETS, 1,
         "kube-proxy (iptables mode, for NodePorts on localhost)"},
	/* NewProxier() in pkg/proxy/ipvs/proxier.go; conn_reuse_mode only before
           Linux 5.9 */
	{N("net.ipv4.vs.conntrack"), CLAIM_SETS, 1, "kube-proxy (IPVS mode)"},
	{N("net.ipv4.vs.expire_nodest_conn"), CLAIM_SETS, 1, "kube-proxy (IPVS mode)"},
	{N("net.ipv4.vs.expire_quiescent_template"), CLAIM_SETS, 1,
         "kube-proxy (IPVS mode)"},
	{N("net.ipv4.conf.all.arp_ignore"), CLAIM_SETS, 1,
         "kube-proxy (IPVS mode with strictARP)"},
	{N("net.ipv4.conf.all.arp_announce"), CLAIM_SETS, 2,
         "kube-proxy (IPVS mode with strictARP)"},

	/* cmd/aws-vpc-cni-init/main.go of amazon-vpc-cni-k8s */
	{N("net.ipv4.tcp_early_demux"), CLAIM_SETS, 1,
         "the VPC CNI (0 with DISABLE_TCP_EARLY_DEMUX)"},
	{N("net.ipv4.conf.*.rp_filter"), CLAIM_SETS, 2,
         "the VPC CNI (on the primary interface)"},
	{N("net.ipv6.conf.all.forwarding"), CLAIM_SETS, 1,
         "the VPC CNI (in IPv6 clusters, or with ENABLE_V6_EGRESS)"},
	{N("net.ipv6.conf.*.accept_ra"), CLAIM_SETS, 2,
         "the VPC CNI (on the primary interface, in IPv6 clusters or with ENABLE_V6_EGRESS)"},
	{N("net.ipv6.conf.all.disable_ipv6"), CLAIM_SETS, 0,
         "the VPC CNI (in IPv6 clusters)"},

	/* Reinitialize() in pkg/datapath/loader/base.go of Cilium */
	{N("net.ipv4.conf.all.rp_filter"), CLAIM_SETS, 0, "Cilium"},
	{N("net.ipv4.fib_multipath_use_neigh"), CLAIM_SETS, 1, "Cilium"},
	{N("net.core.bpf_jit_enable"), CLAIM_SETS, 1, "Cilium"},
	{N("kernel.timer_migration"), CLAIM_SETS, 0, "Cilium"},
	{N("kernel.unprivileged_bpf_disabled"), CLAIM_SETS, 1, "Cilium"},
	{N("net.core.fb_tunnels_only_for_init_net"), CLAIM_SETS, 2,
         "Cilium (with IPIP devices)"},
	{N("net.ipv6.conf.all.disable_ipv6"), CLAIM_SETS, 0, "Cilium (with IPv6)"},
	/* enableIPForwarding() in pkg/datapath/iptables/sysctl_linux.go of Cilium; of
           kube-proxy, see above */
	{N("net.ipv4.conf.all.forwarding"), CLAIM_SETS, 1,
         "Cilium, or kube-proxy in IPVS mode,"},
	{N("net.ipv6.conf.all.forwarding"), CLAIM_SETS, 1, "Cilium (with IPv6)"},
};

#undef N

/* Not that of a network card. */
static bool is_special(const char *key)
{
	return strstr(key, ".all.") || strstr(key, ".default.") || strstr(key, ".lo.");
}

const struct sysctl_component *sysctl_component_next(const char *key,
                                                     const struct sysctl_component *after)
{
	char buffer[SYSCTL_PATTERN_MAX];
	const char *primary = sysctl_relation_primary(key);
	const char *pattern = sysctl_table_pattern_in(buffer, primary);
	size_t len = strlen(primary), pattern_len = strlen(pattern);

	for (const struct sysctl_component *c = after ? after + 1 : claims;
	     c < claims + ARRAY_SIZE(claims); c++)
		if (sysctl_name_is(c->key, primary, len) ||
		    (sysctl_name_is(c->key, pattern, pattern_len) &&
		     !is_special(primary)))
			return c;
	return NULL;
}
