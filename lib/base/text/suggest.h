/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TEXT_SUGGEST_H
#define BASE_TEXT_SUGGEST_H

#include <stddef.h>

/*
 * Find the word most similar to a misspelt one: offer each candidate, then read `best`.
 * `best` is borrowed from the candidates, NULL if none is similar enough: at most a third
 * of the letters differ, and at most `most` of them (0: no such limit).
 */
struct suggest {
	const char *typed;
	size_t most;
	const char *best;
	size_t distance;
};

void suggest_offer(struct suggest *s, const char *candidate);

#endif
