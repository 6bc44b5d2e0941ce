/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_BUILD_H
#define IMPORT_BUILD_H

/* Building the result of an import: for the formats of this room. */

#include "import/result.h"

/* Where a value comes from, and the comments around it. */
struct import_origin {
	struct place key_at, at; /* of the key and of the value */
	char *lead;              /* comments above it; owned; NULL: none */
	char *comment;           /* behind it; owned; NULL: none */
};

void import_origin_done(struct import_origin *o);

#define _import_origin_ _cleanup_(import_origin_done)

/* List the line as omitted. Takes the comment above it. */
void import_omit(struct import *im, struct import_origin *o, const char *fmt, ...)
	_printf_(3, 4);

/* The same for a line without effect in the file itself, as if a later one overrides it.
 */
void import_ignore(struct import *im, struct import_origin *o, const char *fmt, ...)
	_printf_(3, 4);

/* Return the section of the profile, made as needed. */
struct node *import_section(struct import *im, const char *section);

/*
 * Set a key of a section that is a mapping; an earlier line for it is listed as without
 * effect. Takes over `n` and what the origin owns.
 */
void import_set(struct import *im, const char *section, const char *key, struct node *n,
                struct import_origin *o);

/* Set place and comments of a node that stands for the origin, which it takes over. */
void import_place(struct node *n, struct import_origin *o);

/* Take place and comments of a node: the reverse. */
struct import_origin import_origin_of(struct node *n);

/* Add a module to load. */
void import_module(struct import *im, const char *name, struct import_origin *o);

#endif
