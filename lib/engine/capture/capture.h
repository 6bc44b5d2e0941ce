/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_CAPTURE_CAPTURE_H
#define ENGINE_CAPTURE_CAPTURE_H

/*
 * Write the current state of a node as a profile. Each kind describes what it finds in
 * the profile language. The result is checked like any profile and compared with the
 * node. What an audit would not find in sync is skipped, with the reason.
 */

#include "base/diagnostics.h"
#include "engine/persist/persist.h"

#include <stddef.h>

struct host;
struct node;
struct profile;

struct capture {
	struct node *tree;           /* a complete profile; ->comment holds remarks */
	struct diagnostics excluded; /* what was skipped, and why; without places */
	enum persist_state api;
	char *api_message; /* why the API did not answer; NULL: it did, or was not asked
	                    */
};

/*
 * Capture what the `n` profiles name; the values they configure do not matter. Profiles
 * that the node matches come first, so that existing storage gets their item names.
 * `survey`: also what kinds can list of the node, such as its interfaces. Call
 * capture_done() afterwards.
 */
void capture_read(struct capture *c, const struct profile *list, size_t n, bool survey,
                  const struct host *h);
void capture_done(struct capture *c);

#endif
