/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_JOURNALING_H
#define ENGINE_JOURNALING_H

/*
 * The journal of a run that changes the host (journal/journal.h): every value that it is
 * about to write is on disk, with the value before, until the first write. A run that
 * changes nothing writes no journal. engine/undo/revert.h undoes what a journal says.
 */

#include "base/err.h"
#include "journal/journal.h"
#include "journal/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct node;
struct plan;
struct resource;

/* What this run has to do with a record; a watch continues the journal of earlier runs.
 */
struct journaling_owner {
	const struct resource *resource; /* NULL: a setting or a file, or unused */
	bool used;                       /* this run changes the object */
	bool earlier;                    /* and an earlier one did */
	struct node *value; /* what that one left as `desired`; owned, may be NULL */
};

struct journaling {
	const char *command; /* borrowed: "apply" */
	const char *profile; /* borrowed: as the user called it */
	const char *dir;     /* borrowed; NULL: the default of the host */
	unsigned try_s; /* apply --try, not possible without a journal; 0: no trial */

	struct journal_store store;
	struct journal journal;
	struct journaling_owner *owners; /* of each record */
	size_t cap_owners;
	char *none; /* why there is no journal, although the run continues; NULL: there is
	             */
	bool open;
};

/*
 * Write the records of all that a plan is about to change. Called before its first write.
 * Return: 0; -errno: nothing may be written.
 */
int journaling_plan(struct journaling *g, const struct plan *p, struct host *h,
                    struct err *e);

/* The same for one resource, which has just been observed: only what is new. */
int journaling_note(struct journaling *g, const struct resource *r, struct host *h,
                    struct err *e);

/*
 * The same for a change to the Bottlerocket settings: `change` is the tree to send, and
 * `live` has the current ones.
 */
int journaling_settings(struct journaling *g, const struct plan *p,
                        const struct node *live, const struct node *change,
                        struct host *h, struct err *e);

/* A file for the next boot: its path, and its text now and as it will be; NULL: absent.
 */
struct journaling_file {
	const char *path, *previous, *desired;
};

/* The same for files for the next boot (stored/stored.h). */
int journaling_files(struct journaling *g, const struct journaling_file *list, size_t n,
                     struct host *h, struct err *e);

/*
 * End the run: drop what was not changed, or was rolled back. `live`: the current
 * settings; NULL: not read. Without anything left the journal is removed. Return: 0;
 * -errno: it says less about the run than it could.
 */
int journaling_end(struct journaling *g, const struct node *live, const struct host *h,
                   struct err *e);

/* Free it. The file stays. */
void journaling_done(struct journaling *g);

/*
 * The ids of this boot and this machine, owned by the caller. "": there is none, which of
 * a boot only a captured host can say. Return: 0; -errno if one is unknown, and both
 * NULL.
 */
int journaling_ids(const struct host *h, char **ret_boot, char **ret_machine,
                   struct err *e);

#endif
