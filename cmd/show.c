/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "completion.h"
#include "host/host.h"
#include "output.h"
#include "profile/profile.h"
#include "report/profiles/profiles.h"

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
	close_host(&h);
	return (int)code;
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "[PROFILE...]",
	.takes = VALUES_PROFILE,
	.summary = "print the merged profile: computed values and origins",
	.exits = "0 2 3 7",
	.see = "facts, profiles, validate",
	.formats = "text json",
	.run = cmd_show_run,
};
