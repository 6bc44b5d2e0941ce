/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_COMPARING_H
#define BASELINE_COMPARING_H

/* What the files of the comparison share; only for compare*.c. */

#include "baseline/changes.h"

#include <stdint.h>

struct node;
/* Two drives that are compared, by their names that persist; borrowed. */
struct drive_pair {
	const char *was, *now;
};

struct comparing {
	struct baseline_comparison *c;
	const struct node *was, *now;
	struct drive_pair *pairs;
	size_t n_pairs, cap_pairs;
};

struct changed {
	const char *group, *key;   /* of cause.h */
	const char *subject;       /* "mount /mnt/data" */
	const char *name, *device; /* of a remedy; or NULL */
	const char *pod;           /* NAMESPACE/NAME, or NULL */
	const char *what;          /* NULL: all of it */
	const char *was, *now;
	enum change_type type;
};

/* Add a change; all texts are copied. */
void comparing_add(struct comparing *k, const struct changed *change);

void comparing_note(struct comparing *k, bool unread, const char *what, const char *fmt,
                    ...) _printf_(4, 5);

/* Whether both values can be compared; null is a value. Else note why, for `what`. */
bool comparing_both(struct comparing *k, const char *what, const struct node *was,
                    const struct node *now);

/* Whether one of both values is missing; then note that, for `what`. */
bool comparing_unknown(struct comparing *k, const char *what, const struct node *was,
                       const struct node *now);

/* The same as comparing_both() for a part of both documents. */
bool comparing_part(struct comparing *k, const char *key, const struct node **ret_was,
                    const struct node **ret_now);

/* The text of a value, borrowed; NULL if it is none, or null. The number: whether it is.
 */
const char *comparing_text(const struct node *n);
bool comparing_number(const struct node *map, const char *key, uint64_t *ret);

/* Compare the values of two mappings by key; `change`: what is the same for all. */
void comparing_values(struct comparing *k, const struct node *was, const struct node *now,
                      const struct changed *change);

/* The words that only one of two texts has; "" if there are none. Owned by the caller. */
void comparing_words(const char *was, const char *now, char **ret_was, char **ret_now);

#endif
