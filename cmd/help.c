/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "help.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/packed.h"
#include "base/text/words.h"
#include "cmd.h"
#include "option.h"
#include "report/format.h"
#include "report/wrap.h"

#include <string.h>

#define OPTION_INDENT 24

static void print_option(const struct option_def *d)
{
	_free_ char *letter = d->letter ? mem_format("-%c, ", d->letter) : mem_dup("");
	_free_ char *head = mem_format("  %s--%s%s%s", letter, d->name, d->arg ? " " : "",
	                               d->arg ? d->arg : "");

	report_wrap(head, OPTION_INDENT, d->doc, stdout);
}

/* Options of a single command are left to its own help. */
static bool is_shared(const struct option_def *d)
{
	return !d->of || strchr(d->of, ' ');
}

void help_usage(const struct cmd *const *cmds, FILE *out)
{
	(void)fputs("usage: hosttune [OPTION...] COMMAND [PROFILE...]\n\ncommands:\n",
	            out);
	for (; *cmds; cmds++)
		(void)fprintf(out, "  %-10s %-12s %s\n", (*cmds)->name, (*cmds)->args,
		              (*cmds)->summary);
}

static void print_profile_help(void)
{
	report_wrap(
		"", 0,
		"A PROFILE is a file, - for standard input, or the name of a built-in "
		"profile. Several profiles are merged from left to right: later ones "
		"win. In a Bottlerocket bootstrap container or host container, the default "
		"PROFILE is the container's user data.",
		stdout);
}

static const char *const exit_docs[] = {
	[EXIT_IN_SYNC] = "in sync, applied, or done",
	[EXIT_DRIFT] = "differs (audit, dry run, report); apply: waits for something",
	[EXIT_INVALID] = "usage error or invalid profile: nothing was changed",
	[EXIT_FAILED] = "part of the plan failed, or the output could not be written",
	[EXIT_API] = "the Bottlerocket API is unreachable or refused the change",
	[EXIT_REFUSED] = "refused for safety: nothing was changed",
	[EXIT_LOCKED] = "another run holds the lock (after waiting for it)",
	[EXIT_DEADLINE] = "deadline exceeded",
	[EXIT_SIGNAL] = "ended by a signal: what could be rolled back was",
};

/* `exits`: of a command; NULL: all. */
static void print_exit_codes(const char *exits)
{
	(void)puts("\nexit codes:");
	for (size_t code = 0; code < ARRAY_SIZE(exit_docs); code++) {
		_free_ char *digit = mem_format("%zu", code);

		if (!exits || words_have(exits, ' ', digit))
			(void)printf("  %zu  %s\n", code, exit_docs[code]);
	}
}

/* The text cmd/help/NAME.txt: its lines fit 80 columns. */
static const char *text_of(const char *name)
{
	const char *const *t = packed_texts(&packed_help);
	_free_ char *file = mem_format("%s.txt", name);

	for (size_t i = 0; i < packed_help.n; i += 2)
		if (strcmp(t[i], file) == 0)
			return t[i + 1];
	return "";
}

/* Print what stands before the examples of a text, or the examples. */
static void print_text(const char *name, bool examples)
{
	const char *text = text_of(name), *start = strstr(text, "\nexamples:\n");

	if (!start)
		start = text + strlen(text);
	if (examples)
		(void)fputs(start, stdout);
	else
		(void)printf("\n%.*s", (int)(start - text), text);
}

void help_all(const struct cmd *const *cmds)
{
	(void)puts(
		"hosttune makes a Linux host match a YAML profile, and reports where it "
		"differs.\n");
	help_usage(cmds, stdout);
	(void)putchar('\n');
	print_profile_help();
	print_text("hosttune", false);
	(void)puts("\noptions of several commands:");
	for (size_t i = 0; i < OPTIONS; i++)
		if (is_shared(&option_defs[i]))
			print_option(&option_defs[i]);
	print_text("hosttune", true);
	print_exit_codes(NULL);
	(void)puts("\n\"hosttune COMMAND --help\" lists all options of a COMMAND.");
}

static void help_formats(const struct cmd *cmd)
{
	(void)puts("\nformats:");
	for (enum format f = FORMAT_TEXT; f < FORMATS; f++) {
		const struct format_def *d = &format_defs[f];
		_free_ char *head = mem_format("  %s", d->name);

		if (words_have(cmd->formats, ' ', d->name))
			report_wrap(head, OPTION_INDENT, d->doc, stdout);
	}
}

void help_cmd(const struct cmd *cmd)
{
	(void)printf("hosttune %s: %s\n\nusage: hosttune %s [OPTION...]%s%s\n", cmd->name,
	             cmd->summary, cmd->name, *cmd->args ? " " : "", cmd->args);
	print_text(cmd->name, false);
	if (strstr(cmd->args, "PROFILE")) {
		(void)putchar('\n');
		print_profile_help();
	}
	(void)puts("\noptions:");
	for (size_t i = 0; i < OPTIONS; i++)
		if (option_acts_on(&option_defs[i], cmd))
			print_option(&option_defs[i]);
	if (option_acts_on(&option_defs[OPTION_OUTPUT], cmd))
		help_formats(cmd);
	print_text(cmd->name, true);
	if (cmd->exits)
		print_exit_codes(cmd->exits);
	if (cmd->see)
		(void)printf("\nsee also: %s\n", cmd->see);
}
