/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/problems.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void problems_add(struct problems *ps, struct place at, const char *fmt, ...)
{
	struct problem *p;
	va_list ap;

	ps->list = mem_grow(ps->list, &ps->cap, ps->n, sizeof(*ps->list));
	p = &ps->list[ps->n++];
	p->file = mem_dup(at.file ? at.file : "-");
	p->line = at.line;
	p->col = at.col;
	va_start(ap, fmt);
	p->text = mem_vformat(fmt, ap);
	va_end(ap);
}

static int compare(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	int r = strcmp(x->file, y->file);

	if (r == 0)
		r = (x->line > y->line) - (x->line < y->line);
	if (r == 0)
		r = (x->col > y->col) - (x->col < y->col);
	return r ? r : strcmp(x->text, y->text);
}

static void problem_done(struct problem *p)
{
	free(p->file);
	free(p->text);
}

void problems_sort(struct problems *ps)
{
	size_t kept = 0;

	if (ps->n == 0)
		return;
	qsort(ps->list, ps->n, sizeof(*ps->list), compare);
	for (size_t i = 1; i < ps->n; i++) {
		if (compare(&ps->list[kept], &ps->list[i]) == 0)
			problem_done(&ps->list[i]);
		else
			ps->list[++kept] = ps->list[i];
	}
	ps->n = kept + 1;
}

void problems_done(struct problems *ps)
{
	for (size_t i = 0; i < ps->n; i++)
		problem_done(&ps->list[i]);
	free(ps->list);
	*ps = (struct problems){0};
}
