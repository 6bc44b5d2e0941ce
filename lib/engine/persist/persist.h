/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_PERSIST_H
#define ENGINE_PERSIST_PERSIST_H

/*
 * The second half of a run: values persist across reboots in the Bottlerocket settings
 * or, without their API, in files (engine/persist/store.h).
 *
 * If all settings are stored already, one GET is all. Otherwise (persist/apply.h): GET
 * /tx/list, GET again, PATCH, POST commit_and_apply, and GET to read it back.
 */

#include "base/err.h"
#include "engine/persist/attempts.h"
#include "resource/reason.h"

#include <stdbool.h>

struct host;
struct api;
struct node;
struct origins;
struct persist_store;
struct persisting;
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

/* The word of a state in reports: "ok", "absent". Static; NULL: there is no such state.
 */
const char *persist_state_word(enum persist_state s);

/* Must be zeroed before persist_observe(), but for `tried`, `only_asked` and
 * `separately`. */
struct persist {
	enum persist_state state;
	bool needed;   /* the profile requires it: persist: true, or settings: */
	char *message; /* set in all states except UNUSED; may be NULL in OK */
	struct api *api;
	const struct persist_store *store;
	struct persisting *files; /* of that store; NULL: it is not used */
	struct node
		*live; /* what the store holds; NULL: unknown, or nobody asked for it */
	struct node *services; /* affected by the change, by setting; NULL: not queried */
	struct origins *origins; /* what else sets resources; NULL: not read */

	bool only_asked; /* write no files unless persistence was asked for */
	bool separately; /* if the API refuses the change, store each part for itself */
	const struct attempts *tried; /* not sent again, borrowed; NULL: none */
	struct attempts not_kept;     /* by this run: stored as another value */
	bool began;                   /* persist_apply() was called */
};

/* Read the settings, set what is persisted in each resource, and explain differences. */
void persist_observe(struct persist *s, struct plan *p, const struct profile *profile,
                     const struct host *h);

/* Compare each resource with the settings again, and explain differences. */
void persist_report(const struct persist *s, struct plan *p);

/*
 * At the end of a run that did not read the settings, though it should have: say so at
 * each resource whose persistence is unknown or impossible.
 */
void persist_explain(const struct persist *s, struct plan *p);

/* Record that the API failed, and why. */
void persist_fail(struct persist *s, enum persist_state state, const char *message);

/*
 * Whether the API failed the run: it exists and did not do what it was asked, or it is
 * absent or locked and the profile requires it. What is persisted is then unknown, or not
 * what the profile says.
 */
bool persist_failed(const struct persist *s);

/* The reason of a resource that fails because of the state of the API. */
enum reason persist_reason(const struct persist *s);

/*
 * Get what the settings contain for a resource, as a tree from their top that has only
 * that branch.
 *
 * Owned by the caller; NULL: nothing, or the settings were not read.
 */
struct node *persist_branch(const struct persist *s, const struct resource *r);

void persist_done(struct persist *s);

#endif
