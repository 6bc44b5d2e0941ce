/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_SOURCE_H
#define PROFILE_SOURCE_H

/*
 * Where the text of a profile comes from: standard input ("-"), a file, the
 * directory of --profile-dir, or the program itself.
 *
 * A name with a "/" or ending in .yaml or .yml is a file. Any other is first
 * DIR/NAME.yaml, then a built-in profile, then a file in the working directory.
 */

#include "base/diagnostics.h"

#include <stddef.h>

struct source {
	char *file; /* how places in it are named */
	char *text;
	size_t len;
};

/*
 * Read the profile `name`. `dir` may be NULL. `asked_at`: where another file asks for
 * it: relative paths start from that file; NULL: the command line does.
 * Return: 0, or -1 with the reason in `ps`. Free with source_done() in any case.
 */
int source_read(struct source *s, const char *name, const char *dir,
                const struct place *asked_at, struct diagnostics *diag);

void source_done(struct source *s);

#endif
