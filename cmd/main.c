/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/macro.h"
#include "base/mem.h"
#include "base/text/suggest.h"
#include "cmd.h"
#include "complain.h"
#include "completion.h"
#include "confine/confine.h"
#include "confine/writer.h"
#include "help.h"
#include "host/open.h"
#include "option.h"
#include "output.h"
#include "power.h"
#include "start.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEADLINE_S 300

#define C(name) &cmd_##name,
static const struct cmd *const cmds[] = {COMMANDS(C) NULL};
#undef C

/* Words of other tools for what a command does, too far from its name for a suggestion.
 */
static const struct {
	const char *word, *is;
} aliases[] = {
	{"verify", "\"audit\""},
	{"diff", "\"audit\""},
	{"status", "\"audit\""},
	{"plan", "\"audit\""},
	{"check", "\"audit\", or \"validate\" without a host"},
	{"test", "\"audit\", or \"validate\" without a host"},
	{"lint", "\"validate\""},
	{"list", "\"profiles\""},
	{"export", "\"capture\""},
	{"snapshot", "\"capture\""},
	{"describe", "\"show\", or \"explain\" for a word"},
	{"why", "\"explain\""},
	{"man", "\"help\""},
	{"convert", "\"import\""},
	{"translate", "\"import\""},
};

static bool refused_as_alias(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
		if (strcmp(aliases[i].word, name) != 0)
			continue;
		complain("command \"%s\": unknown (did you mean %s?)", name,
		         aliases[i].is);
		return true;
	}
	return false;
}

static const struct cmd *cmd_main_find(const char *name)
{
	struct suggest near = {.typed = name};

	for (size_t i = 0; cmds[i]; i++) {
		if (strcmp(cmds[i]->name, name) == 0)
			return cmds[i];
		suggest_offer(&near, cmds[i]->name);
	}
	if (refused_as_alias(name))
		return NULL;
	if (near.best)
		complain("command \"%s\": unknown (did you mean \"%s\"?)", name,
		         near.best);
	else
		complain(
			"command \"%s\": unknown (\"hosttune --help\" lists the commands)",
			name);
	return NULL;
}

/* --- help and version ----------------------------------------------------------------
 */

static int cmd_help_run(const struct options *o)
{
	const struct cmd *cmd = NULL;

	for (size_t i = 0; i < o->n_profiles; i++) {
		cmd = cmd_main_find(o->profiles[i]);
		if (!cmd)
			return EXIT_INVALID;
		help_cmd(cmd);
	}
	if (!cmd)
		help_all(cmds);
	return EXIT_IN_SYNC;
}

static int cmd_version_run(const struct options *o)
{
	if (o->n_profiles > 0) {
		complain("version \"%s\": takes no argument", o->profiles[0]);
		return EXIT_INVALID;
	}
	(void)puts("hosttune " HOSTTUNE_VERSION);
	return EXIT_IN_SYNC;
}

const struct cmd cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.takes = VALUES_COMMAND,
	.summary = "print this text, or the options of a COMMAND",
	.exits = "0 2 3",
	.see = "explain, hosttune(8)",
	.run = cmd_help_run,
};

const struct cmd cmd_version = {
	.name = "version",
	.args = "",
	.summary = "print the version",
	.exits = "0 2 3",
	.see = "help",
	.run = cmd_version_run,
};

/* --help or --version was given, before the command (NULL) or after it. */
static int answer(const struct options *o, const struct cmd *cmd)
{
	if (o->value[OPTION_VERSION])
		return cmd_version_run(o);
	if (cmd)
		help_cmd(cmd);
	else
		help_all(cmds);
	return EXIT_IN_SYNC;
}

/* --- running -------------------------------------------------------------------------
 */

/* See no-color.org for NO_COLOR. */
static bool terminal_has_color(void)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	return term && *term && strcmp(term, "dumb") != 0 && !(no_color && *no_color) &&
	       isatty(STDOUT_FILENO);
}

/* Without a COMMAND: what the container is for. NULL: it is none. */
static const struct cmd *default_cmd(void)
{
	if (access(USER_DATA_OF_HOST_CONTAINER, F_OK) == 0)
		return &cmd_watch;
	if (access(USER_DATA, F_OK) == 0)
		return &cmd_apply;
	complain("no COMMAND given");
	(void)fputc('\n', stderr);
	help_usage(cmds, stderr);
	(void)fputs("\n\"hosttune --help\" lists options and exit codes.\n", stderr);
	return NULL;
}

/* A bundle and a log in a file are read without the host that they come from. */
static bool only_reads_files(const struct options *o, const struct cmd *cmd)
{
	return cmd->offline || o->value[OPTION_BUNDLE] || o->value[OPTION_KMSG] ||
	       o->value[OPTION_JOURNAL];
}

/* Give up all but reading; the files of -o are written by a process that reads nothing.
 */
static void confine(const struct options *o)
{
	_free_ const char **files = mem_new(o->n_outputs, sizeof(*files));
	size_t n = 0;
	int fd;

	for (size_t i = 0; i < o->n_outputs; i++)
		if (o->outputs[i].file)
			files[n++] = o->outputs[i].file;
	fd = writer_start(files, n);
	/* without that process, this one must write: then only its children are confined
	 */
	if (fd >= 0 || n == 0)
		confine_whole(fd);
}

static int run(int argc, char **argv, struct options *o)
{
	const struct cmd *cmd = NULL;
	int n, r = options_parse(argc, argv, NULL, o, &n);

	if (r == 0 && n < argc && strcmp(argv[n], "__complete") == 0) {
		complete(cmds, (const char *const *)(uintptr_t)(argv + n + 1),
		         (size_t)(argc - n - 1));
		return EXIT_IN_SYNC;
	}
	if (r == 0 && n < argc) {
		cmd = cmd_main_find(argv[n]);
		argv += n;
		argc -= n;
		r = cmd ? options_parse(argc, argv, cmd, o, &n) : -1;
	} else if (r == 0) {
		cmd = default_cmd();
	}
	if (r > 0)
		return answer(o, cmd);
	if (r < 0 || !cmd)
		return EXIT_INVALID;
	o->profiles = (const char *const *)(uintptr_t)(argv + n);
	o->n_profiles = (size_t)(argc - n);
	o->replaces = cmd->replaces ? cmd->replaces(o) : NULL;
	if (options_check(o, cmd) < 0)
		return EXIT_INVALID;
	o->until = deadline_of(o);
	o->acts = cmd == &cmd_apply && !o->dry_run;
	if (only_reads_files(o, cmd)) {
		confine(o);
	} else {
		o->namespaces = host_open_namespaces(o->value[OPTION_ROOT]);
		power_limit(o, cmd);
	}
	return cmd->run(o);
}

/* Whether standard output is a pipe or a socket that nobody reads any more. */
static bool is_unread(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, 0) > 0 && (out.revents & POLLERR);
}

/*
 * A result that could not be written counts as a failure. Not so if the reader has gone,
 * as of "hosttune show | head".
 */
static int cmd_main_finish(const struct options *o, int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	if (is_unread())
		return code;
	complain("write to standard output: %s", strerror(errno));
	return (int)output_lost(o, (enum exit_code)code);
}

int main(int argc, char **argv)
{
	struct options o = {.deadline_s = DEADLINE_S,
	                    .color = terminal_has_color(),
	                    .program = argc > 0 ? argv[0] : "hosttune"};
	int code;

	start();
	/* the leaks of a child that ends by _exit() are not found */
	if (!HAS_SANITIZER)
		confine_begin();
	code = cmd_main_finish(&o, run(argc, argv, &o));
	writer_end();
	free(o.may_wipe);
	free(o.only);
	free(o.skip);
	free(o.rules);
	free(o.pods);
	free(o.files);
	free(o.outputs);
	return code;
}
