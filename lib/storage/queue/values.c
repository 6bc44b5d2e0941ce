/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/queue/values.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/suggest.h"
#include "doc/node.h"

#include <inttypes.h>
#include <string.h>

/* The kernel counts in pages, the smallest of which are 4 KiB. */
void queue_values_check_pages(const struct node *n, struct diagnostics *diag)
{
	uint64_t size;

	if (num_size(n->text, &size) == 0 && size % (QUEUE_PAGE_KIB * 1024) != 0)
		diag_error(diag, n->at, "%s \"%s\": must be a multiple of %dKiB", n->key,
		           n->text, QUEUE_PAGE_KIB);
}

/* A kernel may have others, but none whose name is nearly one of these. */
static void check_known_scheduler(const struct node *n, struct diagnostics *diag)
{
	static const char *const known[] = {"none", "mq-deadline", "kyber", "bfq"};
	/* removed in Linux 5.0, with the code that they were for */
	static const char *const old[][2] = {
		{"noop", "none"}, {"deadline", "mq-deadline"}, {"cfq", "bfq"}};
	struct suggest near = {.typed = n->text};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(n->text, known[i]) == 0)
			return;
		suggest_offer(&near, known[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(old); i++)
		if (strcmp(n->text, old[i][0]) == 0)
			near.best = old[i][1];
	if (near.best)
		diag_error(diag, n->at,
		           "scheduler \"%s\": unknown (did you mean \"%s\"?)", n->text,
		           near.best);
}

void queue_values_check_scheduler(const struct node *n, struct diagnostics *diag)
{
	if (n->text[strspn(n->text, "abcdefghijklmnopqrstuvwxyz0123456789-_")])
		diag_error(diag, n->at, "scheduler: is not the name of a scheduler");
	else
		check_known_scheduler(n, diag);
}

char *queue_value(const struct queue_values *v, enum queue_attr_id id)
{
	if (id == QUEUE_SCHEDULER)
		return mem_dup(v->scheduler);
	if (v->numbers[id] == QUEUE_UNSET)
		return NULL;
	return mem_format("%" PRIu64, v->numbers[id] / queue_attr_kinds[id].unit);
}

void queue_value_message(struct buf *b, enum queue_attr_id id, const char *value)
{
	const struct queue_attr_kind *k = &queue_attr_kinds[id];
	_free_ char *text =
		mem_format("%s=%s%s", k->name, value, k->unit == 1024 ? "KiB" : "");

	buf_join(b, " ", text);
}
