/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_ARRAY_CLASSIFY_H
#define STORAGE_ARRAY_CLASSIFY_H

/*
 * Which array a set of drives forms, judged by the content of each; for array_members.c.
 */

#include "storage/array_members.h"
#include "storage/block/md.h"

struct disk_candidate;
struct disk_candidates;

struct array_finding {
	const struct disk_spec *spec;
	const struct host *h;
	const char *name;
	const struct disk_candidates *candidates;
	const struct disk_candidate **found; /* one per member */
	struct md *marks; /* one per member; empty without a superblock */
	size_t n_marked;
	const struct md *mark; /* one superblock of this array; NULL: none */
	struct array_members *ret;
};

/* Set the outcome and its fields in f->ret. */
void array_classify(struct array_finding *f);

/* Set the outcome ARRAY_REFUSED. `fault` is the reason; `m` takes ownership of it. */
void array_refuse(struct array_members *m, char *fault);

/* The same, because a drive that may belong to the array cannot be read. */
void array_refuse_unread(struct array_members *m, const struct disk *d,
                         const struct err *e);

#endif
