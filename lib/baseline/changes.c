/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/changes.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void baseline_changes_add(struct baseline_comparison *c, struct baseline_change change)
{
	c->changes = mem_grow(c->changes, &c->cap, c->n, sizeof(*c->changes));
	c->changes[c->n++] = change;
	c->n_counted += change.type != CHANGE_BETTER;
}

void baseline_changes_note(struct baseline_comparison *c, struct baseline_note note)
{
	c->notes = mem_grow(c->notes, &c->cap_notes, c->n_notes, sizeof(*c->notes));
	c->notes[c->n_notes++] = note;
	c->n_unread += note.unread;
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* What became better comes last. */
static int compare_changes(const void *va, const void *vb)
{
	const struct baseline_change *a = va, *b = vb;
	int r = (a->type == CHANGE_BETTER) - (b->type == CHANGE_BETTER);

	if (r == 0)
		r = (a->cause > b->cause) - (a->cause < b->cause);
	if (r == 0)
		r = compare_texts(a->subject, b->subject);
	r = r ? r : compare_texts(a->what, b->what);
	r = r ? r : compare_texts(a->was, b->was);
	return r ? r : compare_texts(a->now, b->now);
}

void baseline_changes_sort(struct baseline_comparison *c)
{
	if (c->n)
		qsort(c->changes, c->n, sizeof(*c->changes), compare_changes);
}

void baseline_comparison_done(struct baseline_comparison *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->changes[i].subject);
		free(c->changes[i].what);
		free(c->changes[i].was);
		free(c->changes[i].now);
		free(c->changes[i].remedy);
	}
	for (size_t i = 0; i < c->n_notes; i++) {
		free(c->notes[i].what);
		free(c->notes[i].why);
	}
	free(c->changes);
	free(c->notes);
	*c = (struct baseline_comparison){0};
}
