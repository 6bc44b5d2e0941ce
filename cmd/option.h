/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_OPTION_H
#define CMD_OPTION_H

/*
 * The options of all commands, in one table: the parser, --help and the test of the
 * manual page know them only from there.
 */

#include <stdbool.h>

struct cmd;
struct options;

enum option_id {
	OPTION_ROOT,
	OPTION_BUNDLE,
	OPTION_API_SOCKET,
	OPTION_NO_API,
	OPTION_OUTPUT,
	OPTION_DRY_RUN,
	OPTION_PROFILE_DIR,
	OPTION_DEADLINE,
	OPTION_LOCK_WAIT,
	OPTION_ALLOW_WIPE,
	OPTION_TRY,
	OPTION_STATE_DIR,
	OPTION_NO_JOURNAL,
	OPTION_LIST,
	OPTION_PRINT,
	OPTION_ONLY,
	OPTION_SKIP,
	OPTION_FACTS,
	OPTION_KMSG,
	OPTION_JOURNAL,
	OPTION_SECONDS,
	OPTION_RULES,
	OPTION_INTERVAL,
	OPTION_AUDIT_INTERVAL,
	OPTION_DIAGNOSE_INTERVAL,
	OPTION_METRICS_FILE,
	OPTION_NPD_FILE,
	OPTION_METRICS_LISTEN,
	OPTION_FROM,
	OPTION_FORMAT,
	OPTION_SOURCE,
	OPTION_NAME,
	OPTION_ESSENTIAL,
	OPTION_AS_IS,
	OPTION_NATIVE,
	OPTION_REPORT,
	OPTION_POD,
	OPTION_FILE,
	OPTION_PROBE,
	OPTION_TOLERANCE,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_NO_COLOR,
	OPTION_HELP,
	OPTION_VERSION,
	OPTIONS
};

struct option_def {
	const char *name;   /* "interval" */
	char letter;        /* 'o'; 0: none */
	const char *arg;    /* its argument, for the help: "SECONDS"; NULL: none */
	const char *of;     /* commands that it acts on, joined by " "; NULL: all */
	bool common;        /* other commands accept and ignore it */
	const char *doc;    /* for the help, one sentence */
	const char *values; /* of its argument, for completion: completion.h */
};

extern const struct option_def option_defs[OPTIONS];

/* Whether the option acts on the command. */
bool option_acts_on(const struct option_def *d, const struct cmd *cmd);

/*
 * Parse the options before the command (`cmd` is NULL), or those after it, between the
 * profiles.
 *
 * Return: 0, with *ret_n words of argv being options; 1 if --help or --version was found
 * and nothing else matters; -1 after printing the error.
 */
int options_parse(int argc, char **argv, const struct cmd *cmd, struct options *o,
                  int *ret_n);

/* Check that the command has each given option, and the output format. Return: 0 or -1.
 */
int options_check(const struct options *o, const struct cmd *cmd);

#endif
