/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_CAPABILITIES_H
#define ENGINE_CAPABILITIES_H

/* Which capabilities (host/process/capabilities.h) a plan needs, from those of its kinds.
 */

#include <stdbool.h>
#include <stdint.h>

struct plan;

/*
 * What it takes to observe what is part of the plan and, if it `acts`, to change what is
 * coming, and what it may write again after that.
 */
uint64_t plan_capabilities(const struct plan *p, bool acts);

/* What any plan may need. */
uint64_t capabilities_of_kinds(bool acts);

/* What it may take to revert a journal. */
uint64_t capabilities_to_revert(void);

#endif
