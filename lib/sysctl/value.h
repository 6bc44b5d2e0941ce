/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_VALUE_H
#define SYSCTL_VALUE_H

/*
 * The value that a profile gives a sysctl: a vector of words (most have one). Each word
 * is exact, or a bound that only raises ({min: x}) or only lowers ({max: x}) the current
 * one, or a range that does both ({min: x, max: y}).
 */

#include "base/diagnostics.h"
#include "resource/difference.h"
#include "sysctl/known/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;

enum sysctl_bound { SYSCTL_EXACT, SYSCTL_MIN, SYSCTL_MAX, SYSCTL_RANGE };

struct sysctl_word {
	enum sysctl_bound bound;
	char *text;      /* the text to write; owned */
	char *upper;     /* SYSCTL_RANGE: the text to write for a higher value; owned */
	uint64_t number; /* a bound as a number, else 0 */
	struct place at;
	bool unknown; /* a formula that cannot be computed here */
	bool plain;   /* not quoted in the profile */
};

struct sysctl_value {
	struct sysctl_word *words;
	size_t n, cap;
	enum sysctl_shape shape; /* of the key: how values are compared */
	bool empty;              /* "": there are no words */
};

/* Add the words of a list, a text or {min: x} to `v`, the value of the sysctl `key`. */
void sysctl_value_parse(struct sysctl_value *v, const char *key, const struct node *n,
                        struct diagnostics *diag);

/* Add a bound to `v`, or a range; `min` and `max` are numbers or sizes, or NULL. */
void sysctl_value_parse_bounds(struct sysctl_value *v, const char *key,
                               const struct node *min, const struct node *max,
                               struct diagnostics *diag);

/* Format it for reports: "4096 131072 >=16777216", "10..20". Owned by the caller. */
char *sysctl_value_describe(const struct sysctl_value *v);

/*
 * Add what differs from `now` (collapsed): the elements of a vector of numbers, or the
 * whole value.
 */
void sysctl_value_differences(const struct sysctl_value *v, const char *now,
                              struct differences *ret);

/* The same of a value that was `had` and is `now` (collapsed). */
void sysctl_value_changes(const struct sysctl_value *v, const char *had, const char *now,
                          struct differences *ret);

/*
 * Compute the value to write where the current one is `now` (collapsed; NULL: none):
 * exact words stay, a bound that `now` satisfies becomes the current word. Equal to `now`
 * if in sync: that is, if the kernel shows `now` for the value, whatever its spelling.
 * Owned by the caller.
 */
char *sysctl_value_resolve(const struct sysctl_value *v, const char *now);

/* Whether a word is a bound or a range. */
bool sysctl_value_has_bound(const struct sysctl_value *v);

/* Count the words of a collapsed text. */
size_t sysctl_value_count(const char *collapsed);

/*
 * Convert a collapsed value to the node of a profile: a list of numbers, or one value.
 * Owned by the caller.
 */
struct node *sysctl_value_node(const char *collapsed);

/* Whether a profile can give the value: printable ASCII, and not empty. */
bool sysctl_value_is_text(const char *collapsed);

void sysctl_value_done(struct sysctl_value *v);

#endif
