/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fleet/order.h"

#include "fleet/fleet.h"
#include "fleet/record.h"

#include <stdlib.h>
#include <string.h>

size_t fleet_out_of_sync(const struct fleet_resource *r)
{
	return r->by_state[STATE_DRIFT] + r->by_state[STATE_PENDING] +
	       r->by_state[STATE_FAILED] + r->by_state[STATE_REFUSED];
}

static int more_first(size_t a, size_t b)
{
	return (a < b) - (a > b);
}

static int order_resources(const void *va, const void *vb)
{
	const struct fleet_resource *a = *(struct fleet_resource *const *)va;
	const struct fleet_resource *b = *(struct fleet_resource *const *)vb;
	int r = more_first(fleet_out_of_sync(a), fleet_out_of_sync(b));

	r = r ? r : strcmp(a->kind, b->kind);
	return r ? r : strcmp(a->name, b->name);
}

static int order_variants(const void *va, const void *vb)
{
	const struct fleet_variant *a = va, *b = vb;
	int r = more_first(a->nodes.n, b->nodes.n);

	r = r ? r : (int)a->state - (int)b->state;
	r = r ? r : fleet_text_compare(a->reason, b->reason);
	r = r ? r : fleet_text_compare(a->live, b->live);
	r = r ? r : fleet_text_compare(a->wanted, b->wanted);
	return r ? r : (int)a->waived - (int)b->waived;
}

void fleet_sort(struct fleet *f)
{
	if (f->n_resources > 0)
		qsort(f->resources, f->n_resources, sizeof(struct fleet_resource *),
		      order_resources);
	for (size_t i = 0; i < f->n_resources; i++)
		qsort(f->resources[i]->variants, f->resources[i]->n_variants,
		      sizeof(struct fleet_variant), order_variants);
}
