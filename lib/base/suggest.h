/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

/*
 * The word nearest to a misspelt one: offer each candidate, then read `best`
 * (borrowed from the candidates), NULL if none is near enough to be meant.
 */
struct suggest {
	const char *typed;
	const char *best;
	size_t distance;
};

void suggest_offer(struct suggest *s, const char *candidate);

#endif
