/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* revert: restore what an apply changed, from its journal. */
#include "engine/undo/revert.h"
#include "base/mem.h"
#include "base/num.h"
#include "cmd.h"
#include "complain.h"
#include "engine/capabilities.h"
#include "engine/journaling.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "host/process/signals.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "journals.h"
#include "locking.h"
#include "output.h"
#include "power.h"
#include "report/revert/revert.h"
#include "reverting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- one journal ---------------------------------------------------------------------
 */

/* Load the newest journal that is not reverted yet. Return: 1; 0: there is none. */
static int load_newest(const struct journal_store *s, struct journal *ret, struct err *e)
{
	_free_ unsigned *ids = NULL;
	size_t n;
	int r = journal_store_list(s, &ids, &n, e);

	while (r == 0 && n-- > 0) {
		r = journal_store_load(s, ids[n], ret, e);
		if (r < 0)
			return err_hint(e, "an older one can be named: hosttune revert "
			                   "--list");
		if (ret->state != JOURNAL_REVERTED)
			return 1;
		journal_done(ret);
	}
	return r;
}

static int load_journal(const struct options *o, const struct journal_store *s,
                        struct journal *ret, struct err *e)
{
	uint64_t id;
	int r;

	if (o->n_profiles == 0)
		return load_newest(s, ret, e);
	if (num_u64(o->profiles[0], &id) < 0 || id == 0 || id > UINT32_MAX)
		return err_set(e, -ENOENT,
		               "journal \"%s\": is not the number of a journal (hosttune "
		               "revert --list prints them)",
		               o->profiles[0]);
	r = journal_store_load(s, (unsigned)id, ret, e);
	return r < 0 ? r : 1;
}

/* A journal that is done is not offered again. */
static enum exit_code revert_finish(const struct revert *v, const struct journal_store *s,
                                    struct journal *j, enum exit_code code)
{
	struct err e = {0};

	if (revert_is_over(v) && v->n_later > 0)
		complain("journal %u is not marked as reverted: later runs changed %zu "
		         "of its values (revert theirs first)",
		         j->id, v->n_later);
	if (revert_mark(v, s, j, &e) == 0)
		return code;
	complain("journal %u is restored, but not marked so: %s", j->id, e.text);
	return code == EXIT_IN_SYNC ? EXIT_FAILED : code;
}

static enum exit_code revert_journal(const struct options *o, struct host *h,
                                     const struct journal_store *s, struct journal *j)
{
	bool act = !o->dry_run && !o->value[OPTION_PRINT];
	_cleanup_(revert_done) struct revert v = {0};
	struct reverting results = {o, &v, h, act};
	struct err e = {0};
	enum exit_code code;

	if (revert_observe(&v, j, s, h, &e) < 0)
		return journals_failed(&e);
	if (o->value[OPTION_PRINT]) {
		report_revert_commands(&v, stdout);
		/* what cannot be read has no command */
		return reverting_exit_code(&v, true);
	}
	capabilities_limit(plan_capabilities(&v.plan, act) | power_always(o));
	if (act)
		(void)revert_apply(&v);
	code = outputs_write(o, reverting_exit_code(&v, act), reverting_print, &results);
	return act ? revert_finish(&v, s, j, code) : code;
}

/* Under the lock, if anything is written. */
static enum exit_code with_store(const struct options *o, struct host *h,
                                 const struct journal_store *s)
{
	_journal_ struct journal j = {0};
	_close_ int lock = -1;
	struct err e = {0};
	int r;

	if (!o->dry_run && !o->value[OPTION_PRINT]) {
		lock = locking_take(o, h, &e);
		if (lock < 0) {
			complain("%s", e.text);
			return locking_exit_code(lock);
		}
	}
	r = load_journal(o, s, &j, &e);
	if (r < 0)
		return journals_failed(&e);
	if (r > 0)
		return revert_journal(o, h, s, &j);
	complain("no journal: nothing to revert");
	return EXIT_IN_SYNC;
}

static enum exit_code with_host(const struct options *o, struct host *h)
{
	_journal_store_ struct journal_store s = {.fd = -1};
	struct err e = {0};
	int r = journal_store_open(&s, h, o->value[OPTION_STATE_DIR], false, &e);

	if (r < 0 && (r != -ENOENT || o->value[OPTION_STATE_DIR]))
		return journals_failed(&e);
	if (o->value[OPTION_LIST])
		return journals_list(o, r == 0 ? &s : NULL);
	if (r == 0)
		return with_store(o, h, &s);
	complain("no journal: nothing to revert");
	return EXIT_IN_SYNC;
}

static int cmd_revert_run(const struct options *o)
{
	enum exit_code code;
	struct host h;

	if (o->n_profiles > 1) {
		complain("revert \"%s\": takes one journal at a time", o->profiles[1]);
		return EXIT_INVALID;
	}
	if (o->n_profiles > 0 && o->value[OPTION_LIST]) {
		complain("revert \"%s\": not with --list, which prints all journals",
		         o->profiles[0]);
		return EXIT_INVALID;
	}
	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	if (!o->dry_run && !o->value[OPTION_PRINT] && !o->value[OPTION_LIST]) {
		signals_catch();
		h.deadline.until_signal = true;
	}
	code = with_host(o, &h);
	close_host(&h);
	return (int)code;
}

const struct cmd cmd_revert = {
	.name = "revert",
	.args = "[JOURNAL]",
	.takes = "",
	.summary = "restore what the last apply changed",
	.exits = "0 1 2 3 4 5 6 7 8",
	.see = "apply, docs/operations.md",
	.formats = "text json",
	.acts = true,
	.plans = true,
	.run = cmd_revert_run,
};
