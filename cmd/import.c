/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/import.h"
#include "base/text/suggest.h"
#include "complain.h"
#include "completion.h"
#include "output.h"
#include "profile/source.h"
#include "report/profiles/profiles.h"

#include <stdio.h>

static bool parse_from(const char *name, enum import_format *ret)
{
	struct suggest near = {.typed = name ? name : ""};

	*ret = name ? import_format_named(name) : IMPORT_AUTO;
	if (!name || *ret != IMPORT_AUTO)
		return true;
	for (size_t i = 0; import_formats[i]; i++)
		suggest_offer(&near, import_formats[i]);
	complain("--from \"%s\": unknown (%s%s%s)", name,
	         near.best ? "did you mean \"" : "",
	         near.best ? near.best : "sysctl, tuned or bottlerocket",
	         near.best ? "\"?" : "");
	return false;
}

struct imported {
	const struct options *o;
	struct import im;
};

static void cmd_import_print(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct imported *i = ctx;

	(void)log;
	if (f == FORMAT_JSON)
		report_import_json(&i->im, out);
	else
		report_import(&i->im, out);
}

static enum exit_code cmd_import_finish(struct imported *i)
{
	size_t lost = import_count_lost(&i->im);
	enum exit_code code = lost > 0 ? EXIT_DRIFT : EXIT_IN_SYNC;

	code = outputs_write(i->o, code, cmd_import_print, i);
	report_import_omitted(&i->im, i->o->quiet, stderr);
	print_diagnostics(&i->im.warnings, reported_severity(i->o, NULL), stderr);
	if (lost > 0 && !i->o->quiet)
		complain("%zu %s not translated", lost,
		         lost == 1 ? "line was" : "lines were");
	return code;
}

static int cmd_import_run(const struct options *o)
{
	_diagnostics_ struct diagnostics diag = {0};
	enum exit_code code;
	enum import_format format;
	struct imported i = {.o = o, .im.until = o->until};
	struct source s;

	if (!parse_from(o->value[OPTION_FROM], &format))
		return EXIT_INVALID;
	if (o->n_profiles != 1) {
		complain("import: needs one FILE, or - for standard input");
		return EXIT_INVALID;
	}
	if (source_read_other(&s, o->profiles[0], "file", o->until, &diag) == 0 &&
	    import_read(&i.im, s.text, s.len, s.file, format, &diag) == 0)
		code = cmd_import_finish(&i);
	else
		code = exit_unread(o->until, &diag);
	print_diagnostics(&diag, SEVERITY_NOTE, stderr);
	import_done(&i.im);
	source_done(&s);
	return (int)code;
}

const struct cmd cmd_import = {
	.name = "import",
	.offline = true,
	.args = "FILE",
	.takes = VALUES_FILE,
	.summary = "print a file of another tool as a profile",
	.exits = "0 1 2 3 7",
	.see = "validate, capture, userdata",
	.formats = "text json",
	.run = cmd_import_run,
};
