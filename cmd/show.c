/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"
#include "host/open.h"
#include "profile/profile.h"
#include "report/report.h"

static int cmd_show_run(const struct options *o)
{
	struct profile profile;
	enum exit_code code;
	struct host h;

	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	code = load_profiles(&profile, o, &h);
	if (code == EXIT_IN_SYNC && o->output == OUTPUT_JSON)
		report_show_json(&profile, stdout);
	else if (code == EXIT_IN_SYNC)
		report_show(&profile, stdout);
	profile_done(&profile);
	host_close(&h);
	return (int)code;
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "[PROFILE...]",
	.summary = "print the merged profile: computed values and origins",
	.outputs = PRINTS_JSON,
	.run = cmd_show_run,
};
