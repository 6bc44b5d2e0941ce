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
	bool continue_on_failure;   /* on-failure: continue */
};

void profile_done(struct profile *p);

#endif
