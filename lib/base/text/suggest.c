/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/suggest.h"

#include <string.h>

#define WORD_MAX 64

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Levenshtein distance, with two swapped neighbours counted as one edit; only up to
 * `limit`, since callers offer hundreds of words for each of thousands of misspelt ones.
 * Return: `limit` + 1 if it is larger. Cells further than `limit` from the diagonal are
 * larger, and are not computed.
 */
static size_t distance_of(const char *a, size_t la, const char *b, size_t lb,
                          size_t limit)
{
	size_t rows[3][WORD_MAX + 2];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	/* the first rows use no more than these */
	for (size_t j = 0; j <= min(lb, limit) + 1; j++)
		above[j] = before[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t first = i > limit ? i - limit : 1, last = min(lb, i + limit);
		size_t *spare = before,
		       lowest = row[first - 1] = first == 1 ? i : limit + 1;

		for (size_t j = first; j <= last; j++) {
			size_t d = above[j - 1] + (a[i - 1] != b[j - 1]);

			d = min(d, min(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d = min(d, before[j - 2] + 1);
			row[j] = d;
			lowest = min(lowest, d);
		}
		if (lowest > limit)
			return limit + 1;
		row[last + 1] = limit + 1;
		before = above;
		above = row;
		row = spare;
	}
	return min(above[lb], limit + 1);
}

/* The same: what is equal at both ends, as that of most keys, costs nothing. */
static size_t distance(const char *a, size_t la, const char *b, size_t lb, size_t limit)
{
	size_t shorter = min(la, lb), head = 0, tail = 0;

	while (head < shorter && a[head] == b[head])
		head++;
	while (head + tail < shorter && a[la - tail - 1] == b[lb - tail - 1])
		tail++;
	return distance_of(a + head, la - head - tail, b + head, lb - head - tail, limit);
}

/* The largest distance that makes a better suggestion than what was offered before. */
static size_t limit_of(const struct suggest *s, size_t len)
{
	/* up to a third of the letters wrong is a typo; more would be a guess */
	size_t limit = len == 1 ? 0 : len < 6 ? 1 : len / 3;

	if (s->most > 0)
		limit = min(limit, s->most);
	return s->best ? min(limit, s->distance - 1) : limit;
}

void suggest_offer(struct suggest *s, const char *candidate)
{
	size_t la = strlen(s->typed), lb = strlen(candidate), limit, d;

	if (la == 0 || la > WORD_MAX || lb > WORD_MAX || (s->best && s->distance == 0))
		return;
	limit = limit_of(s, la);
	if ((la > lb ? la - lb : lb - la) > limit)
		return;
	d = distance(s->typed, la, candidate, lb, limit);
	if (d > limit)
		return;
	s->best = candidate;
	s->distance = d;
}
