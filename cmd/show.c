/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"
#include "engine/profile.h"
#include "report/report.h"

static int run(const struct options *o)
{
	struct profile profile;
	enum exit_code code = load_profiles(&profile, o);

	if (code == EXIT_IN_SYNC && o->output == OUTPUT_JSON)
		report_show_json(&profile, stdout);
	else if (code == EXIT_IN_SYNC)
		report_show(&profile, stdout);
	profile_done(&profile);
	return (int)code;
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "[PROFILE...]",
	.summary = "the merged profile, each value with its place",
	.run = run,
};
