/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* apply: make the host match the profile. */
#include "apply_run.h"
#include "completion.h"

static int run_apply(const struct options *o)
{
	return apply_run(o, !o->dry_run);
}

const struct cmd cmd_apply = {
	.name = "apply",
	.args = "[PROFILE...]",
	.takes = VALUES_PROFILE,
	.summary = "make the host match the profile",
	.exits = "0 1 2 3 4 5 6 7 8",
	.see = "audit, revert, watch, docs/operations.md",
	.formats = "text json junit prometheus npd html",
	.acts = true,
	.plans = true,
	.run = run_apply,
};
