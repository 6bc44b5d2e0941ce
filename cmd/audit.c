/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* audit: report what differs. */
#include "apply_run.h"
#include "completion.h"

static int run_audit(const struct options *o)
{
	return apply_run(o, false);
}

static const char *const about_audit[] = {
	"hosttune does all that apply does, except the changes: it reports what differs, why, and how to fix it. Groups come in this order: refused, failed, differs, pending, not applicable. It never writes to the host, and needs root only to read some values.",
	"With -o npd on standard output, the exit codes are those of node-problem-detector: 0 in "
	"sync, 1 not, 2 unknown.",
	NULL,
};

static const struct cmd_example audit_examples[] = {
	{"hosttune audit nfs-server", "compare this host with a built-in profile"},
	{"hosttune audit -v base.yaml node.yaml",
         "merge two profiles; also print what is in sync"},
	{"hosttune audit -o json nfs-server | jq .summary", "for programs"},
	{"hosttune audit --only 'sysctl:net.*' --skip storage nfs-server",
         "a part of the profile"},
	{"hosttune audit --root /mnt/copy --no-api node.yaml",
         "compare a captured tree of files"},
	{0},
};

const struct cmd cmd_audit = {
	.name = "audit",
	.args = "[PROFILE...]",
	.takes = VALUES_PROFILE,
	.help = about_audit,
	.summary = "report what differs, why, and how to fix it",
	.examples = audit_examples,
	.exits = "0 1 2 3 4 5 7",
	.see = "apply, explain, docs/reasons.md",
	.formats = "text json junit prometheus npd html",
	.plans = true,
	.run = run_audit,
};
