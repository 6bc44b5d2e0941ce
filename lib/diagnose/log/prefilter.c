/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/prefilter.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS      65536
#define WINDOW_MAX 16

static size_t pair_at(const char *p)
{
	return (size_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

void prefilter_begin(struct prefilter *p, const char *const *literals, size_t n)
{
	*p = (struct prefilter){.window = WINDOW_MAX,
	                        .shift = mem_new(PAIRS, sizeof(*p->shift)),
	                        .first = mem_new(PAIRS, sizeof(*p->first)),
	                        .list = mem_new(n, sizeof(*p->list)),
	                        .n = n};
	for (size_t i = 0; i < n; i++) {
		p->list[i].text = literals[i];
		p->list[i].len = strlen(literals[i]);
		if (p->list[i].len < p->window)
			p->window = p->list[i].len;
	}
	memset(p->shift, (int)p->window - 1, PAIRS);
	for (size_t i = 0; i < PAIRS; i++)
		p->first[i] = -1;
	for (size_t i = n; i-- > 0;) {
		for (size_t j = 0; j + 2 <= p->window; j++) {
			uint8_t *shift = &p->shift[pair_at(literals[i] + j)];
			uint8_t end = (uint8_t)(p->window - 2 - j);

			*shift = end < *shift ? end : *shift;
		}
		p->list[i].next = p->first[pair_at(literals[i] + p->window - 2)];
		p->first[pair_at(literals[i] + p->window - 2)] = (int)i;
	}
}

void prefilter_search(const struct prefilter *p, const char *text, size_t len,
                      void (*found)(size_t literal, void *arg), void *arg)
{
	const char *end = text + len;

	if (p->n == 0)
		return;
	for (const char *at = text + p->window - 2; len >= p->window && at + 2 <= end;) {
		size_t pair = pair_at(at);
		const char *start = at + 2 - p->window;

		if (p->shift[pair] > 0) {
			at += p->shift[pair];
			continue;
		}
		for (int i = p->first[pair]; i >= 0; i = p->list[i].next)
			if (p->list[i].len <= (size_t)(end - start) &&
			    memcmp(p->list[i].text, start, p->list[i].len) == 0)
				found((size_t)i, arg);
		at++;
	}
}

static void note_found(size_t literal, void *arg)
{
	(void)literal;
	*(bool *)arg = true;
}

bool prefilter_any(const struct prefilter *p, const char *text, size_t len)
{
	bool any = false;

	prefilter_search(p, text, len, note_found, &any);
	return any;
}

void prefilter_done(struct prefilter *p)
{
	free(p->shift);
	free(p->first);
	free(p->list);
	*p = (struct prefilter){0};
}
