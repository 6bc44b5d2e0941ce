/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/order.h"

#include "resource/kind.h"

#include <string.h>

static bool must_precede(const struct resource *a, const struct resource *b)
{
	return a->kind == b->kind && a->run.change.state == STATE_DRIFT &&
	       b->run.change.state == STATE_DRIFT && a->kind->precedes(a, b);
}

static bool may_precede(const struct resource *r)
{
	return r->kind->precedes && r->run.change.state == STATE_DRIFT &&
	       (!r->kind->precedes_any || r->kind->precedes_any(r));
}

/* Move list[from] up to list[to]. */
static void move_up(struct resource **list, size_t from, size_t to)
{
	struct resource *r = list[from];

	memmove(list + to + 1, list + to, (from - to) * sizeof(struct resource *));
	list[to] = r;
}

void order_resources(struct resource **list, size_t n)
{
	/* each is moved at most once: a circle cannot keep this going */
	for (size_t i = 1; i < n; i++) {
		if (!may_precede(list[i]))
			continue;
		for (size_t j = 0; j < i; j++)
			if (must_precede(list[i], list[j])) {
				move_up(list, i, j);
				break;
			}
	}
}
