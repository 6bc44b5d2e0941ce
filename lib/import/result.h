/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_RESULT_H
#define IMPORT_RESULT_H

/* The result of an import: a profile, and what is not in it. */

#include "base/deadline.h"
#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>

struct node;

/* A line of the file that is not in the profile. */
struct import_omitted {
	struct place at;
	char *reason;
	char *line;     /* the original; NULL: not shown, since it may be secret */
	char *lead;     /* comments above it, as node->lead; NULL: none */
	bool no_effect; /* in the file itself: nothing is lost */
};

struct import {
	struct node *tree; /* a valid profile; ->lead and ->comment have its comments */
	char *header;      /* comment of the whole file, as node->lead; NULL: none */
	char *rest;        /* comments behind the last key; NULL: none */
	struct import_omitted *omitted;
	size_t n, cap;
	struct diagnostics
		warnings; /* of the profile, in places of the file; and notes */
	char **lines;     /* of the file; none if they may be secret */
	size_t n_lines;
	struct deadline until; /* of parsing the file; set by the caller */
};

/* Count the lines that are lost: omitted, but with an effect. */
size_t import_count_lost(const struct import *im);

void import_done(struct import *im);

#endif
