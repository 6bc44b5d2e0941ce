/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_VALUE_H
#define SYSCTL_VALUE_H

/*
 * The value that a profile gives a sysctl: a vector of words (most have one). Each word
 * is exact, or a bound that only raises ({min: x}) or only lowers ({max: x}) the current
 * one.
 */

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;

enum sysctl_bound { SYSCTL_EXACT, SYSCTL_MIN, SYSCTL_MAX };

struct sysctl_word {
	enum sysctl_bound bound;
	char *text;      /* the text to write; owned */
	uint64_t number; /* a bound as a number, else 0 */
	struct place at;
	bool unknown; /* a formula that cannot be computed here */
};

struct sysctl_value {
	struct sysctl_word *words;
	size_t n, cap;
};

/* Add the words of a list, a text or {min: x} to `v`. `key` is for messages. */
void sysctl_value_parse(struct sysctl_value *v, const char *key, const struct node *n,
                        struct diagnostics *diag);

/* Add a bound to `v`; `n` is its number or size. */
void sysctl_value_parse_bound(struct sysctl_value *v, const char *key,
                              enum sysctl_bound bound, const struct node *n,
                              struct diagnostics *diag);

/* Format it for reports: "4096 131072 >=16777216". Owned by the caller. */
char *sysctl_value_describe(const struct sysctl_value *v);

/*
 * Compute the value to write where the current one is `now` (collapsed; NULL: none):
 * exact words stay, a bound that `now` satisfies becomes the current word. Equal to `now`
 * if in sync. Owned by the caller.
 */
char *sysctl_value_resolve(const struct sysctl_value *v, const char *now);

/* Whether a word is a bound. */
bool sysctl_value_has_bound(const struct sysctl_value *v);

/*
 * Collapse white space to single spaces, none around: the kernel separates vectors with
 * tabs. Owned by the caller.
 */
char *sysctl_value_collapse(const char *text);

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
