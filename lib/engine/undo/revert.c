/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/undo/revert.h"

#include "base/mem.h"
#include "bottlerocket/api.h"
#include "doc/node.h"
#include "engine/apply.h"
#include "engine/journaling.h"
#include "engine/undo/undone.h"
#include "host/host.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "resource/kinds.h"
#include "resource/undo.h"
#include "stored/stored.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- the plan ------------------------------------------------------------------------
 */

static bool is_file(const struct journal_record *record)
{
	return record->stored && strcmp(record->kind, STORED_KIND) == 0;
}

static bool any_stored(const struct journal *j)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->records[i].stored && !is_file(&j->records[i]))
			return true;
	return false;
}

static void read_settings(struct revert *v)
{
	struct persist *s = &v->persist;
	struct err e = {0};
	int r;

	if (!v->host->api_socket || !any_stored(v->journal))
		return;
	r = api_open(v->host, &s->api, &e);
	if (r == 0)
		r = api_settings(s->api, &s->live, &e);
	if (r == 0)
		s->state = PERSIST_OK;
	else
		persist_fail(s,
		             r == -ENOKEY   ? PERSIST_LOCKED
		             : r == -ENOENT ? PERSIST_ABSENT
		                            : PERSIST_UNREACHABLE,
		             e.text);
}

/*
 * In reverse order, but settings first: the host writes all of its sysctls again when
 * they change.
 */
static void make_resources(struct revert *v)
{
	const struct journal *j = v->journal;
	struct plan *p = &v->plan;

	p->resources = mem_new(j->n, sizeof(struct resource *));
	for (int stored = 1; stored >= 0; stored--)
		for (size_t i = j->n; i-- > 0;) {
			const struct journal_record *record = &j->records[i];
			struct place at = {v->file, (unsigned)i + 1, 1};

			if (record->stored != (stored == 1))
				continue;
			p->resources[p->n++] =
				is_file(record)  ? undone_file(v, record, at)
				: record->stored ? undone_setting(v, record, at)
						 : undone_value(v, record, at);
		}
}

/* Whether the journal has the record's object, by this text or by another one. */
static bool has_object(const struct journal *j, const struct journal_record *record)
{
	const struct kind *kind = record->stored ? NULL : kinds_named(record->kind);

	if (journal_find(j, record->kind, record->object))
		return true;
	if (!kind || !kind->undo || !kind->undo->overlaps)
		return false;
	for (size_t i = 0; i < j->n; i++)
		if (strcmp(j->records[i].kind, record->kind) == 0 &&
		    kind->undo->overlaps(j->records[i].object, record->object))
			return true;
	return false;
}

/* Whether what the run of `later` did to the record's object still holds. */
static bool overrides(const struct journal *later, const struct journal *j,
                      const struct journal_record *record)
{
	return later->state != JOURNAL_REVERTED &&
	       strcmp(later->machine, j->machine) == 0 &&
	       (record->stored || strcmp(later->boot, j->boot) == 0) &&
	       has_object(later, record);
}

static void note_later(struct revert *v, const struct journal *later)
{
	for (size_t i = 0; i < v->plan.n; i++) {
		struct undone *u = CONTAINER_OF(v->plan.resources[i], struct undone, r);

		if (!overrides(later, v->journal, u->record))
			continue;
		v->n_later += u->later == 0;
		u->later = later->id;
	}
}

/* A journal that cannot be read is passed over: it cannot be reverted first, either. */
static int read_later(struct revert *v, const struct journal_store *s, struct err *e)
{
	_free_ unsigned *ids = NULL;
	size_t n = 0;
	int r = s ? journal_store_list(s, &ids, &n, e) : 0;

	for (size_t i = 0; i < n; i++) {
		_journal_ struct journal later = {0};
		struct err ignored;

		if (ids[i] > v->journal->id &&
		    journal_store_load(s, ids[i], &later, &ignored) == 0)
			note_later(v, &later);
	}
	return r;
}

int revert_observe(struct revert *v, const struct journal *journal,
                   const struct journal_store *s, struct host *h, struct err *e)
{
	_free_ char *boot = NULL, *machine = NULL;

	*v = (struct revert){.journal = journal,
	                     .host = h,
	                     .file = mem_format("journal %u", journal->id),
	                     .stored = undone_setting_kind(),
	                     .sending = {.s = &v->persist, .h = h, .separately = true}};
	if (journaling_ids(h, &boot, &machine, e) < 0)
		return err_wrap(e, "journal %u", journal->id);
	if (!*boot != !*journal->boot)
		return err_set(e, -EXDEV,
		               "journal %u: may be of another boot: the boot id of %s is "
		               "unknown",
		               journal->id, *boot ? "the journal" : "this host");
	v->same_boot = strcmp(boot, journal->boot) == 0;
	if (*machine && *journal->machine && strcmp(machine, journal->machine) != 0)
		return err_set(e, -EXDEV,
		               "journal %u: is of another machine (its machine id is %s)",
		               journal->id, journal->machine);
	if (!v->same_boot && !*machine != !*journal->machine)
		return err_set(e, -EXDEV,
		               "journal %u: may be of another machine: the machine id of "
		               "%s is unknown",
		               journal->id, *machine ? "the journal" : "this host");
	read_settings(v);
	make_resources(v);
	if (read_later(v, s, e) < 0)
		return e->code;
	v->plan.continue_on_failure = true;
	plan_observe(&v->plan, h);
	return 0;
}

/* --- restoring -----------------------------------------------------------------------
 */

bool revert_apply(struct revert *v)
{
	struct plan *p = &v->plan;

	(void)plan_apply(p, v->host);
	stored_tidy(v->host);
	for (size_t i = 0; i < p->n; i++) {
		struct change *c = &p->resources[i]->run.change;

		if (c->state == STATE_CHANGED && c->reason == REASON_APPLIED)
			c->reason = REASON_RESTORED;
	}
	return p->counts[STATE_FAILED] == 0 && !p->expired;
}

bool revert_is_over(const struct revert *v)
{
	const struct plan *p = &v->plan;

	return !p->expired && p->counts[STATE_FAILED] == 0 &&
	       p->counts[STATE_DRIFT] == 0 && p->counts[STATE_PENDING] == 0 &&
	       !plan_find(p, STATE_SKIPPED, REASON_API_UNUSED);
}

bool revert_is_complete(const struct revert *v)
{
	return revert_is_over(v) && v->n_later == 0;
}

int revert_mark(const struct revert *v, const struct journal_store *s, struct journal *j,
                struct err *e)
{
	if (!revert_is_complete(v))
		return 0;
	j->state = JOURNAL_REVERTED;
	j->try_s = 0;
	return journal_store_save(s, j, e);
}

void revert_done(struct revert *v)
{
	for (size_t i = 0; i < v->plan.n; i++)
		resource_free(v->plan.resources[i]);
	free(v->plan.resources);
	persist_done(&v->persist);
	node_free(v->change);
	sending_done(&v->sending);
	free(v->file);
	*v = (struct revert){0};
}
