/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "output.h"
#include "complain.h"

#include "base/mem.h"
#include "base/text/suggest.h"
#include "base/text/words.h"
#include "confine/writer.h"
#include "host/atomic_write.h"
#include "report/npd_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int refuse_format(const char *name)
{
	struct suggest near = {.typed = name};
	_free_ char *all = NULL, *names = NULL;

	for (enum format f = FORMAT_TEXT; f < FORMATS; f++) {
		suggest_offer(&near, format_defs[f].name);
		mem_set(&all, mem_format("%s %s", all ? all : "", format_defs[f].name));
	}
	names = format_list(all);
	complain("--output \"%s\": unknown (%s%s%s)", name,
	         near.best ? "did you mean \"" : "", near.best ? near.best : names,
	         near.best ? "\"?" : "");
	return -1;
}

/* Two formats in one place would be neither: of files, see files_check(). */
static int refuse_second(const struct options *o, const struct output *added)
{
	for (size_t i = 0; i < o->n_outputs; i++) {
		const struct output *other = &o->outputs[i];

		if (added->file || other->file)
			continue;
		complain("--output %s: standard output has only "
		         "one format, and --output %s is given (--output "
		         "%s=FILE writes a file)",
		         format_defs[added->format].name, format_defs[other->format].name,
		         format_defs[added->format].name);
		return -1;
	}
	return 0;
}

int output_add(struct options *o, const char *arg)
{
	struct output added = {0};
	size_t len;

	arg += *arg == '='; /* "-o=json", as other tools accept it */
	len = strcspn(arg, "=");
	added.format = format_find(arg, len);
	added.file = arg[len] ? arg + len + 1 : NULL;
	if (added.format == FORMATS) {
		_free_ char *name = mem_dup_n(arg, len);

		return refuse_format(name);
	}
	if (added.file && !*added.file) {
		complain("--output %s: FILE is missing after =", arg);
		return -1;
	}
	if (refuse_second(o, &added) < 0)
		return -1;
	o->outputs = mem_resize(o->outputs, o->n_outputs + 1, sizeof(*o->outputs));
	o->outputs[o->n_outputs++] = added;
	return 0;
}

static int output_check(const struct output *out, const struct cmd *cmd)
{
	const char *name = format_defs[out->format].name;
	struct err e = {0};

	if ((out->format != FORMAT_TEXT || out->file) &&
	    !words_have(cmd->formats, ' ', name)) {
		_free_ char *names = format_list(cmd->formats);

		complain("--output %s: not supported by %s%s%s%s", name, cmd->name,
		         *names ? " (only " : "", names, *names ? ")" : "");
		return -1;
	}
	if (!out->file || atomic_write_check(out->file, &e) == 0)
		return 0;
	complain("--output %s=%s: %s", name, out->file, e.text);
	return -1;
}

int outputs_check(const struct options *o, const struct cmd *cmd)
{
	int r = 0;

	for (size_t i = 0; i < o->n_outputs; i++)
		if (output_check(&o->outputs[i], cmd) < 0)
			r = -1;
	return r;
}

enum format output_shown(const struct options *o)
{
	for (size_t i = 0; i < o->n_outputs; i++)
		if (!o->outputs[i].file)
			return o->outputs[i].format;
	return FORMAT_TEXT;
}

bool output_wanted(const struct options *o, enum format f)
{
	for (size_t i = 0; i < o->n_outputs; i++)
		if (o->outputs[i].format == f)
			return true;
	return output_shown(o) == f;
}

enum exit_code output_lost(const struct options *o, enum exit_code code)
{
	if (code == EXIT_IN_SYNC && o->acts)
		return code;
	if (output_shown(o) == FORMAT_NPD)
		return (enum exit_code)NPD_UNKNOWN;
	return code == EXIT_IN_SYNC || code == EXIT_DRIFT ? EXIT_FAILED : code;
}

static int output_write(const struct output *to, output_print *print, void *ctx)
{
	_free_ char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct err e = {0};

	if (!out) {
		err_errno(&e, errno, "print");
	} else {
		print(to->format, ctx, out, out);
		if (fclose(out) != 0)
			err_errno(&e, errno, "print");
		else if (writer_write(to->file, text, &e) == 0)
			return 0;
	}
	complain("--output %s=%s: %s", format_defs[to->format].name, to->file, e.text);
	return -1;
}

enum exit_code outputs_write(const struct options *o, enum exit_code code,
                             output_print *print, void *ctx)
{
	int r = 0;

	for (enum format f = FORMAT_TEXT; f < FORMATS; f++) {
		if (output_shown(o) == f)
			print(f, ctx, stdout, stderr);
		for (size_t i = 0; i < o->n_outputs; i++)
			if (o->outputs[i].format == f && o->outputs[i].file &&
			    output_write(&o->outputs[i], print, ctx) < 0)
				r = -1;
	}
	return r < 0 ? output_lost(o, code) : code;
}
