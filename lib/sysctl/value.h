/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_VALUE_H
#define SYSCTL_VALUE_H

/*
 * What a profile wants of a sysctl: a vector of words (most have one), each exact or
 * a bound that only raises ({min: x}) or only lowers ({max: x}) what is there.
 */

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;

enum sysctl_bound { SYSCTL_EXACT, SYSCTL_MIN, SYSCTL_MAX };

struct sysctl_word {
	enum sysctl_bound bound;
	char *text;      /* what to write; owned */
	uint64_t number; /* of a bound */
	struct place at;
	bool unknown; /* a formula that could not be computed */
};

struct sysctl_value {
	struct sysctl_word *words;
	size_t n, cap;
};

/* Add what a list, a text or {min: x} asks for. `key` is for messages. */
void sysctl_value_parse(struct sysctl_value *v, const char *key, const struct node *n,
                        struct diagnostics *diag);

/* Add a bound. */
void sysctl_value_parse_bound(struct sysctl_value *v, const char *key,
                              enum sysctl_bound bound, const struct node *n,
                              struct diagnostics *diag);

/* As people write it: "4096 131072 >=16777216". Owned by the caller. */
char *sysctl_value_describe(const struct sysctl_value *v);

/*
 * The value to have where `now` (collapsed; NULL: nothing) is: exact words as they
 * are, bounds that hold replaced by what is there. Equal to `now` if all is well.
 */
char *sysctl_value_resolve(const struct sysctl_value *v, const char *now);

/* Whether a word is a bound. */
bool sysctl_value_has_bound(const struct sysctl_value *v);

/* The kernel separates vectors with tabs: one space between, none around. */
char *sysctl_value_collapse(const char *text);

/* How many words there are in a collapsed text. */
size_t sysctl_value_count(const char *collapsed);

/*
 * A collapsed value as a profile gives it: a list of numbers, or one value. Owned by the
 * caller.
 */
struct node *sysctl_value_node(const char *collapsed);

/* Whether a profile, which is text, can give the value: it is not empty, and ASCII. */
bool sysctl_value_is_text(const char *collapsed);

void sysctl_value_done(struct sysctl_value *v);

#endif
