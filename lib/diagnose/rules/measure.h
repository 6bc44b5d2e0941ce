/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_MEASURE_H
#define DIAGNOSE_RULES_MEASURE_H

/*
 * What was read of a node: values with names, each of a subject. The rules are
 * expressions over these names (measure.def); what could not be read is absent with a
 * reason, never zero.
 */

#include "doc/expr.h"

#include <stddef.h>
#include <stdint.h>

struct err;

enum measure_class {
#define C(id, ...) MEASURE_OF_##id,
#define M(...)
#include "diagnose/rules/measure.def"
#undef C
#undef M
	MEASURE_CLASSES
};

/* How a value is printed. */
enum measure_unit {
	UNIT_NONE,
	UNIT_COUNT,   /* a counter: how much it grew in the time of the diagnosis */
	UNIT_BYTES,   /* "64 MiB" */
	UNIT_PERCENT, /* "12 %" */
	UNIT_MS,      /* "120 ms" */
};

struct measure_def {
	const char *name;
	enum measure_class of;
	enum expr_type type;
	enum measure_unit unit;
};

enum measure_id {
#define C(...)
#define M(id, ...) MEASURE_##id,
#include "diagnose/rules/measure.def"
#undef C
#undef M
	MEASURE_COUNT
};

extern const struct measure_def measure_defs[MEASURE_COUNT];
extern const char *const measure_class_words[MEASURE_CLASSES + 1];

struct measure {
	enum measure_id id;
	char *subject;
	int64_t value; /* EXPR_VERSION: a NUM_VERSION; EXPR_BOOL: 0 or 1 */
	char *text;    /* EXPR_TEXT */
	char *absent;  /* why it is unknown; NULL: it is known */
	int code;      /* likewise, the error; 0: none */
	char *where;   /* "/proc/net/softnet_stat" */
	size_t at;     /* in the list, before it was sorted */
};

struct measures {
	struct measure *list;
	size_t n, cap;
};

/* Add a value. `subject`: "" for the node; `where`: the host path; both are copied. */
void measure_add(struct measures *m, enum measure_id id, const char *subject,
                 int64_t value, const char *where);

/* The same for a text, which is copied. */
void measure_add_text(struct measures *m, enum measure_id id, const char *subject,
                      const char *text, const char *where);

/* The same for what could not be read: `why` is an error's text. */
void measure_add_absent(struct measures *m, enum measure_id id, const char *subject,
                        const char *why);

/* The same with an error. */
void measure_add_unread(struct measures *m, enum measure_id id, const char *subject,
                        const struct err *e);

/* The same for each of `n` measures. */
void measure_add_unread_all(struct measures *m, const enum measure_id *ids, size_t n,
                            const char *subject, const struct err *e);

/* Those of one subject: a part of a sorted list. */
struct measures_of {
	const struct measure *list;
	size_t n;
};

/* Sort by class, subject (CPU 2 before CPU 10) and name, for the functions below. */
void measures_sort(struct measures *m);

/* Find the measures of a subject; n 0: there are none. */
struct measures_of measures_of(const struct measures *m, enum measure_class of,
                               const char *subject);

/* Find those of the next subject of the class, after `before` ({0}: the first). */
struct measures_of measures_next(const struct measures *m, enum measure_class of,
                                 struct measures_of before);

/* Find one of them; NULL: it was never added. Borrowed. */
const struct measure *measure_find(struct measures_of subject, enum measure_id id);

/* Format a value with its unit: "64 MiB". Owned by the caller. */
char *measure_format(const struct measure *m);

void measures_done(struct measures *m);

#endif
