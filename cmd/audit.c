/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* audit: report what differs. */
#include "apply_run.h"
#include "completion.h"

static int run_audit(const struct options *o)
{
	return apply_run(o, false);
}

const struct cmd cmd_audit = {
	.name = "audit",
	.args = "[PROFILE...]",
	.takes = VALUES_PROFILE,
	.summary = "report what differs, why, and how to fix it",
	.exits = "0 1 2 3 4 5 7",
	.see = "apply, explain, docs/reasons.md",
	.formats = "text json junit prometheus npd html",
	.plans = true,
	.run = run_audit,
};
