/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/macro.h"
#include "base/num.h"
#include "base/suggest.h"
#include "cmd.h"
#include "host/host.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEADLINE_S     300
#define DEADLINE_MAX_S 86400
#define USAGE_TRY      "hosttune: see \"hosttune --help\"\n"

static const struct cmd *const cmds[] = {
	&cmd_apply, &cmd_audit, &cmd_validate, &cmd_show, &cmd_profiles, &cmd_schema,
};

enum option_code {
	OPTION_ROOT = 256,
	OPTION_API_SOCKET,
	OPTION_NO_API,
	OPTION_PROFILE_DIR,
	OPTION_DEADLINE,
	OPTION_FACTS,
	OPTION_NO_COLOR,
	OPTION_VERSION,
};

static const struct option long_options[] = {
	{"root", required_argument, NULL, OPTION_ROOT},
	{"api-socket", required_argument, NULL, OPTION_API_SOCKET},
	{"no-api", no_argument, NULL, OPTION_NO_API},
	{"output", required_argument, NULL, 'o'},
	{"dry-run", no_argument, NULL, 'n'},
	{"profile-dir", required_argument, NULL, OPTION_PROFILE_DIR},
	{"deadline", required_argument, NULL, OPTION_DEADLINE},
	{"facts", required_argument, NULL, OPTION_FACTS},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"no-color", no_argument, NULL, OPTION_NO_COLOR},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, OPTION_VERSION},
	{NULL, 0, NULL, 0},
};

static void print_help(void)
{
	(void)puts(
		"hosttune makes a Linux host match a YAML profile, and tells where it does not.\n"
		"\n"
		"usage: hosttune [OPTION...] COMMAND [PROFILE...]\n"
		"\n"
		"commands:");
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++)
		(void)printf("  %-9s %-13s %s\n", cmds[i]->name, cmds[i]->args,
		             cmds[i]->summary);
	(void)puts(
		"\n"
		"A PROFILE is a file, - for standard input, or the name of a built-in profile.\n"
		"Several are merged from left to right: later ones win. Without one it is the user\n"
		"data of the Bottlerocket bootstrap container we run in; there, no COMMAND is apply.\n"
		"\n"
		"options:\n"
		"  --root DIR          the host's root (default: "
		"/.bottlerocket/rootfs"
		" or /)\n"
		"  --api-socket PATH   the Bottlerocket API (default: " HOST_API_SOCKET
		")\n"
		"  --no-api            leave the Bottlerocket API alone\n"
		"  -o, --output FORMAT text (default) or json\n"
		"  -n, --dry-run       apply: tell, and change nothing (the same as audit)\n"
		"  --profile-dir DIR   where names of profiles are looked up first\n"
		"  --deadline SECONDS  for the whole run (default: 300; 0: none)\n"
		"  --facts FILE        facts of another node for formulas (validate, show)\n"
		"  -q, --quiet         only what fails\n"
		"  -v, --verbose       also what is as wanted\n"
		"  --no-color          no colour (nor with NO_COLOR set, nor off a terminal)\n"
		"  -h, --help          this text\n"
		"  --version           the version\n"
		"\n"
		"exit codes:\n"
		"  0  in sync, or applied\n"
		"  1  differs (audit, dry run)\n"
		"  2  wrong usage or invalid profile: nothing was touched\n"
		"  3  some of the plan failed\n"
		"  4  the Bottlerocket API could not be reached or refused\n"
		"  5  refused for safety: nothing was touched\n"
		"  6  another run holds the lock\n"
		"  7  the deadline passed");
}

static int parse_output(const char *text, enum output *ret)
{
	if (strcmp(text, "text") == 0)
		*ret = OUTPUT_TEXT;
	else if (strcmp(text, "json") == 0)
		*ret = OUTPUT_JSON;
	else {
		(void)fprintf(stderr,
		              "hosttune: --output \"%s\": not known (text or json)\n",
		              text);
		return -1;
	}
	return 0;
}

static int parse_deadline(const char *text, unsigned *ret)
{
	uint64_t seconds;

	if (num_u64(text, &seconds) < 0 || seconds > DEADLINE_MAX_S) {
		(void)fprintf(stderr,
		              "hosttune: --deadline \"%s\": should be 0 to %d seconds\n",
		              text, DEADLINE_MAX_S);
		return -1;
	}
	*ret = (unsigned)seconds;
	return 0;
}

/* Return: 0 to go on, 1 if the option was all there is to do, -1 if it is wrong. */
static int take_option(int code, const char *arg, struct options *o)
{
	switch (code) {
	case OPTION_ROOT: o->root = arg; return 0;
	case OPTION_API_SOCKET: o->api_socket = arg; return 0;
	case OPTION_NO_API: o->api_socket = NULL; return 0;
	case OPTION_PROFILE_DIR: o->profile_dir = arg; return 0;
	case OPTION_DEADLINE: return parse_deadline(arg, &o->deadline_s);
	case OPTION_FACTS: o->facts = arg; return 0;
	case OPTION_NO_COLOR: o->color = false; return 0;
	case OPTION_VERSION: (void)puts("hosttune " HOSTTUNE_VERSION); return 1;
	case 'o': return parse_output(arg, &o->output);
	case 'n': o->dry_run = true; return 0;
	case 'q': o->quiet = true; return 0;
	case 'v': o->verbose = true; return 0;
	case 'h': print_help(); return 1;
	default: (void)fputs(USAGE_TRY, stderr); return -1;
	}
}

static const struct cmd *find(const char *name)
{
	struct suggest near = {.typed = name};

	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		if (strcmp(cmds[i]->name, name) == 0)
			return cmds[i];
		suggest_offer(&near, cmds[i]->name);
	}
	if (near.best)
		(void)fprintf(
			stderr,
			"hosttune: command \"%s\": not known (did you mean \"%s\"?)\n",
			name, near.best);
	else
		(void)fprintf(stderr, "hosttune: command \"%s\": not known\n" USAGE_TRY,
		              name);
	return NULL;
}

/* A result that could not be written is no result. */
static int finish(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	perror("hosttune: write to standard output");
	return code == EXIT_IN_SYNC ? EXIT_FAILED : code;
}

int main(int argc, char **argv)
{
	struct options o = {.api_socket = HOST_API_SOCKET,
	                    .deadline_s = DEADLINE_S,
	                    .color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR")};
	const struct cmd *cmd = &cmd_apply;
	int code;

	while ((code = getopt_long(argc, argv, "o:nqvh", long_options, NULL)) != -1) {
		code = take_option(code, optarg, &o);
		if (code != 0)
			return code > 0 ? finish(EXIT_IN_SYNC) : EXIT_INVALID;
	}
	if (optind < argc)
		cmd = find(argv[optind++]);
	else if (access(USER_DATA, F_OK) < 0) {
		(void)fputs("hosttune: no COMMAND given\n" USAGE_TRY, stderr);
		return EXIT_INVALID;
	}
	if (!cmd)
		return EXIT_INVALID;
	o.profiles = (const char *const *)(uintptr_t)(argv + optind);
	o.n_profiles = (size_t)(argc - optind);
	return finish(cmd->run(&o));
}
