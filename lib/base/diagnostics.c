/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/diagnostics.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static _printf_(4, 0) void diag_add(struct diagnostics *diag, enum severity severity,
                                    struct place at, const char *fmt, va_list ap)
{
	struct diagnostic *p;

	diag->list = mem_grow(diag->list, &diag->cap, diag->n, sizeof(*diag->list));
	p = &diag->list[diag->n++];
	diag->errors += severity == SEVERITY_ERROR;
	p->severity = severity;
	p->file = mem_dup(at.file ? at.file : "-");
	p->line = at.line;
	p->col = at.col;
	p->text = mem_vformat(fmt, ap);
}

void diag_error(struct diagnostics *diag, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(diag, SEVERITY_ERROR, at, fmt, ap);
	va_end(ap);
}

void diag_fail(struct diagnostics *diag, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(diag, SEVERITY_ERROR, at, fmt, ap);
	va_end(ap);
	diag->failed = true;
}

void diag_warn(struct diagnostics *diag, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(diag, SEVERITY_WARNING, at, fmt, ap);
	va_end(ap);
}

void diag_note(struct diagnostics *diag, struct place at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diag_add(diag, SEVERITY_NOTE, at, fmt, ap);
	va_end(ap);
}

size_t diag_count_errors(const struct diagnostics *diag)
{
	return diag->errors;
}

const char *severity_prefix(enum severity s)
{
	static const char *const prefixes[] = {[SEVERITY_ERROR] = "",
	                                       [SEVERITY_WARNING] = "warning: ",
	                                       [SEVERITY_NOTE] = "note: "};

	return prefixes[s];
}

static int diag_compare(const void *a, const void *b)
{
	const struct diagnostic *x = a, *y = b;
	int r = strcmp(x->file, y->file);

	if (r == 0)
		r = (x->line > y->line) - (x->line < y->line);
	if (r == 0)
		r = (x->col > y->col) - (x->col < y->col);
	if (r == 0)
		r = (x->severity > y->severity) - (x->severity < y->severity);
	return r ? r : strcmp(x->text, y->text);
}

static void diagnostic_done(struct diagnostic *p)
{
	free(p->file);
	free(p->text);
}

void diag_sort(struct diagnostics *diag)
{
	size_t kept = 0;

	if (diag->n == 0)
		return;
	qsort(diag->list, diag->n, sizeof(*diag->list), diag_compare);
	for (size_t i = 1; i < diag->n; i++) {
		if (diag_compare(&diag->list[kept], &diag->list[i]) == 0) {
			diag->errors -= diag->list[i].severity == SEVERITY_ERROR;
			diagnostic_done(&diag->list[i]);
		} else {
			diag->list[++kept] = diag->list[i];
		}
	}
	diag->n = kept + 1;
}

void diag_done(struct diagnostics *diag)
{
	for (size_t i = 0; i < diag->n; i++)
		diagnostic_done(&diag->list[i]);
	free(diag->list);
	*diag = (struct diagnostics){0};
}
