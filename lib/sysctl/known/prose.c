/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/prose.h"

#include "base/macro.h"
#include "base/mem.h"
#include "sysctl/known/relation.h"
#include "sysctl/known/table.h"

#include <string.h>

static const struct sysctl_prose rows[] = {
#define P(...) {__VA_ARGS__},
#include "sysctl/known/prose.def"
#undef P
};

static const struct sysctl_prose *prose_of(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].key, key) == 0)
			return &rows[i];
	return NULL;
}

const struct sysctl_prose *sysctl_prose_find(const char *key)
{
	const char *primary = sysctl_relation_primary(key);
	_free_ char *pattern = sysctl_table_pattern(primary);
	const struct sysctl_prose *p = prose_of(primary);

	return p ? p : prose_of(pattern);
}

const struct sysctl_prose *sysctl_prose_next(const struct sysctl_prose *after)
{
	const struct sysctl_prose *next = after ? after + 1 : rows;

	return next < rows + ARRAY_SIZE(rows) ? next : NULL;
}

/* The longer prefix comes first. */
static const struct {
	const char *prefix, *document;
} documents[] = {
	{"abi.", "Documentation/admin-guide/sysctl/abi.rst"},
	{"dev.raid.", "Documentation/admin-guide/md.rst"},
	{"fs.xfs.", "Documentation/admin-guide/xfs.rst"},
	{"fs.", "Documentation/admin-guide/sysctl/fs.rst"},
	{"kernel.", "Documentation/admin-guide/sysctl/kernel.rst"},
	{"net.core.", "Documentation/admin-guide/sysctl/net.rst"},
	{"net.unix.", "Documentation/admin-guide/sysctl/net.rst"},
	{"net.ipv4.vs.", "Documentation/networking/ipvs-sysctl.rst"},
	{"net.mpls.", "Documentation/networking/mpls-sysctl.rst"},
	{"net.mptcp.", "Documentation/networking/mptcp-sysctl.rst"},
	{"net.smc.", "Documentation/networking/smc-sysctl.rst"},
	{"net.netfilter.", "Documentation/networking/nf_conntrack-sysctl.rst"},
	{"net.nf_conntrack_max", "Documentation/networking/nf_conntrack-sysctl.rst"},
	{"net.ipv4.", "Documentation/networking/ip-sysctl.rst"},
	{"net.ipv6.", "Documentation/networking/ip-sysctl.rst"},
	{"net.bridge.", "Documentation/networking/ip-sysctl.rst"},
	{"net.sctp.", "Documentation/networking/ip-sysctl.rst"},
	{"net.", "Documentation/admin-guide/sysctl/net.rst"},
	{"sunrpc.", "Documentation/admin-guide/sysctl/sunrpc.rst"},
	{"user.", "Documentation/admin-guide/sysctl/user.rst"},
	{"vm.", "Documentation/admin-guide/sysctl/vm.rst"},
	{"", "Documentation/admin-guide/sysctl/index.rst"},
};

const char *sysctl_prose_document(const char *key)
{
	size_t i = 0;

	while (strncmp(documents[i].prefix, key, strlen(documents[i].prefix)) != 0)
		i++;
	return documents[i].document;
}
