/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_FILES_H
#define ENGINE_PERSIST_FILES_H

/*
 * Persistence on hosts without the Bottlerocket API: sysctls and modules in files that
 * systemd reads at boot; for the rest, a unit that applies the stored profile.
 *
 * Nothing is reported unless persistence was asked for: by persist: true, or by an apply
 * that stored something for the profile.
 */

#include "stored/stored.h"

#include <stdbool.h>

struct host;
struct node;
struct persist;
struct plan;
struct profile;
struct resource;

/* The value, in a tree, of what a unit applies. */
#define PERSISTING_AT_BOOT "applied at boot"

struct persisting {
	char *name;    /* of the files */
	char *service; /* the unit that applies the profile at boot */
	struct stored_file have[STORED_FILES];
	/* the wanted texts of profile, unit and its link; NULL: no resource needs them */
	char *want[STORED_FILES];
	char *no_unit;   /* why there can be no unit; NULL: there can */
	char *locked;    /* why nothing is written; NULL: files may be */
	char *unknown;   /* why it is unknown what they hold; NULL: it is not */
	bool explicit;   /* the profile says persist: true */
	bool asked;      /* it does, or something is stored */
	bool recorded;   /* a captured root, or a bundle */
	bool by_service; /* hosttune-apply.service applies this very profile */
};

/* Whether the profile is a stored one, which a unit applies: nothing is stored again. */
bool persisting_is_stored(const struct profile *profile);

/* Read the files of a profile. NULL: files are not the store of this host. */
struct persisting *persisting_read(const struct plan *p, const struct profile *profile,
                                   const struct host *h);
void persisting_free(struct persisting *f);

/* Read the files again. */
void persisting_reread(struct persisting *f, const struct host *h);

/* What the files hold, as a tree. Owned by the caller. */
struct node *persisting_tree(const struct persisting *f);

/* Whether only a unit can persist the resource. */
bool persisting_needs_unit(const struct resource *r);

/* Whether a tree of the wanted settings needs a unit that this host cannot have. */
bool persisting_is_excused(const struct persisting *f, const struct node *wanted);

/* Add what persists a resource to `wanted`: want() of the store. */
void persisting_want(const struct resource *r, const struct node *live,
                     struct node *wanted);

/* Whether a file has the wanted text, or is absent and not wanted. */
bool persisting_is_same(const struct persisting *f, enum stored_what what);

#endif
