/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/nfs/server.h"

#include "base/mem.h"

#include <stdlib.h>

struct nfs_server *nfs_servers_add(struct nfs_servers *s)
{
	s->list = mem_grow(s->list, &s->cap, s->n, sizeof(*s->list));
	s->list[s->n] = (struct nfs_server){0};
	return &s->list[s->n++];
}

void nfs_servers_drop(struct nfs_servers *s)
{
	struct nfs_server *last = &s->list[--s->n];

	free(last->name);
	free(last->process);
	free(last->no_calls);
	free(last->no_exports);
	nfs_exports_done(&last->exports);
}

void nfs_servers_done(struct nfs_servers *s)
{
	while (s->n > 0)
		nfs_servers_drop(s);
	free(s->list);
	free(s->incomplete);
	*s = (struct nfs_servers){0};
}
