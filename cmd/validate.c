/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"
#include "profile/profile.h"
#include "report/report.h"

#include <stdio.h>

static enum exit_code validate_json(const struct options *o, struct profile *p)
{
	_diagnostics_ struct diagnostics diag = {0};
	enum exit_code code = read_profiles(p, o, NULL, &diag);

	report_diagnostics_json(&diag, reported_severity(o, NULL), stdout);
	return code;
}

static int cmd_validate_run(const struct options *o)
{
	bool json = o->output == OUTPUT_JSON;
	struct profile profile;
	enum exit_code code =
		json ? validate_json(o, &profile) : load_profiles(&profile, o, NULL);

	if (code == EXIT_IN_SYNC && !json && !o->quiet)
		(void)printf("hosttune: valid: %zu resources\n", profile.n);
	profile_done(&profile);
	return (int)code;
}

const struct cmd cmd_validate = {
	.name = "validate",
	.args = "PROFILE...",
	.summary = "check profiles without a host",
	.outputs = PRINTS_JSON,
	.run = cmd_validate_run,
};
