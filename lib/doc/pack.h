/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_PACK_H
#define DOC_PACK_H

/*
 * A tree, problems and errors as bytes, for a process that parses to the one that asked.
 * The process that reads them trusts no byte: a length that is too long, a text with a
 * NUL, a key that is there twice, keys that take long to find, or a tree that is too
 * deep, and all of it is refused.
 *
 * The bytes never leave the machine: numbers are in its own order, and there is no
 * version.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct diagnostics;
struct err;
struct node;

void pack_number(struct buf *out, uint32_t value);
/* NULL stays NULL. */
void pack_text(struct buf *out, const char *text);
/* What parsers set: not formulas and conditions, which are read from texts later. */
void pack_node(struct buf *out, const struct node *n);
void pack_diagnostics(struct buf *out, const struct diagnostics *diag);
void pack_err(struct buf *out, const struct err *e);

/* What was not read yet. */
struct unpack {
	const char *at, *end;
	bool broken; /* all that is read from here on is 0, NULL or nothing */
};

uint32_t unpack_number(struct unpack *u);
/* Owned by the caller. */
char *unpack_text(struct unpack *u);
/* Owned by the caller; NULL if there is none. `file`: as for the parser. */
struct node *unpack_node(struct unpack *u, const char *file);
void unpack_diagnostics(struct unpack *u, const char *file, struct diagnostics *diag);
/* Return: the code, 0 or below. */
int unpack_err(struct unpack *u, struct err *e);

/*
 * The answer of a parser: problems, an error and a tree, with nothing behind. `diag`:
 * NULL for one that finds no problems with places. Return: the tree, owned by the caller;
 * NULL, never without a new error in `diag` or one in `e`, whatever the bytes are.
 */
struct node *unpack_parsed(struct unpack *u, const char *file, struct diagnostics *diag,
                           struct err *e);

/* Whether everything was there, and nothing more. */
bool unpack_is_complete(const struct unpack *u);

#endif
