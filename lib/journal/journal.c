/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "journal/journal.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/text/utf8.h"
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

/* Find the slot of the index that holds the object, plus 1, or a free one for it. */
static uint32_t *slot_of(const struct journal *j, const char *kind, const char *object)
{
	uint64_t hash = hash_bytes(HASH_START, object, strlen(object));
	size_t mask = j->index_size - 1;

	for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
		uint32_t at = j->index[i];

		if (at == 0 || (strcmp(j->records[at - 1].object, object) == 0 &&
		                strcmp(j->records[at - 1].kind, kind) == 0))
			return &j->index[i];
	}
}

/* A power of two, and twice as many slots as records, one more of which is to come. */
static void reindex(struct journal *j)
{
	size_t size = 16;

	while (size < 2 * (j->n + 1))
		size *= 2;
	free(j->index);
	j->index = mem_new(size, sizeof(*j->index));
	j->index_size = size;
	for (size_t i = 0; i < j->n; i++)
		*slot_of(j, j->records[i].kind, j->records[i].object) = (uint32_t)i + 1;
}

struct journal_record *journal_find(const struct journal *j, const char *kind,
                                    const char *object)
{
	uint32_t at = j->n > 0 ? *slot_of(j, kind, object) : 0;

	return at ? &j->records[at - 1] : NULL;
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
		if (2 * (j->n + 1) > j->index_size)
			reindex(j);
		*slot_of(j, r->kind, r->object) = (uint32_t)j->n + 1;
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
	reindex(j);
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
	free(j->index);
	free(j->boot);
	free(j->machine);
	free(j->command);
	free(j->profile);
	*j = (struct journal){0};
}
