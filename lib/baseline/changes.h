/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_CHANGES_H
#define BASELINE_CHANGES_H

/* The result of comparing two baselines. */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>

struct cause;

enum change_type {
	CHANGE_CONFIGURATION,
	CHANGE_WORSE,  /* a measured value, beyond the tolerance */
	CHANGE_BETTER, /* likewise; counts for nothing */
};

struct baseline_change {
	const struct cause *cause;
	enum change_type type;
	char *subject;   /* "mount /mnt/data" */
	char *what;      /* "read_ahead_kb"; NULL: all of it */
	char *was, *now; /* for people; NULL: none */
	char *remedy;    /* NULL: none */
};

/* What could not be compared, or must be known about the comparison. */
struct baseline_note {
	char *what, *why;
	bool unread; /* it could be read when the baseline was saved, but not now */
};

struct baseline_comparison {
	struct baseline_change *changes; /* most likely cause first */
	size_t n, cap;
	struct baseline_note *notes;
	size_t n_notes, cap_notes;
	size_t n_counted; /* changes of configuration, and worse values */
	size_t n_unread;
	int other_node, rebooted; /* 1: yes; 0: no; -1: unknown */
	unsigned tolerance;       /* per cent */
};

/* Count a change, and take ownership of its texts. */
void baseline_changes_add(struct baseline_comparison *c, struct baseline_change change);

/* The same for a note. */
void baseline_changes_note(struct baseline_comparison *c, struct baseline_note note);

/* Sort them: the most likely cause first, and what became better last. */
void baseline_changes_sort(struct baseline_comparison *c);

void baseline_comparison_done(struct baseline_comparison *c);

#define _comparison_ _cleanup_(baseline_comparison_done)

#endif
