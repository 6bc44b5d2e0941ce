/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_CAPTURE_H
#define ENGINE_CAPTURE_H

/*
 * What is there of some profiles, as a profile: each kind says what it finds in the words
 * of a profile; that is checked as any profile is and compared with the node; what an
 * audit would not find in sync is left out, with the reason.
 */

#include "base/diagnostics.h"
#include "engine/persist.h"

#include <stddef.h>

struct host;
struct node;
struct profile;

struct capture {
	struct node
		*tree; /* a whole profile; ->comment where there is something to say */
	struct diagnostics excluded; /* what it lacks, and why; without a place */
	enum persist_state api;
	char *api_message; /* why the API did not answer; NULL: it did, or was not asked
	                    */
};

/*
 * Capture what the `n` profiles name, whatever they want of it. Those that the node
 * matches come first: the items of storage that are there get their names.
 * capture_done() afterwards.
 */
void capture_read(struct capture *c, const struct profile *list, size_t n,
                  const struct host *h);
void capture_done(struct capture *c);

#endif
