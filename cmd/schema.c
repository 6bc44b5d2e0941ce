/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/schema/schema.h"
#include "complain.h"
#include "output.h"

#include <stdio.h>

typedef void schema_print(FILE *out);

/* JSON is the only form of a schema. */
static void cmd_schema_print(enum format f, void *ctx, FILE *out, FILE *log)
{
	schema_print **print = ctx;

	(void)f;
	(void)log;
	(*print)(out);
}

static int cmd_schema_run(const struct options *o)
{
	schema_print *print;

	if (o->n_profiles > 0) {
		complain("schema \"%s\": takes no PROFILE (one schema "
		         "covers all)",
		         o->profiles[0]);
		return EXIT_INVALID;
	}
	print = o->value[OPTION_REPORT] ? report_schema_of_reports : report_schema;
	return (int)outputs_write(o, EXIT_IN_SYNC, cmd_schema_print, &print);
}

const struct cmd cmd_schema = {
	.name = "schema",
	.offline = true,
	.args = "",
	.exits = "0 2 3",
	.see = "validate, docs/profile-language.md",
	.summary = "print the JSON Schema of profiles, or of reports",
	.formats = "text json",
	.run = cmd_schema_run,
};
