/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

/*
 * A profile: one or several files merged from left to right, and the resources that
 * they ask for, in the order of `kinds`. No host is looked at.
 */

#include "base/diagnostics.h"
#include "profile/condition.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <stddef.h>

struct facts;
struct node;
struct source;

struct profile {
	struct node *tree; /* merged; each value knows its place and what it replaced */
	struct source *sources;
	size_t n_sources, cap_sources;
	struct resource **resources;
	size_t n, cap;
	struct exclusions excluded; /* what files say for other nodes, of all of them */
	bool persist;               /* keep settings through the API; default true */
	bool persist_explicit;      /* the profile says so itself */
	bool go_on;                 /* on-failure: continue */
};

/*
 * Read and merge the profiles `names` (see profile/source.h) and what they include,
 * check them, compute their formulas, and make the resources. `dir`: --profile-dir or
 * NULL. `facts`: of the node; unknown ones check the formulas only.
 * Return: 0, or -1 if there are errors; all problems are in `ps`, sorted.
 * profile_done() in any case.
 */
int profile_load(struct profile *p, const char *const *names, size_t n_names,
                 const char *dir, const struct facts *facts, struct diagnostics *diag);

/*
 * The same of one profile that is a tree already and has no formulas or includes; takes
 * ownership of it.
 */
int profile_take(struct profile *p, struct node *tree, struct diagnostics *diag);

void profile_done(struct profile *p);

#endif
