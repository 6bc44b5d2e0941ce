/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/persist/change.h"

#include "bottlerocket/api.h"
#include "bottlerocket/whole.h"
#include "doc/node.h"
#include "engine/persist/attempts.h"
#include "engine/persist/persist.h"
#include "engine/persist/persisted.h"
#include "engine/plan.h"

struct node *persist_collect(const struct persist *s, struct plan *p)
{
	struct node *all = node_new(NODE_MAP);

	for (size_t i = 0; i < p->n; i++) {
		struct resource *r = p->resources[i];
		_persisted_diff_ struct persisted_diff stored = {0};

		persisted_compare(&stored, r, s->store, s->live);
		r->run.storing = persisted_differs(&stored) && persisted_may_store(r) &&
		                 !r->run.waived &&
		                 !attempts_have(s->tried, attempt_id(r, stored.wanted,
		                                                     stored.stored));
		/* not united from stored.wanted: resources may share a list */
		if (r->run.storing)
			r->kind->persist(r, s->live, all);
	}
	whole_reduce(all, s->live);
	return all;
}

void persist_ask_services(struct persist *s, struct plan *p)
{
	_node_ struct node *all = s->state == PERSIST_OK ? persist_collect(s, p) : NULL;
	struct err ignored;

	if (all && all->n > 0)
		(void)api_services(s->api, all, &s->services, &ignored);
}
