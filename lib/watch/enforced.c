/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/enforced.h"

#include "base/mem.h"
#include "nfsd/state.h"

#include <inttypes.h>
#include <stdlib.h>

void enforced_done(struct enforced_namespaces *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->list[i].ns.path);
	free(l->list);
	*l = (struct enforced_namespaces){0};
}

static struct enforced_namespace *enforced_find(struct enforced_namespaces *l,
                                                const struct host_netns *ns)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].ns.ino == ns->ino && l->list[i].ns.dev == ns->dev)
			return &l->list[i];
	return NULL;
}

void enforced_note(struct enforced_namespaces *l, const struct host_netns_list *seen)
{
	for (size_t i = 0; i < seen->n; i++) {
		const struct host_netns *ns = &seen->list[i];
		struct enforced_namespace *place = enforced_find(l, ns);

		if (!place) {
			l->list = mem_grow(l->list, &l->cap, l->n, sizeof(*place));
			place = &l->list[l->n++];
			*place = (struct enforced_namespace){0};
		}
		free(place->ns.path);
		place->ns = *ns;
		place->ns.path = mem_dup(ns->path);
	}
}

void enforced_forget(struct enforced_namespaces *l, const struct host_netns_list *seen)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct enforced_namespace *place = &l->list[i];

		if (host_netns_find(seen, place->ns.dev, place->ns.ino))
			l->list[kept++] = *place;
		else
			free(place->ns.path);
	}
	l->n = kept;
}

unsigned enforced_threads(const struct enforced_namespaces *l)
{
	unsigned sum = 0;

	for (size_t i = 0; i < l->n; i++)
		sum += l->list[i].seen ? l->list[i].threads : 0;
	return sum;
}

unsigned enforced_least(const struct enforced_namespaces *l)
{
	unsigned sum = 0;

	for (size_t i = 0; i < l->n; i++)
		sum += l->list[i].seen ? l->list[i].least : 0;
	return sum;
}

bool enforced_any_failed(const struct enforced_namespaces *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].seen && l->list[i].failed)
			return true;
	return false;
}

bool enforced_any_by_path(const struct enforced_namespaces *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].ns.path)
			return true;
	return false;
}

void enforced_take(struct enforced_namespace *place, const struct nfsd_server *s)
{
	place->threads = s->threads;
	place->least = nfsd_server_least(s);
}

char *enforced_name(const struct host_netns *ns)
{
	if (ns->path)
		return mem_format("net:[%" PRIu64 "] (%s)", ns->ino, ns->path);
	return mem_format("net:[%" PRIu64 "] (pid %d%s%s)", ns->ino, ns->pid,
	                  *ns->name ? " " : "", ns->name);
}
