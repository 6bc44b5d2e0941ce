/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_RECORDED_H
#define HOST_RECORDED_H

/*
 * Answers of the kernel, of a drive or of the API that no file holds. Every function that
 * asks for one has the same three steps:
 *
 *	r = recorded_get(h, "probe", device, &known, e);
 *	if (r == 0)
 *		r = recorded_put(h, "probe", device, ask(..., e), e, node of the answer);
 *	else if (r > 0)
 *		take the answer from `known`
 *
 * On a host that is read, the first returns 0 and the second only its result. While a
 * bundle is collected (h->record), answers are kept, and the second caller gets the first
 * answer. With a bundle (h->bundle), the kernel is never asked.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct node;

/*
 * Return: 1 and *ret, borrowed; 0: ask; the -errno that asking had, or -ENODATA if the
 * bundle lacks the answer, with `e` set.
 */
int recorded_get(const struct host *h, const char *what, const char *subject,
                 const struct node **ret, struct err *e);

/* Keep the answer, or, with r < 0, the error. Takes ownership of it. Return: `r`. */
int recorded_put(const struct host *h, const char *what, const char *subject, int r,
                 const struct err *e, struct node *answer);

/* Whether recorded_get() has an answer, or an error, without asking. */
bool recorded_has(const struct host *h, const char *what, const char *subject);

/* Whether there are, or will be, answers of a kernel: that of a live host, or recorded.
 */
bool recorded_or_live(const struct host *h);

/*
 * The parts of an answer. A text is owned by the caller, printable; NULL: none. A number
 * that is missing, or larger than `max`, is 0.
 */
char *recorded_text(const struct node *answer, const char *key);
uint64_t recorded_number(const struct node *answer, const char *key, uint64_t max);
bool recorded_flag(const struct node *answer, const char *key);

/* A single text, such as the target of a link: the same, with `ask` as a function. */
int recorded_word(const struct host *h, const char *what, const char *subject,
                  int (*ask)(const struct host *h, const char *subject, char **ret,
                             struct err *e),
                  char **ret, struct err *e);

#endif
