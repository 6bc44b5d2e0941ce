/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/waiters.h"

#include "base/mem.h"
#include "base/text/buf.h"

#include <stdlib.h>
#include <string.h>

#define WAITERS_NAMED 4

void waiters_add(struct waiters *w, const char *task, const char *where)
{
	_free_ char *text =
		mem_format("%.*s in %s", (int)strcspn(task, "/:"), task, where);

	w->tasks++;
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->list[i].text, text) == 0) {
			w->list[i].n++;
			return;
		}
	if (w->n < WAITERS_MAX)
		w->list[w->n++] = (struct waiters_row){.text = TAKE_PTR(text), .n = 1};
}

static int by_number(const void *a, const void *b)
{
	const struct waiters_row *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp(x->text, y->text);
}

char *waiters_text(struct waiters *w)
{
	struct buf text = {0};

	if (w->n > 1)
		qsort(w->list, w->n, sizeof(*w->list), by_number);
	for (size_t i = 0; i < w->n && i < WAITERS_NAMED; i++)
		buf_addf(&text, "%s%zu %s", i ? ", " : "", w->list[i].n, w->list[i].text);
	buf_add(&text, w->n == 0 ? "none" : w->n > WAITERS_NAMED ? " ..." : "");
	return buf_take(&text);
}

void waiters_done(struct waiters *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->list[i].text);
	*w = (struct waiters){0};
}
