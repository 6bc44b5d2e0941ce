/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "apply_exit.h"

#include "base/stop.h"
#include "engine/aside.h"

static bool differs(const struct plan *p, bool act)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct change *c = &p->resources[i]->run.change;

		if (aside_is_waived(p->resources[i]))
			continue;
		/* a day in the calendar must not keep a node out of its cluster */
		if (act && plan_waits_for_user(c))
			continue;
		if (c->state == STATE_DRIFT || c->state == STATE_PENDING)
			return true;
	}
	return false;
}

enum exit_code apply_exit_code(const struct plan *p, const struct persist *s, bool act)
{
	if (p->expired && stop_signal())
		return EXIT_SIGNAL;
	/* on-failure: continue: failures are reported, but must not stop the boot */
	if (act && p->continue_on_failure)
		return EXIT_IN_SYNC;
	/* ambiguous: the profile does not say which drive it means on this node */
	if (plan_is_refused(p))
		return plan_find(p, STATE_REFUSED, REASON_DISK_AMBIGUOUS) ? EXIT_INVALID
		                                                          : EXIT_REFUSED;
	if (p->expired)
		return EXIT_DEADLINE;
	if (persist_failed(s))
		return EXIT_API;
	if (p->counts[STATE_FAILED] || p->counts[STATE_REFUSED])
		return EXIT_FAILED;
	return differs(p, act) ? EXIT_DRIFT : EXIT_IN_SYNC;
}
