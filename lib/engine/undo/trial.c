/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/undo/trial.h"

#include "base/clock.h"
#include "base/mem.h"
#include "engine/journaling.h"
#include "engine/undo/revert.h"
#include "journal/journal.h"
#include "journal/store.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The journals of a host, from the newest. */
struct trials {
	struct journal_store store;
	unsigned *ids;
	size_t left;
	char *boot, *machine;
};

static void trials_close(struct trials *t)
{
	journal_store_close(&t->store);
	free(t->ids);
	free(t->boot);
	free(t->machine);
}

/* Return: 0, also without a directory; -errno. Call trials_close() in any case. */
static int trials_open(struct trials *t, struct host *h, const char *dir, struct err *e)
{
	int r;

	*t = (struct trials){.store = {.fd = -1}};
	r = journal_store_open(&t->store, h, dir, false, e);
	if (r == -ENOENT)
		return 0;
	if (r == 0)
		r = journaling_ids(h, &t->boot, &t->machine, e);
	if (r == 0)
		r = journal_store_list(&t->store, &t->ids, &t->left, e);
	return r;
}

/* Of another machine, from a copied directory: nothing of this one is on trial. */
static bool is_foreign(const struct trials *t, const struct journal *j)
{
	return *t->machine && *j->machine && strcmp(t->machine, j->machine) != 0;
}

/* Whether reading it again gives nothing else: it was no trial, or nobody can revert it.
 */
static bool is_final(int r)
{
	return r == -ENODATA || r == -ENOENT || r == -EBADMSG || r == -EPROTONOSUPPORT ||
	       r == -EPERM;
}

/*
 * Read the next one that is on trial. Return: 1; 0 if there is none; -errno if that is
 * unknown of one: another call continues with the next.
 */
static int trials_next(struct trials *t, struct journal *ret, struct err *e)
{
	while (t->left > 0) {
		unsigned id = t->ids[--t->left];
		int r = journal_store_load_trial(&t->store, id, ret, e);

		if (r < 0 && is_final(r))
			continue;
		if (r < 0)
			return r;
		if (ret->try_s && ret->state != JOURNAL_REVERTED && !is_foreign(t, ret))
			return 1;
		journal_done(ret);
	}
	return 0;
}

static int64_t left_of(const struct trials *t, const struct journal *j)
{
	int64_t left = j->try_until_ms - clock_boot_ms();

	return j->state == JOURNAL_APPLYING || strcmp(j->boot, t->boot) != 0 || left < 0
	               ? 0
	               : left;
}

int trial_left(struct host *h, const char *dir, int64_t *ret_ms, struct err *e)
{
	_cleanup_(trials_close) struct trials t;
	struct journal j = {0};
	int64_t first = INT64_MAX;
	int r, code = trials_open(&t, h, dir, e);

	if (code < 0)
		return code;
	while ((r = trials_next(&t, &j, e)) != 0) {
		int64_t left = r < 0 ? INT64_MAX : left_of(&t, &j);

		code = r < 0 ? r : code;
		first = left < first ? left : first;
		if (r > 0)
			journal_done(&j);
	}
	*ret_ms = first;
	/* one that has ended is known, whatever the others are */
	return code < 0 && first > 0 ? code : first < INT64_MAX;
}

static void report_end(const struct revert *v, void (*report)(const char *text))
{
	const struct plan *p = &v->plan;
	_free_ char *text = mem_format(
		"journal %u was on trial and is not confirmed: %zu values restored, %zu "
		"failed, %zu skipped (hosttune revert -n -v %u lists them)",
		v->journal->id, p->counts[STATE_CHANGED], p->counts[STATE_FAILED],
		p->counts[STATE_SKIPPED], v->journal->id);

	if (report)
		report(text);
}

/*
 * Whether time alone may restore the rest: the API answers again, for example. What it
 * refuses, as what the kernel refuses, it refuses again.
 */
static bool is_waiting(const struct revert *v)
{
	enum persist_state api = v->persist.state;

	return v->plan.expired || api == PERSIST_ABSENT || api == PERSIST_LOCKED ||
	       api == PERSIST_UNREACHABLE ||
	       plan_find(&v->plan, STATE_SKIPPED, REASON_API_UNUSED);
}

/* The trial is over; hosttune revert still offers what is not restored. */
static int keep_rest(struct trials *t, struct journal *j, struct err *e)
{
	j->try_s = 0;
	return journal_store_save(&t->store, j, e);
}

static int end_one(struct trials *t, struct journal *j, struct host *h, bool last,
                   void (*report)(const char *text), struct err *e)
{
	_cleanup_(revert_done) struct revert v = {0};
	int r = revert_observe(&v, j, &t->store, h, e);

	if (r < 0)
		return r;
	(void)revert_apply(&v);
	report_end(&v, report);
	if (revert_is_complete(&v))
		return revert_mark(&v, &t->store, j, e);
	if (revert_is_over(&v))
		return keep_rest(t, j, e);
	if (++j->tries < TRIAL_TRIES_MAX && (!last || is_waiting(&v))) {
		if (journal_store_save(&t->store, j, e) < 0)
			return e->code;
		return err_set(e, -EAGAIN,
		               "journal %u: not all is restored (attempt %u of %d; "
		               "hosttune confirm keeps what remains)",
		               j->id, j->tries, TRIAL_TRIES_MAX);
	}
	if (keep_rest(t, j, e) < 0)
		return e->code;
	return err_set(e, -EIO,
	               "journal %u: not all is restored, and its trial is over (hosttune "
	               "revert %u tries it again)",
	               j->id, j->id);
}

int trial_end(struct host *h, const char *dir, bool last,
              void (*report)(const char *text), struct err *e)
{
	_cleanup_(trials_close) struct trials t;
	struct journal j = {0};
	struct err later;
	int r, code = trials_open(&t, h, dir, e);

	while ((r = trials_next(&t, &j, code < 0 ? &later : e)) != 0) {
		if (r > 0) {
			r = left_of(&t, &j) > 0 ? 0
			                        : end_one(&t, &j, h, last, report,
			                                  code < 0 ? &later : e);
			journal_done(&j);
		}
		code = code < 0 ? code : r;
	}
	return code;
}

int trial_confirm(struct host *h, const char *dir, unsigned *ret_id, bool *ret_rest,
                  struct err *e)
{
	_cleanup_(trials_close) struct trials t;
	_journal_ struct journal j = {0};
	int r = trials_open(&t, h, dir, e);

	/* a directory that was named is expected to be there */
	if (r == 0 && dir && t.store.fd < 0)
		return e->code;
	if (r == 0)
		r = trials_next(&t, &j, e);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(e, -ENOENT,
		               "nothing is on trial: it was confirmed, reverted, or "
		               "changed nothing (hosttune revert --list)");
	if (left_of(&t, &j) == 0 && j.tries == 0)
		return err_set(e, -ENOENT, "journal %u: its time is over", j.id);
	*ret_id = j.id;
	*ret_rest = j.tries > 0;
	return keep_rest(&t, &j, e);
}
