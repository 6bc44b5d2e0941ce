/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "cmd.h"
#include "report/report.h"

#include <stdio.h>

static int cmd_schema_run(const struct options *o)
{
	if (o->n_profiles > 0) {
		(void)fprintf(stderr,
		              "hosttune: schema \"%s\": takes no PROFILE (one schema "
		              "covers all)\n",
		              o->profiles[0]);
		return EXIT_INVALID;
	}
	report_schema(stdout);
	return EXIT_IN_SYNC;
}

const struct cmd cmd_schema = {
	.name = "schema",
	.args = "",
	.summary = "print the JSON Schema of profiles, for editors",
	.formats = "text json",
	.run = cmd_schema_run,
};
