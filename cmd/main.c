/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/suggest.h"
#include "cmd.h"
#include "host/host.h"

#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEADLINE_S     300
#define DEADLINE_MAX_S 86400
#define USAGE_TRY      "hosttune: see \"hosttune --help\"\n"

static const struct cmd *const cmds[] = {
	&cmd_apply,  &cmd_audit,   &cmd_validate, &cmd_show,  &cmd_profiles,
	&cmd_schema, &cmd_capture, &cmd_userdata, &cmd_watch,
};

enum option_code {
	OPTION_ROOT = 256,
	OPTION_API_SOCKET,
	OPTION_NO_API,
	OPTION_PROFILE_DIR,
	OPTION_DEADLINE,
	OPTION_FACTS,
	OPTION_ALLOW_WIPE,
	OPTION_NO_COLOR,
	OPTION_VERSION,
	OPTION_OWN, /* the first option of a command; the others follow */
};

#define SHORT_OPTIONS "o:nqvh"

static const struct option long_options[] = {
	{"root", required_argument, NULL, OPTION_ROOT},
	{"api-socket", required_argument, NULL, OPTION_API_SOCKET},
	{"no-api", no_argument, NULL, OPTION_NO_API},
	{"output", required_argument, NULL, 'o'},
	{"dry-run", no_argument, NULL, 'n'},
	{"profile-dir", required_argument, NULL, OPTION_PROFILE_DIR},
	{"deadline", required_argument, NULL, OPTION_DEADLINE},
	{"facts", required_argument, NULL, OPTION_FACTS},
	{"allow-wipe", required_argument, NULL, OPTION_ALLOW_WIPE},
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
		"hosttune makes a Linux host match a YAML profile, and reports where it differs.\n"
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
		"Several profiles are merged from left to right: later ones win. In a Bottlerocket\n"
		"bootstrap container, the default PROFILE is the container's user data, and the\n"
		"default COMMAND is apply. In a host container, the default COMMAND is watch.\n"

		"\n"
		"options:\n"
		"  --root DIR          the host's root (default: "
		"/.bottlerocket/rootfs"
		" or /)\n"
		"  --api-socket PATH   the Bottlerocket API (default: " HOST_API_SOCKET
		")\n"
		"  --no-api            do not use the Bottlerocket API\n"
		"  -o, --output FORMAT text (default), json, or prometheus (apply, audit)\n"
		"  -n, --dry-run       apply: change nothing, only report (same as audit)\n"
		"  --profile-dir DIR   look up profile names here first\n"
		"  --deadline SECONDS  limit for the whole run (default: 300; 0: none)\n"
		"  --allow-wipe SERIAL allow wiping this drive, if the profile lists it in wipe:\n"
		"  --facts FILE        facts of another node, for formulas (validate, show, userdata)\n"
		"  -q, --quiet         print only failures\n"
		"  -v, --verbose       also print what is in sync\n"
		"  --no-color          no color (default if NO_COLOR is set or off a terminal)\n"
		"  -h, --help          print this text\n"
		"  --version           print the version\n"
		"\n"
		"exit codes:\n"
		"  0  in sync, or applied\n"
		"  1  differs (audit, dry run); apply: waits for something\n"
		"  2  usage error or invalid profile: nothing was changed\n"
		"  3  part of the plan failed\n"
		"  4  the Bottlerocket API is unreachable or refused the change\n"
		"  5  refused for safety: nothing was changed\n"
		"  6  another run holds the lock (after waiting for it)\n"
		"  7  deadline exceeded\n"
		"  8  ended by a signal: what could be rolled back was\n"
		"\n"
		"hosttune COMMAND --help lists the options of a COMMAND.");
}

static void print_option(const struct cmd_option *option)
{
	_free_ char *label = mem_format("--%s%s%s", option->name, option->arg ? " " : "",
	                                option->arg ? option->arg : "");
	const char *line = option->doc, *head = label;
	size_t len;

	if (strlen(label) > 19) {
		(void)printf("  %s\n", label);
		head = "";
	}
	for (; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		(void)printf("  %-19s %.*s\n", head, (int)len, line);
		head = "";
	}
}

static void print_cmd_help(const struct cmd *cmd)
{
	(void)printf("hosttune %s: %s\n\nusage: hosttune %s [OPTION...]%s%s\n", cmd->name,
	             cmd->summary, cmd->name, *cmd->args ? " " : "", cmd->args);
	if (cmd->help)
		(void)printf("\n%s", cmd->help);
	(void)puts("\noptions:");
	for (const struct cmd_option *o = cmd->options; o && o->name; o++)
		print_option(o);
	(void)puts("  options of all commands: hosttune --help");
}

static int parse_output(const char *text, enum output *ret)
{
	if (strcmp(text, "text") == 0)
		*ret = OUTPUT_TEXT;
	else if (strcmp(text, "json") == 0)
		*ret = OUTPUT_JSON;
	else if (strcmp(text, "prometheus") == 0)
		*ret = OUTPUT_PROMETHEUS;
	else {
		(void)fprintf(
			stderr,
			"hosttune: --output \"%s\": unknown (text, json or prometheus)\n",
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

/* An unset variable of a script must not mean "/". */
static int parse_root(const char *arg, struct options *o)
{
	if (!*arg) {
		(void)fputs("hosttune: --root \"\": should be a directory\n", stderr);
		return -1;
	}
	o->root = arg;
	return 0;
}

static void allow_wipe(const char *serial, struct options *o)
{
	size_t n = 0;

	while (o->may_wipe && o->may_wipe[n])
		n++;
	o->may_wipe = mem_resize(o->may_wipe, n + 2, sizeof(*o->may_wipe));
	o->may_wipe[n] = serial;
	o->may_wipe[n + 1] = NULL;
}

/* Return: 0 to continue, 1 if the option was the whole task, -1 if it is wrong. */
static int take_option(int code, const char *arg, const struct cmd *cmd,
                       struct options *o)
{
	if (code >= OPTION_OWN) {
		o->own[code - OPTION_OWN] = arg ? arg : "";
		return 0;
	}
	switch (code) {
	case OPTION_ROOT: return parse_root(arg, o);
	case OPTION_API_SOCKET: o->api_socket = arg; return 0;
	case OPTION_NO_API: o->api_socket = NULL; return 0;
	case OPTION_PROFILE_DIR: o->profile_dir = arg; return 0;
	case OPTION_DEADLINE: return parse_deadline(arg, &o->deadline_s);
	case OPTION_FACTS: o->facts = arg; return 0;
	case OPTION_ALLOW_WIPE: allow_wipe(arg, o); return 0;
	case OPTION_NO_COLOR: o->color = false; return 0;
	case OPTION_VERSION: (void)puts("hosttune " HOSTTUNE_VERSION); return 1;
	case 'o': return parse_output(arg, &o->output);
	case 'n': o->dry_run = true; return 0;
	case 'q': o->quiet = true; return 0;
	case 'v': o->verbose = true; return 0;
	case 'h':
		if (cmd)
			print_cmd_help(cmd);
		else
			print_help();
		return 1;
	default: (void)fputs(USAGE_TRY, stderr); return -1;
	}
}

/* List the common options, then those of the command. */
static void list_options(const struct cmd *cmd, struct option *list)
{
	size_t n = ARRAY_SIZE(long_options) - 1;

	memcpy(list, long_options, sizeof(long_options));
	for (int i = 0; cmd && cmd->options && cmd->options[i].name; i++) {
		const struct cmd_option *own = &cmd->options[i];
		int takes = own->arg ? required_argument : no_argument;

		list[n++] = (struct option){own->name, takes, NULL, OPTION_OWN + i};
	}
	list[n] = (struct option){0};
}

/*
 * Parse the options before the command (`cmd` is NULL), or those after it, between the
 * profiles.
 *
 * Return: as take_option(); *ret_n words of argv are options.
 */
static int take_options(int argc, char **argv, const struct cmd *cmd, struct options *o,
                        int *ret_n)
{
	struct option list[ARRAY_SIZE(long_options) + CMD_OPTIONS_MAX];
	const char *letters = cmd ? SHORT_OPTIONS : "+" SHORT_OPTIONS;
	int code, r = 0;

	list_options(cmd, list);
	optind = 0; /* glibc: restart the scan */
	while (r == 0 && (code = getopt_long(argc, argv, letters, list, NULL)) != -1)
		r = take_option(code, optarg, cmd, o);
	*ret_n = optind;
	return r;
}

static const struct cmd *cmd_main_find(const char *name)
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
			"hosttune: command \"%s\": unknown (did you mean \"%s\"?)\n",
			name, near.best);
	else
		(void)fprintf(stderr, "hosttune: command \"%s\": unknown\n" USAGE_TRY,
		              name);
	return NULL;
}

/* Whether standard output is a pipe or a socket that nobody reads any more. */
static bool is_unread(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, 0) > 0 && (out.revents & POLLERR);
}

/*
 * A result that could not be written counts as a failure. Not so if the reader has gone
 * (as of "hosttune show | head"), and not of an apply: its exit code is the state of the
 * host.
 */
static int cmd_main_finish(const struct cmd *cmd, int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	if (is_unread())
		return code;
	perror("hosttune: write to standard output");
	return code == EXIT_IN_SYNC && cmd != &cmd_apply ? EXIT_FAILED : code;
}

/*
 * Output must not decide what happens on the host. A closed descriptor is opened, because
 * the next file, such as a drive, would get its number and then the report.
 */
static void guard_output(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
	(void)signal(SIGPIPE, SIG_IGN);
	/* a parent that ignores it would leave us without the status of our tools */
	(void)signal(SIGCHLD, SIG_DFL);
}

int main(int argc, char **argv)
{
	struct options o = {.api_socket = HOST_API_SOCKET,
	                    .deadline_s = DEADLINE_S,
	                    .color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR")};
	const struct cmd *cmd = &cmd_apply;
	int r, n;

	guard_output();
	r = take_options(argc, argv, NULL, &o, &n);
	if (r == 0 && n < argc) {
		cmd = cmd_main_find(argv[n]);
		/* getopt takes the program's name from the first word */
		argv[n] = argv[0];
		argv += n;
		argc -= n;
		r = cmd ? take_options(argc, argv, cmd, &o, &n) : -1;
	} else if (r == 0 && access(USER_DATA_OF_HOST_CONTAINER, F_OK) == 0) {
		cmd = &cmd_watch;
	} else if (r == 0 && access(USER_DATA, F_OK) < 0) {
		(void)fputs("hosttune: no COMMAND given\n" USAGE_TRY, stderr);
		r = -1;
	}
	if (r == 0 && o.output == OUTPUT_PROMETHEUS && !cmd->prometheus) {
		(void)fprintf(stderr,
		              "hosttune: --output prometheus: not supported by %s\n",
		              cmd->name);
		r = -1;
	}
	if (r != 0) {
		free(o.may_wipe);
		return r > 0 ? cmd_main_finish(cmd, EXIT_IN_SYNC) : EXIT_INVALID;
	}
	o.profiles = (const char *const *)(uintptr_t)(argv + n);
	o.n_profiles = (size_t)(argc - n);
	r = cmd->run(&o);
	free(o.may_wipe);
	return cmd_main_finish(cmd, r);
}
