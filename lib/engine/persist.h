/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_H
#define ENGINE_PERSIST_H

/*
 * The second half of a run: what the Bottlerocket settings hold, so that the values
 * are there again after a reboot. One GET to see and nothing more if all is stored.
 * Else GET /tx/list, PATCH, POST commit_and_apply, and GET to read it back.
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
	PERSIST_UNUSED, /* not asked for: persist: false, --no-api, nothing to keep */
	PERSIST_ABSENT, /* no API on this host */
	PERSIST_OK,     /* settings were read, and written if needed */
	PERSIST_UNREACHABLE, /* an API is there and does not answer as it should */
	PERSIST_REFUSED,     /* it refused the change */
	PERSIST_LOCKED,      /* it answers, and its settings are out of reach */
};

struct persist {
	enum persist_state state;
	bool needed;   /* the profile cannot do without: persist: true, settings: */
	char *message; /* for all states but UNUSED; with OK maybe NULL */
	struct api *api;
	struct node *live;       /* the settings as they are */
	struct node *services;   /* affected by the change, by setting; NULL: not asked */
	struct origins *origins; /* what else sets resources; NULL: not read */
};

/*
 * Read the settings, note in each resource what is persisted of it, and tell why it
 * differs.
 */
void persist_observe(struct persist *s, struct plan *p, const struct profile *profile,
                     const struct host *h);

/* Ask which services a change would affect, if there is one to make. */
void persist_ask_services(struct persist *s, struct plan *p);

/*
 * Store what differs, read it back, and see to its effect. Call after plan_apply()
 * succeeded.
 */
void persist_apply(struct persist *s, struct plan *p, struct host *h);

/*
 * What the settings hold of it, as a tree from their top, of which a setting or another
 * resource is one branch. Owned by the caller; NULL: nothing, or they were not read.
 */
struct node *persist_branch(const struct persist *s, const struct resource *r);

void persist_done(struct persist *s);

#endif
