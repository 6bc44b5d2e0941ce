/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_FIELD_H
#define RESOURCE_FIELD_H

/*
 * The keys of a mapping in a profile, as a table: name, type, limits and destination. The
 * parser, the schema and did-you-mean know the language only from these tables.
 */

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;

enum field_type {
	FIELD_TEXT,   /* char *: not empty; owned by the object, see fields_done() */
	FIELD_CHOICE, /* char *: one of `choices` */
	FIELD_BOOL,   /* bool: true or false */
	FIELD_UINT,   /* uint64_t: within min..max */
	FIELD_SIZE,   /* uint64_t: bytes, with a unit; within min..max */
	FIELD_WORDS,  /* char *: a list of texts, joined by "," */
	FIELD_EACH,   /* a list of words: read by the engine, see struct kind, each */
	FIELD_TEXTS,  /* char *: a text, or a list of them joined by "," */
	FIELD_OBJECT, /* nested mapping: `fields`, offsets from the same struct */
	FIELD_DATE,   /* char *: a day such as 2027-03-31 */
	FIELD_ITEMS,  /* a list of mappings of `fields`: read by its user */
	FIELD_VECTOR, /* a text or a mapping of `fields`, or a list: read by its kind */
	FIELD_BOUND,  /* struct bound: within min..max; "max", if choices has it */
};

struct field {
	const char *name;
	enum field_type type;
	uint16_t offset; /* in the kind's struct */
	bool required;
	bool alternative;  /* at least one of these per table; the kind checks which */
	uint64_t min, max; /* FIELD_UINT, FIELD_SIZE, FIELD_BOUND */
	const char *const *choices; /* FIELD_CHOICE, FIELD_BOUND; ended by NULL */
	const struct field *fields; /* FIELD_OBJECT, FIELD_VECTOR, FIELD_ITEMS */
	/* FIELD_CHOICE: why a word of the field is not one of them; NULL: it is unknown
	 */
	const char *(*explain)(const char *word);

	/* Add problems that the type cannot express, for a value of that type. */
	void (*check)(const struct node *n, struct diagnostics *diag);

	const char *doc; /* one line for schema and documentation */
};

/*
 * Read the members of `map` that `fields` (ended by {0}) names into `object`.
 *
 * A field keeps its value if the map lacks its key. Unknown members are ignored.
 */
void fields_parse(const struct field *fields, const struct node *map, void *object,
                  struct diagnostics *diag);

/*
 * Add a problem, with a suggestion, for each member of `map` that none of the `n_tables`
 * tables names.
 *
 * `what`: what the map is, for the message.
 */
void fields_check_known(const struct field *const *tables, size_t n_tables,
                        const struct node *map, const char *what,
                        struct diagnostics *diag);

/* Free the texts that fields_parse() stored in `object`. */
void fields_done(const struct field *fields, void *object);

/* The key "when": a condition over the facts of the node, read by the engine. */
extern const struct field field_when[];

/*
 * Whether things under these two conditions (NULL: none) can apply on the same node, as
 * far as is known before they are evaluated: different conditions may exclude each other.
 */
bool field_when_meet(const char *a, const char *b);

/* Whether `map` has a member that `fields` names. */
bool fields_any(const struct field *fields, const struct node *map);

#endif
