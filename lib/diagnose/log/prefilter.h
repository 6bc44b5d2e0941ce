/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_PREFILTER_H
#define DIAGNOSE_LOG_PREFILTER_H

/*
 * Search a text for many literals at once. Most of it is skipped, the more the longer the
 * shortest literal is (Wu and Manber, "A fast algorithm for multi-pattern searching").
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prefilter {
	size_t window; /* bytes of each literal that are looked at first */
	/* by two bytes, most of which are in no literal, and so 0 */
	uint8_t *less;   /* how much less than window - 1 the window can move */
	uint32_t *first; /* the first literal whose window ends with them, from 1 */
	struct prefilter_literal {
		const char *text; /* borrowed */
		size_t len;
		uint32_t next; /* in the list of `first`, from 1; 0: none */
	} * list;
	size_t n;
};

/* Take `n` literals, borrowed, each of at least two bytes. Free with prefilter_done(). */
void prefilter_begin(struct prefilter *p, const char *const *literals, size_t n);

/* Call `found` for each literal that the text contains; it may be called again for it. */
void prefilter_search(const struct prefilter *p, const char *text, size_t len,
                      void (*found)(size_t literal, void *arg), void *arg);

/* Whether the text contains any of them. */
bool prefilter_any(const struct prefilter *p, const char *text, size_t len);

void prefilter_done(struct prefilter *p);

#endif
