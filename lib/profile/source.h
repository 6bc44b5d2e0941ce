/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_SOURCE_H
#define PROFILE_SOURCE_H

/*
 * Sources of profiles: standard input ("-"), a file, the directory of --profile-dir, or
 * the program itself.
 *
 * A name that contains "/" or ends in .yaml or .yml is a file. Any other name is looked
 * up as DIR/NAME.yaml, then as a built-in profile, then as a file in the working
 * directory.
 */

#include "base/deadline.h"
#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>

struct source {
	char *file; /* file name in the places of problems */
	char *text;
	size_t len;
	struct deadline until; /* of reading and parsing it */
	const char *what;      /* for messages: "profile" or "facts" */
	bool built_in;         /* a text of this program */
	char *fault;           /* why it cannot be trusted: see trust.h; NULL: it can */
};

/* Where profiles come from, and until when they are read. NULL: no directory, any time.
 */
struct source_from {
	const char *dir; /* --profile-dir, or NULL */
	struct deadline until;
};

/*
 * Read the profile `name`. `from` may be NULL. `asked_at`: where another file includes
 * it; relative paths then start at that file. NULL: it is named on the command line.
 * Return: 0, or -1 with the reason in `ps`. Free with source_done() in any case.
 */
int source_read(struct source *s, const char *name, const struct source_from *from,
                const struct place *asked_at, struct diagnostics *diag);

/* The same for another file: a path, or "-". `what`: what it is, for messages. */
int source_read_other(struct source *s, const char *path, const char *what,
                      struct deadline until, struct diagnostics *diag);

void source_done(struct source *s);

#endif
