/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "power.h"

#include "cmd.h"
#include "engine/capabilities.h"
#include "host/process/capabilities.h"
#include "output.h"

static bool writes_files(const struct options *o)
{
	for (size_t i = 0; i < o->n_outputs; i++)
		if (o->outputs[i].file)
			return true;
	return o->value[OPTION_METRICS_FILE] || o->value[OPTION_NPD_FILE];
}

uint64_t power_always(const struct options *o)
{
	return CAPABILITIES_TO_READ | (writes_files(o) ? CAPABILITIES_TO_REPLACE : 0);
}

void power_limit(const struct options *o, const struct cmd *cmd)
{
	uint64_t keep = power_always(o) | capabilities_of_kinds(cmd->acts && !o->dry_run);

	if (cmd->inspects)
		keep |= capabilities_to_inspect();
	/* to limit the bounding set again; the others may write a bundle or a baseline */
	keep |= cmd->plans ? CAPABILITY(SETPCAP) : CAPABILITIES_TO_REPLACE;
	/*
	 * The bounding set takes a system call for each capability. Who acts limits it
	 * once, before the first change; for the others, no_new_privs has its effect.
	 */
	if (cmd->acts && !o->dry_run && !cmd->plans)
		capabilities_limit(keep);
	else
		capabilities_permit(keep);
}
