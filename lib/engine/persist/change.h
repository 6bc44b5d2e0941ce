/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_CHANGE_H
#define ENGINE_PERSIST_CHANGE_H

/* What a change to the Bottlerocket settings consists of. */

struct node;
struct persist;
struct plan;

/*
 * Collect everything that differs from the settings s->live as one tree: the least that
 * the API server needs. Owned by the caller; r->run.storing says what is part of it.
 */
struct node *persist_collect(const struct persist *s, struct plan *p);

/* Ask the API which services a change would affect, if there is a change. */
void persist_ask_services(struct persist *s, struct plan *p);

#endif
