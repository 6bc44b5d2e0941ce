/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/problems.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static _printf_(4, 0) void add(struct problems *ps, enum severity severity,
                               struct place at, const char *fmt, va_list ap)
{
	struct problem *p;

	ps->list = mem_grow(ps->list, &ps->cap, ps->n, sizeof(*ps->list));
	p = &ps->list[ps->n++];
	p->severity = severity;
	p->file = mem_dup(at.file ? at.file : "-");
	p->line = at.line;
	p->col = at.col;
	p->text = mem_vformat(fmt, ap);
}

void problems_add(struct problems *ps, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(ps, PROBLEM_ERROR, at, fmt, ap);
	va_end(ap);
}

void problems_warn(struct problems *ps, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(ps, PROBLEM_WARNING, at, fmt, ap);
	va_end(ap);
}

void problems_note(struct problems *ps, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(ps, PROBLEM_NOTE, at, fmt, ap);
	va_end(ap);
}

size_t problems_errors(const struct problems *ps)
{
	size_t n = 0;

	for (size_t i = 0; i < ps->n; i++)
		n += ps->list[i].severity == PROBLEM_ERROR;
	return n;
}

const char *severity_prefix(enum severity s)
{
	static const char *const prefixes[] = {[PROBLEM_ERROR] = "",
	                                       [PROBLEM_WARNING] = "warning: ",
	                                       [PROBLEM_NOTE] = "note: "};

	return prefixes[s];
}

static int compare(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;
	int r = strcmp(x->file, y->file);

	if (r == 0)
		r = (x->line > y->line) - (x->line < y->line);
	if (r == 0)
		r = (x->col > y->col) - (x->col < y->col);
	if (r == 0)
		r = (x->severity > y->severity) - (x->severity < y->severity);
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
