/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_TOML_READER_H
#define DOC_TOML_READER_H

/* What the files of the TOML reader share: toml_read.c has keys and tables. */

#include "base/diagnostics.h"
#include "doc/comments.h"

#include <stddef.h>

struct node;

struct toml_reader {
	const char *p, *end;
	const char *line_start;
	unsigned line;
	const char *file;
	struct diagnostics *diag;
	struct comments comments; /* not attached to a value yet */
};

/* Return the place of the next character. */
struct place toml_place(const struct toml_reader *r);

/* Report an error at `at`, and move to the end. Return: NULL. */
void *toml_fail(struct toml_reader *r, struct place at, const char *what);

/* The same for a value below more than NODE_YAML_DEPTH_MAX others. */
void *toml_fail_depth(struct toml_reader *r, struct place at);

/* Skip blanks; or line ends and comments as well, which are collected. */
void toml_skip_blanks(struct toml_reader *r);
void toml_skip_lines(struct toml_reader *r);

/*
 * Read the rest of a line, which may be a comment: *ret_comment, owned by the caller, or
 * NULL. Return: false, reported, if there is more.
 */
bool toml_end_line(struct toml_reader *r, char **ret_comment);

/* Whether `text` is next; if so, skip it. */
bool toml_accept(struct toml_reader *r, const char *text);

/* Read one string in quotes, owned by the caller; NULL: reported. */
char *toml_read_string(struct toml_reader *r);

/*
 * Read "a.b.c = " without the "=", into a list of texts with their places, owned by the
 * caller; NULL: reported.
 */
struct node *toml_read_key(struct toml_reader *r);

/* Set the value of a key in `table`. Takes ownership of `value`. */
bool toml_set(struct toml_reader *r, struct node *table, const struct node *key,
              struct node *value);

/* Read a value; NULL: reported. `depth`: of lists and tables around it. */
struct node *toml_read_value(struct toml_reader *r, unsigned depth);

#endif
