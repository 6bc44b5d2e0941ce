/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The journal at the end of its run: what became of each record. */
#include "base/clock.h"
#include "base/mem.h"
#include "bottlerocket/setting.h"
#include "doc/node.h"
#include "engine/journaling.h"
#include "engine/journaling_part.h"
#include "engine/plan.h"
#include "resource/undo.h"
#include "stored/stored.h"

#include <stdlib.h>
#include <string.h>

/* What is not undone any more: never started, or rolled back for certain. */
static bool is_over(const struct resource *r)
{
	if (!r->run.begun)
		return true;
	return r->run.change.state != STATE_CHANGED && plan_is_as_before(r);
}

/* The value at the path of a stored setting; NULL: none. */
static const struct node *stored_value(const struct node *live, const char *object)
{
	_setting_path_ char **path = setting_path_split(object, NULL);

	for (size_t i = 1; path && path[i] && live; i++)
		live = node_get(live, path[i]);
	return live;
}

static void read_back_setting(struct journal_record *record, const struct node *live)
{
	const struct node *now = live ? stored_value(live, record->object) : NULL;

	if (!now)
		return;
	node_free(record->desired);
	record->desired = node_copy(now);
}

/* Whether the last observation found what the record says. */
static bool is_as_desired(const struct journal_record *record, const struct resource *r)
{
	return strcmp(record->object, r->name) == 0 && record->desired &&
	       record->desired->type == NODE_SCALAR && r->seen.now &&
	       strcmp(record->desired->text, r->seen.now) == 0;
}

/* The kernel may round a value, or choose it. */
static void read_back(struct journal_record *record, const struct resource *r,
                      const struct host *h)
{
	_free_ char *now = NULL;
	struct err ignored;

	if (r->run.change.state != STATE_CHANGED || is_as_desired(record, r))
		return;
	if (!r->kind->undo)
		now = mem_dup(r->seen.now);
	else if (r->kind->undo->read(h, record->object, &now, &ignored) < 0)
		return;
	if (!now || !journal_holds(now))
		return;
	node_free(record->desired);
	record->desired = node_new_text(now);
}

/* What this run did not change has the value of the earlier one. */
static void keep_earlier(struct journal_record *record, struct journaling_owner *o)
{
	node_free(record->desired);
	record->desired = TAKE_PTR(o->value);
}

static bool settle_file(struct journal_record *record, struct journaling_owner *o,
                        const struct host *h)
{
	if (o->earlier && journaling_file_has(record, o->value, h))
		keep_earlier(record, o);
	return journaling_file_is_unwritten(record, h);
}

/* What this run did not send may have been changed by others: then it is theirs. */
static bool settle_setting(struct journal_record *record,
                           const struct journaling_owner *o, const struct node *live)
{
	if (o->used)
		read_back_setting(record, live);
	return live && record->desired && record->previous &&
	       node_equal(record->desired, record->previous);
}

/* Whether the record is of no use any more. */
static bool settle_record(const struct journaling *g, size_t i, const struct node *live,
                          const struct host *h)
{
	struct journal_record *record = &g->journal.records[i];
	struct journaling_owner none = {0},
				*o = i < g->cap_owners ? &g->owners[i] : &none;

	if (record->stored && strcmp(record->kind, STORED_KIND) == 0)
		return settle_file(record, o, h);
	if (record->stored)
		return settle_setting(record, o, live);
	if (!o->resource)
		return false;
	if (!is_over(o->resource)) {
		read_back(record, o->resource, h);
		return false;
	}
	if (o->earlier)
		keep_earlier(record, o);
	return !o->earlier;
}

static bool is_marked(const struct journal_record *r, void *arg)
{
	(void)arg;
	return !*r->object;
}

int journaling_end(struct journaling *g, const struct node *live, const struct host *h,
                   struct err *e)
{
	if (!g->open || !g->journal.id)
		return 0;
	for (size_t i = 0; i < g->journal.n; i++)
		if (settle_record(g, i, live, h))
			g->journal.records[i].object[0] = '\0';
	journal_filter(&g->journal, is_marked, NULL);
	g->journal.state = JOURNAL_APPLIED;
	if (g->try_s)
		g->journal.try_until_ms = clock_boot_ms() + (int64_t)g->try_s * 1000;
	if (g->journal.n == 0)
		return journal_store_remove(&g->store, g->journal.id, e);
	return journaling_save(g, true, e);
}
