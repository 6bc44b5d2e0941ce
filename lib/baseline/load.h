/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_LOAD_H
#define BASELINE_LOAD_H

#include "profile/source.h"

#include <stdint.h>

struct diagnostics;
struct node;

/* A baseline from a file. */
struct baseline_file {
	struct source source; /* its text, which the places in the tree name */
	struct node *tree;
	uint64_t version;
};

/*
 * Read a baseline, of at most 1 MiB; "-" is standard input. Members that are unknown are
 * ignored. One of a later version may differ in form: what does not have the form of
 * version 1 is then missing in the tree. Else it is an error.
 *
 * Return: 0, or -1 with all errors in `diag`. Call baseline_file_done() in any case, but
 * only after the last use of `diag`.
 */
int baseline_load(struct baseline_file *f, const char *path, struct deadline until,
                  struct diagnostics *diag);
void baseline_file_done(struct baseline_file *f);

/* Parse the text of a baseline, which f->source has. Return: as above. */
int baseline_parse(struct baseline_file *f, struct diagnostics *diag);

#endif
