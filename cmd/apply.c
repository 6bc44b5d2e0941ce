/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* apply: make the host match the profile. */
#include "apply_run.h"
#include "completion.h"

static int run_apply(const struct options *o)
{
	return apply_run(o, !o->dry_run);
}

static const char *const about_apply[] = {
	"hosttune reads the host, plans, checks the whole plan, and only then changes anything; it reads each change back, and persists what can be persisted. If a step fails, it rolls back the steps before. It prints one summary line; with -v, each resource. It needs root.",
	NULL,
};

static const struct cmd_example apply_examples[] = {
	{"sudo hosttune apply nfs-server", "make this host match a built-in profile"},
	{"sudo hosttune apply --dry-run node.yaml", "the same as audit"},
	{"sudo hosttune apply -o json=report.json node.yaml",
         "also write the results to a file"},
	{"sudo hosttune apply --allow-wipe AWS1234 node.yaml",
         "use a drive that the profile permits to wipe"},
	{0},
};

const struct cmd cmd_apply = {
	.name = "apply",
	.args = "[PROFILE...]",
	.takes = VALUES_PROFILE,
	.help = about_apply,
	.summary = "make the host match the profile",
	.examples = apply_examples,
	.exits = "0 1 2 3 4 5 6 7 8",
	.see = "audit, revert, watch, docs/operations.md",
	.formats = "text json junit prometheus npd html",
	.acts = true,
	.plans = true,
	.run = run_apply,
};
