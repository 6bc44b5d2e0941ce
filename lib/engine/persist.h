/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_H
#define ENGINE_PERSIST_H

/*
 * The second half of a run: store values in the Bottlerocket settings, so that they
 * persist across reboots.
 *
 * If everything is stored already, one GET is all. Otherwise: GET /tx/list, PATCH, POST
 * commit_and_apply, and GET to read it back.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;
struct api;
struct node;
struct origins;
struct plan;
struct profile;
struct resource;

enum persist_state {
	PERSIST_UNUSED, /* not used: persist: false, --no-api, or nothing to persist */
	PERSIST_ABSENT, /* no API on this host */
	PERSIST_OK,     /* settings were read, and written if needed */
	PERSIST_UNREACHABLE, /* the API exists but does not answer correctly */
	PERSIST_REFUSED,     /* the API refused the change */
	PERSIST_LOCKED,      /* the API answers, but its settings are locked */
};

struct persist {
	enum persist_state state;
	bool needed;   /* the profile requires it: persist: true, or settings: */
	char *message; /* set in all states except UNUSED; may be NULL in OK */
	struct api *api;
	struct node *live;     /* the current settings */
	struct node *services; /* affected by the change, by setting; NULL: not queried */
	struct origins *origins; /* what else sets resources; NULL: not read */
};

/* Read the settings, set what is persisted in each resource, and explain differences. */
void persist_observe(struct persist *s, struct plan *p, const struct profile *profile,
                     const struct host *h);

/* Ask the API which services a change would affect, if there is a change. */
void persist_ask_services(struct persist *s, struct plan *p);

/*
 * Store what differs, read it back, and verify its effect. Call it after plan_apply()
 * succeeded.
 */
void persist_apply(struct persist *s, struct plan *p, struct host *h);

/*
 * Get what the settings contain for a resource, as a tree from their top that has only
 * that branch.
 *
 * Owned by the caller; NULL: nothing, or the settings were not read.
 */
struct node *persist_branch(const struct persist *s, const struct resource *r);

void persist_done(struct persist *s);

#endif
