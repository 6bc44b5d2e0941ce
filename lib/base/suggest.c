/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/suggest.h"

#include <string.h>

#define WORD_MAX 64

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein distance, with two swapped neighbours counted as one edit. */
static size_t distance(const char *a, size_t la, const char *b, size_t lb)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= lb; j++)
		above[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t d = above[j - 1] + (a[i - 1] != b[j - 1]);

			d = min(d, min(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d = min(d, before[j - 2] + 1);
			row[j] = d;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[lb];
}

void suggest_offer(struct suggest *s, const char *candidate)
{
	size_t la = strlen(s->typed), lb = strlen(candidate), d;

	if (la == 0 || la > WORD_MAX || lb > WORD_MAX)
		return;
	d = distance(s->typed, la, candidate, lb);
	/* up to a third of the letters wrong is a typo; more would be a guess */
	if (d > 1 && d * 3 > la)
		return;
	if (d >= la || (s->best && d >= s->distance))
		return;
	s->best = candidate;
	s->distance = d;
}
