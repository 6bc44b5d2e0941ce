/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/open.h"
#include "output.h"
#include "profile/profile.h"
#include "report/report.h"

static void show(enum format f, void *ctx, FILE *out, FILE *log)
{
	(void)log;
	if (f == FORMAT_JSON)
		report_show_json(ctx, out);
	else
		report_show(ctx, out);
}

static int cmd_show_run(const struct options *o)
{
	struct profile profile;
	enum exit_code code;
	struct host h;

	code = open_host(&h, o);
	if (code != EXIT_IN_SYNC)
		return (int)code;
	code = load_profiles(&profile, o, &h);
	if (code == EXIT_IN_SYNC)
		code = outputs_write(o, code, show, &profile);
	profile_done(&profile);
	host_close(&h);
	return (int)code;
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "[PROFILE...]",
	.summary = "print the merged profile: computed values and origins",
	.formats = "text json",
	.run = cmd_show_run,
};
