/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The reasons of records, and those of drives that cannot be used. */
#include "base/mem.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "explain/topic.h"
#include "resource/reason.h"
#include "storage/block/disk_reason.h"

#include <string.h>

static struct node *states_of(const struct reason_text *r)
{
	struct node *list = node_new(NODE_LIST);
	const char *rest = r->states, *word;
	size_t len;

	while ((word = words_next(&rest, ' ', &len))) {
		_free_ char *state = mem_dup_n(word, len);

		node_append(list, node_new_text(state));
	}
	return list;
}

static void describe_text(struct node *n, const struct reason_text *r)
{
	topic_set(n, "why", r->why);
	topic_set(n, "danger", r->danger);
	topic_set(n, "remedy", r->remedy);
	node_set_text(n, "source", "docs/reasons.md, hosttune(8)");
}

static void reasons_each(topic_fn *fn, void *arg)
{
	for (enum reason r = REASON_NONE + 1; r < REASON_COUNT; r++)
		fn(reason_word(r), reason_text(r)->text, arg);
}

static struct node *reasons_describe(const char *word)
{
	for (enum reason r = REASON_NONE + 1; r < REASON_COUNT; r++) {
		const struct reason_text *t = reason_text(r);
		struct node *n;

		if (strcasecmp(t->word, word) != 0)
			continue;
		n = topic_new(&topic_reasons, t->word, t->text);
		node_set(n, "states", states_of(t));
		describe_text(n, t);
		return n;
	}
	return NULL;
}

static void disk_reasons_each(topic_fn *fn, void *arg)
{
	for (enum disk_reason r = DISK_NONE + 1; r < DISK_REASON_COUNT; r++)
		fn(disk_reason_word(r), disk_reason_text(r)->text, arg);
}

static struct node *disk_reasons_describe(const char *word)
{
	for (enum disk_reason r = DISK_NONE + 1; r < DISK_REASON_COUNT; r++) {
		const struct reason_text *t = disk_reason_text(r);
		struct node *n;

		if (strcasecmp(t->word, word) != 0)
			continue;
		n = topic_new(&topic_disk_reasons, t->word, t->text);
		topic_set(n, "group", t->states);
		describe_text(n, t);
		return n;
	}
	return NULL;
}

const struct topic_sort topic_reasons = {"reason", reasons_each, reasons_describe};
const struct topic_sort topic_disk_reasons = {"reason of a drive", disk_reasons_each,
                                              disk_reasons_describe};
