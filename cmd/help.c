/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "help.h"

#include "base/mem.h"
#include "base/words.h"
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
		(void)fprintf(out, "  %-9s %-12s %s\n", (*cmds)->name, (*cmds)->args,
		              (*cmds)->summary);
}

static void print_profile_help(void)
{
	report_wrap(
		"", 0,
		"A PROFILE is a file, - for standard input, or the name of a built-in "
		"profile. Several profiles are merged from left to right: later ones "
		"win. In a Bottlerocket bootstrap container, the default PROFILE is the "
		"container's user data, and the default COMMAND is apply. In a host "
		"container, the default COMMAND is watch.",
		stdout);
}

static void print_exit_codes(void)
{
	(void)puts("exit codes:\n"
	           "  0  in sync, or applied\n"
	           "  1  differs (audit, dry run); apply: waits for something\n"
	           "  2  usage error or invalid profile: nothing was changed\n"
	           "  3  part of the plan failed\n"
	           "  4  the Bottlerocket API is unreachable or refused the change\n"
	           "  5  refused for safety: nothing was changed\n"
	           "  6  another run holds the lock (after waiting for it)\n"
	           "  7  deadline exceeded\n"
	           "  8  ended by a signal: what could be rolled back was");
}

void help_all(const struct cmd *const *cmds)
{
	(void)puts(
		"hosttune makes a Linux host match a YAML profile, and reports where it "
		"differs.\n");
	help_usage(cmds, stdout);
	(void)putchar('\n');
	print_profile_help();
	(void)puts("\noptions of several commands:");
	for (size_t i = 0; i < OPTIONS; i++)
		if (is_shared(&option_defs[i]))
			print_option(&option_defs[i]);
	(void)putchar('\n');
	print_exit_codes();
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
	for (const char *const *p = cmd->help; p && *p; p++) {
		(void)putchar('\n');
		report_wrap("", 0, *p, stdout);
	}
	(void)puts("\noptions:");
	for (size_t i = 0; i < OPTIONS; i++)
		if (option_acts_on(&option_defs[i], cmd))
			print_option(&option_defs[i]);
	if (option_acts_on(&option_defs[OPTION_OUTPUT], cmd))
		help_formats(cmd);
}
