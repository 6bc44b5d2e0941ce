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
	                        .less = mem_new(PAIRS, sizeof(*p->less)),
	                        .first = mem_new(PAIRS, sizeof(*p->first)),
	                        .list = mem_new(n, sizeof(*p->list)),
	                        .n = n};
	for (size_t i = 0; i < n; i++) {
		p->list[i].text = literals[i];
		p->list[i].len = strlen(literals[i]);
		if (p->list[i].len < p->window)
			p->window = p->list[i].len;
	}
	for (size_t i = n; i-- > 0;) {
		size_t last = pair_at(literals[i] + p->window - 2);

		for (size_t j = 0; j + 2 <= p->window; j++) {
			uint8_t *less = &p->less[pair_at(literals[i] + j)];

			*less = j + 1 > *less ? (uint8_t)(j + 1) : *less;
		}
		p->list[i].next = p->first[last];
		p->first[last] = (uint32_t)(i + 1);
	}
}

void prefilter_search(const struct prefilter *p, const char *text, size_t len,
                      void (*found)(size_t literal, void *arg), void *arg)
{
	const char *end = text + len;

	if (p->n == 0)
		return;
	for (const char *at = text + p->window - 2; len >= p->window && at + 2 <= end;) {
		size_t pair = pair_at(at), shift = p->window - 1 - p->less[pair];
		const char *start = at + 2 - p->window;

		if (shift > 0) {
			at += shift;
			continue;
		}
		for (size_t i = p->first[pair]; i > 0; i = p->list[i - 1].next)
			if (p->list[i - 1].len <= (size_t)(end - start) &&
			    memcmp(p->list[i - 1].text, start, p->list[i - 1].len) == 0)
				found(i - 1, arg);
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
	free(p->less);
	free(p->first);
	free(p->list);
	*p = (struct prefilter){0};
}
