/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KINDS_ARRAY_JUDGE_H
#define KINDS_ARRAY_JUDGE_H

/*
 * What drives make together, from what is on each of them; for array_members.c.
 */

#include "host/host_md.h"
#include "kinds/array_members.h"

struct array_finding {
	const struct disk_wish *wish;
	const struct host *h;
	const char *name;
	const struct disk_survey *survey;
	const struct disk_found **found; /* of each member */
	struct host_md *marks;           /* of each member; those without: empty */
	size_t n_marked;
	const struct host_md *mark; /* one of ours; NULL: none */
	struct array_members *ret;
};

/* Set the outcome and what belongs to it in f->ret. Return: 0 or -errno. */
int array_judge(struct array_finding *f, struct err *e);

/* The outcome is ARRAY_REFUSED; `fault` says why, and is owned. */
void array_refuse(struct array_members *m, char *fault);

#endif
