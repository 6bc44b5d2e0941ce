/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

/*
 * A profile: one or more files merged from left to right, and the resources that they
 * configure, in the order of `kinds`. Nothing on the host is observed here.
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
	struct node *tree; /* merged; each value has its place and what it replaced */
	/* before formulas, and before items became several; NULL: as `tree` */
	struct node *merged;
	char **names; /* as the user called it, ended by NULL; NULL: none */
	struct source *sources;
	size_t n_sources, cap_sources;
	struct resource **resources;
	size_t n, cap;
	size_t n_waivers;           /* further resources: see profile/waive.h */
	struct exclusions excluded; /* entries whose condition is false on this node */
	bool persist;               /* persist across reboots; default true */
	bool persist_explicit;      /* the profile sets persist: true */
	bool continue_on_failure;   /* on-failure: continue */
};

void profile_done(struct profile *p);

#endif
