/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "journal/journal.h"

#include "base/mem.h"
#include "base/utf8.h"
#include "doc/node.h"

#include <stdlib.h>
#include <string.h>

static void record_done(struct journal_record *r)
{
	free(r->kind);
	free(r->object);
	node_free(r->previous);
	node_free(r->desired);
	node_free(r->instead);
}

struct journal_record *journal_find(const struct journal *j, const char *kind,
                                    const char *object)
{
	for (size_t i = 0; i < j->n; i++)
		if (strcmp(j->records[i].object, object) == 0 &&
		    strcmp(j->records[i].kind, kind) == 0)
			return &j->records[i];
	return NULL;
}

static bool same(const struct node *a, const struct node *b)
{
	return a == b || (a && b && node_equal(a, b));
}

bool journal_add(struct journal *j, struct journal_record *r)
{
	struct journal_record *known = journal_find(j, r->kind, r->object);
	bool changes = !known || !same(known->desired, r->desired);

	if (!known) {
		j->records = mem_grow(j->records, &j->cap, j->n, sizeof(*r));
		j->records[j->n++] = *r;
	} else {
		node_free(known->desired);
		known->desired = TAKE_PTR(r->desired);
		record_done(r);
	}
	*r = (struct journal_record){0};
	return changes;
}

void journal_filter(struct journal *j,
                    bool (*drop)(const struct journal_record *r, void *arg), void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < j->n; i++) {
		if (drop(&j->records[i], arg))
			record_done(&j->records[i]);
		else
			j->records[kept++] = j->records[i];
	}
	j->n = kept;
}

bool journal_holds(const char *text)
{
	return utf8_all_printable(text) && !text[strcspn(text, "\t\n")];
}

const char *journal_state_word(enum journal_state s)
{
	static const char *const words[] = {[JOURNAL_APPLYING] = "applying",
	                                    [JOURNAL_APPLIED] = "applied",
	                                    [JOURNAL_REVERTED] = "reverted"};

	return words[s];
}

void journal_done(struct journal *j)
{
	for (size_t i = 0; i < j->n; i++)
		record_done(&j->records[i]);
	free(j->records);
	free(j->boot);
	free(j->machine);
	free(j->command);
	free(j->profile);
	*j = (struct journal){0};
}
