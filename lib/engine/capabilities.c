/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/capabilities.h"

#include "engine/plan.h"
#include "engine/settle.h"
#include "resource/kinds.h"

#include <stddef.h>

/* A setting of a journal is of no real kind: the API needs none. */
static uint64_t capabilities_of(const struct resource *r, bool acts)
{
	return r->kind->capabilities ? r->kind->capabilities(r->name, acts) : 0;
}

uint64_t plan_capabilities(const struct plan *p, bool acts)
{
	uint64_t all = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if (r->spec.excluded || r->run.aside)
			continue;
		all |= capabilities_of(
			r, acts && (plan_is_coming(r) || settle_may_write(NULL, r)));
	}
	return all;
}

uint64_t capabilities_of_kinds(bool acts)
{
	uint64_t all = 0;

	for (size_t i = 0; kinds[i]; i++)
		all |= kinds[i]->capabilities(NULL, acts);
	return all;
}

uint64_t capabilities_to_revert(void)
{
	uint64_t all = 0;

	for (size_t i = 0; kinds[i]; i++)
		if (kinds[i]->undo)
			all |= kinds[i]->capabilities(NULL, true);
	return all;
}
