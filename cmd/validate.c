/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"
#include "profile/profile.h"
#include "profile/source.h"

#include <stdio.h>

static int cmd_validate_run(const struct options *o)
{
	struct profile profile;
	enum exit_code code = load_profiles(&profile, o, NULL);

	if (code == EXIT_IN_SYNC && !o->quiet)
		(void)printf("hosttune: valid: %zu resources\n", profile.n);
	profile_done(&profile);
	return (int)code;
}

const struct cmd cmd_validate = {
	.name = "validate",
	.args = "PROFILE...",
	.summary = "check profiles without a host",
	.run = cmd_validate_run,
};
