/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_UNDO_UNDONE_H
#define ENGINE_UNDO_UNDONE_H

/* A record of a journal as a resource; for engine/undo/revert.c. */

#include "resource/kind.h"

struct journal_record;
struct revert;

enum undone_owner {
	UNDONE_UNKNOWN, /* not observed yet */
	UNDONE_OURS,    /* it has the value of the run, or the one before */
	UNDONE_FOREIGN, /* changed since then */
};

struct undone {
	struct resource r;
	struct kind kind;      /* of r, unless it is a setting */
	const struct kind *of; /* the kind that wrote it; NULL: this program has none */
	const struct journal_record *record; /* borrowed */
	struct revert *in;
	/*
	 * Decided when it is observed first: later, restoring another object may have
	 * moved it.
	 */
	enum undone_owner owner;
	unsigned later; /* the last journal, not reverted, that has it, too; 0: none */
	bool restored;  /* of a file: it is as it was before the run */
};

/* What a later run changed again is that journal's to restore. Sets a skip. */
void undone_later(const struct undone *u, struct change *ret);

/*
 * Make the resource of a value of the host, of a setting, or of a file for the next boot;
 * resource_free() frees it.
 */
struct resource *undone_value(struct revert *v, const struct journal_record *record,
                              struct place at);
struct resource *undone_setting(struct revert *v, const struct journal_record *record,
                                struct place at);
struct resource *undone_file(struct revert *v, const struct journal_record *record,
                             struct place at);

/* The kind of settings: one for all, so that they are sent in one transaction. */
struct kind undone_setting_kind(void);

#endif
