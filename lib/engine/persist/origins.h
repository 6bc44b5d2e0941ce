/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_ORIGINS_H
#define ENGINE_PERSIST_ORIGINS_H

/*
 * What else sets the resources of a plan, as each of their kinds reads it from the host:
 * see read_origins of struct kind.
 */

struct host;
struct kind;
struct origins;
struct plan;

/* Read once for each kind in the plan. Free with origins_free(). */
struct origins *origins_read(const struct plan *p, const struct host *h);

/* What the kind read; NULL: nothing, or `o` is NULL. Borrowed. */
const void *origins_of(const struct origins *o, const struct kind *kind);

void origins_free(struct origins *o);

#endif
