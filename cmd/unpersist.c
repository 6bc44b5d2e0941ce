/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* unpersist: remove what apply stored for the next boot. */
#include "engine/undo/unpersist.h"
#include "base/mem.h"
#include "cmd.h"
#include "complain.h"
#include "engine/capabilities.h"
#include "engine/undo/revert.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "host/process/signals.h"
#include "journal/journal.h"
#include "locking.h"
#include "output.h"
#include "power.h"
#include "reverting.h"
#include "stored/stored.h"

#include <errno.h>
#include <unistd.h>

/* What was edited stays, and the command was to remove it. */
static enum exit_code unpersist_exit_code(const struct revert *v, bool act)
{
	enum exit_code code = reverting_exit_code(v, act);

	return code == EXIT_IN_SYNC &&
	                       plan_find(&v->plan, STATE_SKIPPED, REASON_CHANGED_SINCE)
	               ? EXIT_FAILED
	               : code;
}

static enum exit_code remove_listed(const struct options *o, struct host *h,
                                    const struct journal *j)
{
	bool act = !o->dry_run;
	_cleanup_(revert_done) struct revert v = {0};
	struct reverting results = {o, &v, h, act};
	struct err e = {0};

	if (revert_observe(&v, j, NULL, h, &e) < 0) {
		complain("%s", e.text);
		return EXIT_FAILED;
	}
	capabilities_limit(plan_capabilities(&v.plan, act) | power_always(o));
	if (act)
		(void)revert_apply(&v);
	return outputs_write(o, unpersist_exit_code(&v, act), reverting_print, &results);
}

static enum exit_code unpersist_host(const struct options *o, struct host *h)
{
	_journal_ struct journal j = {0};
	_close_ int lock = -1;
	struct err e = {0};
	int r;

	if (!o->dry_run) {
		lock = locking_take(o, h, &e);
		if (lock < 0) {
			complain("%s", e.text);
			return locking_exit_code(lock);
		}
	}
	r = unpersist_list(&j, h, o->profiles, o->n_profiles, &e);
	if (r < 0) {
		complain("%s", e.text);
		return r == -ENOENT ? EXIT_INVALID : EXIT_FAILED;
	}
	if (j.n > 0)
		return remove_listed(o, h, &j);
	if (!o->dry_run)
		stored_tidy(h);
	if (!o->quiet)
		complain("nothing is stored for the next boot");
	return EXIT_IN_SYNC;
}

static int cmd_unpersist_run(const struct options *o)
{
	enum exit_code code;
	struct host h;

	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	if (!o->dry_run) {
		signals_catch();
		h.deadline.until_signal = true;
	}
	code = unpersist_host(o, &h);
	close_host(&h);
	return (int)code;
}

const struct cmd cmd_unpersist = {
	.name = "unpersist",
	.args = "[NAME...]",
	.takes = "",
	.summary = "remove what is stored for the next boot",
	.exits = "0 1 2 3 6 7 8",
	.see = "apply, revert, docs/persistence.md",
	.formats = "text json",
	.acts = true,
	.plans = true,
	.run = cmd_unpersist_run,
};
