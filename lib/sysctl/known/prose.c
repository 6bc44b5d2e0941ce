/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/prose.h"

#include "base/mem.h"
#include "base/text/packed.h"
#include "sysctl/known/relation.h"
#include "sysctl/known/table.h"

#include <string.h>

#define COLUMNS 6

/* prose.def, ended by a row without a key */
static const struct sysctl_prose *prose_rows(void)
{
	static struct sysctl_prose *rows;
	const char *const *t = packed_texts(&packed_prose);
	size_t n = packed_prose.n / COLUMNS;

	if (rows)
		return rows;
	rows = mem_new(n + 1, sizeof(*rows));
	for (size_t i = 0; i < n; i++, t += COLUMNS)
		rows[i] = (struct sysctl_prose){t[0], t[1], t[2], t[3], t[4], t[5]};
	return rows;
}

static const struct sysctl_prose *prose_of(const char *key)
{
	for (const struct sysctl_prose *p = prose_rows(); p->key; p++)
		if (strcmp(p->key, key) == 0)
			return p;
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
	const struct sysctl_prose *next = after ? after + 1 : prose_rows();

	return next->key ? next : NULL;
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
