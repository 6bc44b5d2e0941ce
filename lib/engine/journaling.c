/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/journaling.h"

#include "base/clock.h"
#include "base/mem.h"
#include "doc/node.h"
#include "engine/journaling_part.h"
#include "engine/plan.h"
#include "host/file.h"
#include "host/host.h"
#include "journal/prune.h"
#include "resource/kinds.h"
#include "resource/undo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- the journal of the run ----------------------------------------------------------
 */

static int read_id(const struct host *h, const char *path, bool required, char **ret,
                   struct err *e)
{
	int r = host_file_read_line(h, path, ret, e);

	if (r == -ENOENT && !required) {
		*ret = mem_dup("");
		return 0;
	}
	/* -ENOENT would say that there is no journal */
	return r == -ENOENT ? (e->code = -ENODATA) : r;
}

int journaling_ids(const struct host *h, char **ret_boot, char **ret_machine,
                   struct err *e)
{
	_free_ char *boot = NULL, *machine = NULL;
	int r = read_id(h, "/proc/sys/kernel/random/boot_id", h->live, &boot, e);

	if (r == 0)
		r = read_id(h, "/etc/machine-id", false, &machine, e);
	*ret_boot = r == 0 ? TAKE_PTR(boot) : NULL;
	*ret_machine = r == 0 ? TAKE_PTR(machine) : NULL;
	return r;
}

/* Such as a key of an interface that went with its pod: nothing is left to restore. */
static bool is_gone(const struct journal_record *r, void *arg)
{
	const struct kind *kind = kinds_named(r->kind);
	_free_ char *now = NULL;
	struct err ignored;

	return !r->stored && kind && kind->undo &&
	       kind->undo->read(arg, r->object, &now, &ignored) == 0 && !now;
}

/* A watch has one journal, unless another run came between, or it is half full. */
static void continue_newest(struct journaling *g, struct host *h)
{
	_journal_ struct journal newest = {0};
	_free_ unsigned *ids = NULL;
	struct err ignored;
	size_t n;

	if (strcmp(g->command, "watch") != 0 ||
	    journal_store_list(&g->store, &ids, &n, &ignored) < 0 || n == 0 ||
	    journal_store_load(&g->store, ids[n - 1], &newest, &ignored) < 0)
		return;
	if (newest.state == JOURNAL_REVERTED || newest.try_s ||
	    strcmp(newest.command, g->command) != 0 ||
	    strcmp(newest.boot, g->journal.boot) != 0 ||
	    strcmp(newest.machine, g->journal.machine) != 0)
		return;
	journal_filter(&newest, is_gone, h);
	if (newest.n > JOURNAL_RECORDS_MAX / 2)
		return;
	journal_done(&g->journal);
	g->journal = newest;
	newest = (struct journal){0};
	g->journal.state = JOURNAL_APPLYING;
}

int journaling_open(struct journaling *g, struct host *h, struct err *e)
{
	_free_ char *boot = NULL, *machine = NULL;
	int r;

	if (g->open || g->none)
		return 0;
	r = journaling_ids(h, &boot, &machine, e);
	if (r == 0)
		r = journal_store_open(&g->store, h, g->dir, true, e);
	if (r == -EROFS && !g->dir && !g->try_s) {
		g->none = mem_dup(e->text);
		return 0;
	}
	if (r < 0)
		return r;
	g->open = true;
	g->journal = (struct journal){.boot = TAKE_PTR(boot),
	                              .machine = TAKE_PTR(machine),
	                              .command = mem_dup(g->command),
	                              .profile = mem_dup(g->profile),
	                              .time_s = clock_unix_s(),
	                              .try_s = g->try_s};
	continue_newest(g, h);
	if (!g->journal.id)
		journal_store_prune(&g->store, g->journal.boot);
	return 0;
}

int journaling_save(struct journaling *g, bool changed, struct err *e)
{
	if (!changed || g->none)
		return 0;
	return journal_store_save(&g->store, &g->journal, e) < 0 ? err_wrap(e, "journal")
	                                                         : 0;
}

/* --- records -------------------------------------------------------------------------
 */

static struct journaling_owner *owner_at(struct journaling *g, size_t i)
{
	if (g->cap_owners < g->journal.cap) {
		g->owners = mem_resize(g->owners, g->journal.cap, sizeof(*g->owners));
		for (size_t j = g->cap_owners; j < g->journal.cap; j++)
			g->owners[j] = (struct journaling_owner){0};
		g->cap_owners = g->journal.cap;
	}
	return &g->owners[i];
}

bool journaling_add(struct journaling *g, struct journal_record *record,
                    const struct resource *owner)
{
	const struct journal_record *known =
		journal_find(&g->journal, record->kind, record->object);
	size_t at = known ? (size_t)(known - g->journal.records) : g->journal.n;
	_node_ struct node *value =
		known && known->desired ? node_copy(known->desired) : NULL;
	bool changed = journal_add(&g->journal, record);
	struct journaling_owner *o = owner_at(g, at);

	if (!o->used)
		*o = (struct journaling_owner){owner, true, known != NULL,
		                               TAKE_PTR(value)};
	return changed;
}

/* A value that a journal cannot hold could not be restored: it is unknown. */
static struct node *value_node(const char *text)
{
	return text && journal_holds(text) ? node_new_text(text) : NULL;
}

static bool add_value(struct journaling *g, const struct resource *r,
                      const struct undo_value *v)
{
	struct journal_record record = {.kind = mem_dup(r->kind->name),
	                                .object = mem_dup(v->object),
	                                .previous = value_node(v->previous),
	                                .desired = value_node(v->desired)};

	return journaling_add(g, &record, r);
}

/* What is never undone has a record, too: revert names what remains. */
static bool add_whole(struct journaling *g, const struct resource *r)
{
	const struct undo_value whole = {r->name, r->seen.now,
	                                 r->spec.want ? r->spec.want : r->name};

	return add_value(g, r, &whole);
}

static bool add_resource(struct journaling *g, const struct resource *r,
                         const struct host *h)
{
	_undo_values_ struct undo_values values = {0};
	bool changed = false;

	if (!r->kind->undo)
		return r->kind->stays && add_whole(g, r);
	r->kind->undo->list(r, h, &values);
	for (size_t i = 0; i < values.n; i++)
		changed |= add_value(g, r, &values.list[i]);
	return changed;
}

int journaling_plan(struct journaling *g, const struct plan *p, struct host *h,
                    struct err *e)
{
	bool changed = false;
	int r = 0;

	for (size_t i = 0; i < p->n && r == 0; i++) {
		const struct resource *one = p->resources[i];

		if (!plan_is_coming(one) || one->run.change.state != STATE_DRIFT)
			continue;
		r = journaling_open(g, h, e);
		if (r == 0 && g->open)
			changed |= add_resource(g, one, h);
	}
	return r < 0 ? err_wrap(e, "journal") : journaling_save(g, changed, e);
}

int journaling_note(struct journaling *g, const struct resource *r, struct host *h,
                    struct err *e)
{
	int code = journaling_open(g, h, e);

	if (code < 0)
		return err_wrap(e, "journal");
	return journaling_save(g, g->open && add_resource(g, r, h), e);
}

void journaling_done(struct journaling *g)
{
	if (g->open)
		journal_store_close(&g->store);
	journal_done(&g->journal);
	for (size_t i = 0; i < g->cap_owners; i++)
		node_free(g->owners[i].value);
	free(g->owners);
	free(g->none);
	*g = (struct journaling){0};
}
