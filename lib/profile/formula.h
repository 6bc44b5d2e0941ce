/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_FORMULA_H
#define PROFILE_FORMULA_H

/*
 * Formulas ("= max(8, cpus)") and conditions ("kernel >= 6.1") in a profile, computed
 * over the facts of a node.
 */

#include "base/diagnostics.h"
#include "base/err.h"
#include "host/facts.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct node;

struct facts {
	bool unknown; /* no node is at hand: check only */
	struct host_facts host;
	const struct host *h; /* where drives are counted; NULL: as given here */
	int64_t disks, disk_size;
	char *missing; /* why the host's facts could not be read; owned */
};

void facts_done(struct facts *f);

/* The facts of a host, which is borrowed. Return: 0 or -errno. */
int facts_read(struct facts *f, const struct host *h, struct err *e);

/*
 * The facts that a YAML file gives ("cpus: 8", "memory: 64GiB", "kernel: 6.1"), for
 * what a profile would be on a node that is not at hand. All have to be given.
 * Return: 0, or -1 with problems.
 */
int facts_load(struct facts *f, const char *file, struct diagnostics *diag);

/*
 * Replace each formula in the tree of a whole profile by its result and keep it in
 * ->formula; of unknown facts only check it, and mark the node ->unknown.
 */
void formulas_compute(struct node *tree, const struct facts *f, struct diagnostics *diag);

enum condition { CONDITION_FALSE, CONDITION_TRUE, CONDITION_UNKNOWN };

/*
 * Whether a condition holds; unknown of unknown facts, and of one that is wrong, which
 * is told. `item`: the item of storage that it is of, whose drives it may ask for.
 */
enum condition condition_decide(const struct node *when, const struct node *item,
                                const struct facts *f, struct diagnostics *diag);

#endif
