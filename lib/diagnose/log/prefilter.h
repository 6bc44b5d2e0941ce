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
	size_t window;  /* bytes of each literal that are looked at first */
	uint8_t *shift; /* by two bytes: how far the window can move */
	int *first;     /* by two bytes: the first literal whose window ends with them */
	struct prefilter_literal {
		const char *text; /* borrowed */
		size_t len;
		int next; /* in the list of `first`; -1: none */
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
