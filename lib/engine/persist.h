/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_H
#define ENGINE_PERSIST_H

/*
 * The second half of a run: what the Bottlerocket settings hold, so that the values
 * are there again after a reboot. One GET to see; only if something differs, one
 * transaction, and one GET to read it back.
 */

#include "base/err.h"

#include <stdbool.h>

struct host;
struct host_api;
struct node;
struct plan;
struct profile;
struct resource;

enum persist_state {
	PERSIST_UNUSED, /* not asked for: persist: false, --no-api, nothing to keep */
	PERSIST_ABSENT, /* no API on this host */
	PERSIST_OK,     /* settings were read, and written if needed */
	PERSIST_UNREACHABLE, /* an API is there and does not answer as it should */
	PERSIST_REFUSED,     /* it refused the change */
};

struct persist {
	enum persist_state state;
	bool needed;   /* the profile cannot do without: persist: true, settings: */
	char *message; /* for all states but UNUSED and OK */
	struct host_api *api;
	struct node *live; /* the settings as they are */
};

/* Read the settings and note in each resource what is persisted of it. */
void persist_observe(struct persist *s, struct plan *p, const struct profile *profile,
                     const struct host *h);

/* Store what differs and read it back. Call after plan_apply() succeeded. */
void persist_apply(struct persist *s, struct plan *p, struct host *h);

/*
 * What the settings hold of it, as a tree from their top, of which a setting or another
 * resource is one branch. Owned by the caller; NULL: nothing, or they were not read.
 */
struct node *persist_stored(const struct persist *s, const struct resource *r);

void persist_done(struct persist *s);

#endif
