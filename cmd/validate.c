/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "completion.h"
#include "output.h"
#include "profile/profile.h"
#include "report/profiles/profiles.h"

#include <stdio.h>
#include <time.h>

struct checked {
	const struct options *o;
	struct profile profile;
	struct diagnostics diag;
	enum exit_code code;
};

static void cmd_validate_print(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct checked *c = ctx;
	enum severity most = reported_severity(c->o, NULL);

	if (f == FORMAT_JSON) {
		report_diagnostics_json(&c->diag, most, out);
		return;
	}
	if (f == FORMAT_JUNIT) {
		report_diagnostics_junit(&c->diag, most, (int64_t)time(NULL), out);
		return;
	}
	print_diagnostics(&c->diag, most, log);
	if (c->code == EXIT_IN_SYNC && !c->o->quiet)
		(void)fprintf(out, "hosttune: valid: %zu %s\n", c->profile.n,
		              c->profile.n == 1 ? "resource" : "resources");
}

static int cmd_validate_run(const struct options *o)
{
	struct checked c = {.o = o};
	enum exit_code code;

	c.code = read_profiles(&c.profile, o, NULL, NULL, &c.diag);
	code = c.code;
	/* without a profile there are no results: the reason is printed */
	if (code == EXIT_IN_SYNC || diag_count_errors(&c.diag) > 0)
		code = outputs_write(o, code, cmd_validate_print, &c);
	profile_done(&c.profile);
	diag_done(&c.diag);
	return (int)code;
}

const struct cmd cmd_validate = {
	.name = "validate",
	.offline = true,
	.args = "PROFILE...",
	.takes = VALUES_PROFILE,
	.summary = "check profiles without a host",
	.exits = "0 2 3 7",
	.see = "show, schema, docs/profile-language.md",
	.formats = "text json junit",
	.run = cmd_validate_run,
};
