/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_ARRAY_CLASSIFY_H
#define STORAGE_ARRAY_CLASSIFY_H

/*
 * What drives make together, from what is on each of them; for array_members.c.
 */

#include "storage/array_members.h"
#include "storage/block/md.h"

struct array_finding {
	const struct disk_spec *spec;
	const struct host *h;
	const char *name;
	const struct disk_candidates *candidates;
	const struct disk_candidate **found; /* of each member */
	struct md *marks;                    /* of each member; those without: empty */
	size_t n_marked;
	const struct md *mark; /* one of ours; NULL: none */
	struct array_members *ret;
};

/* Set the outcome and what belongs to it in f->ret. Return: 0 or -errno. */
int array_classify(struct array_finding *f, struct err *e);

/* The outcome is ARRAY_REFUSED; `fault` says why, and is owned. */
void array_refuse(struct array_members *m, char *fault);

#endif
