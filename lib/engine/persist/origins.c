/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/origins.h"

#include "base/mem.h"
#include "engine/plan.h"

#include <stdlib.h>

struct origin {
	const struct kind *kind;
	void *data;
};

struct origins {
	struct origin *list;
	size_t n, cap;
};

static void origins_add(struct origins *o, const struct kind *kind, const struct host *h)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->list[i].kind == kind)
			return;
	o->list = mem_grow(o->list, &o->cap, o->n, sizeof(*o->list));
	o->list[o->n++] = (struct origin){kind, kind->read_origins(h)};
}

struct origins *origins_read(const struct plan *p, const struct host *h)
{
	struct origins *o = mem_new(1, sizeof(*o));

	for (size_t i = 0; i < p->n; i++)
		if (p->resources[i]->kind->read_origins)
			origins_add(o, p->resources[i]->kind, h);
	return o;
}

const void *origins_of(const struct origins *o, const struct kind *kind)
{
	for (size_t i = 0; o && i < o->n; i++)
		if (o->list[i].kind == kind)
			return o->list[i].data;
	return NULL;
}

void origins_free(struct origins *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n; i++)
		o->list[i].kind->free_origins(o->list[i].data);
	free(o->list);
	free(o);
}
