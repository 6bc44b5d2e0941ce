/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FLEET_COLLECT_H
#define FLEET_COLLECT_H

#include "base/deadline.h"

#include <stdbool.h>

struct fleet;

/* Called for each report, file or directory that cannot be used: "FILE: reason". */
typedef void fleet_problem(const char *text);

/*
 * Add the reports of a file, of all *.json files in a directory (not in those below it),
 * or of standard input ("-"). A file holds one or more of them. What cannot be used is
 * counted in f->n_skipped and reported to `problem`; the rest is added. So is what is not
 * read until then.
 */
void fleet_collect(struct fleet *f, const char *path, struct deadline until,
                   fleet_problem *problem);

/* Whether fleet_collect() reads the file of this name in a directory. */
bool fleet_is_report(const char *name);

#endif
