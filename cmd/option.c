/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "option.h"

#include "base/buf.h"
#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/suggest.h"
#include "cmd.h"
#include "host/host.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SECONDS_MAX 86400
#define TRY_HELP    "hosttune: see \"hosttune --help\"\n"

/* getopt's value of an option without a letter; letters are below. */
#define CODE_FIRST 256

#define HOST_COMMANDS "apply audit show capture watch"
#define RUN_COMMANDS  "apply audit watch"

const struct option_def option_defs[OPTIONS] = {
	[OPTION_ROOT] = {"root", 0, "DIR", HOST_COMMANDS, true,
                         "the host's root (default: " HOST_BOOTSTRAP_ROOT " or /)"},
	[OPTION_API_SOCKET] = {"api-socket", 0, "PATH", HOST_COMMANDS, true,
                               "the Bottlerocket API (default: " HOST_API_SOCKET
                               "; with the --root of a captured tree: none)"},
	[OPTION_NO_API] = {"no-api", 0, NULL, HOST_COMMANDS, true,
                           "do not use the Bottlerocket API"},
	[OPTION_OUTPUT] = {"output", 'o', "FORMAT",
                           "apply audit validate show profiles capture userdata", true,
                           "output format"},
	[OPTION_DRY_RUN] = {"dry-run", 'n', NULL, "apply watch", true,
                            "change nothing, only report"},
	[OPTION_PROFILE_DIR] = {"profile-dir", 0, "DIR",
                                "apply audit validate show capture userdata watch", true,
                                "look up profile names here first"},
	[OPTION_DEADLINE] = {"deadline", 0, "SECONDS", "apply audit capture watch", true,
                             "limit for the whole run, or for each audit of a watch "
                             "(default: 300; 0: none)"},
	[OPTION_LOCK_WAIT] = {"lock-wait", 0, "SECONDS", "apply", false,
                              "wait this long for another run to end (default: as "
                              "--deadline; 0: do not wait)"},
	[OPTION_ALLOW_WIPE] = {"allow-wipe", 0, "SERIAL", RUN_COMMANDS, true,
                               "allow wiping this drive, if the profile lists it in "
                               "wipe:; may be repeated"},
	[OPTION_FACTS] = {"facts", 0, "FILE", "validate show userdata", false,
                          "compute formulas and conditions for the node whose facts FILE "
                          "holds"},
	[OPTION_INTERVAL] = {"interval", 0, "SECONDS", "watch", false,
                             "look for NFS servers this often (default: 5)"},
	[OPTION_AUDIT_INTERVAL] = {"audit-interval", 0, "SECONDS", "watch", false,
                                   "audit and fix the rest of the profile this often "
                                   "(default: 300; 0: never)"},
	[OPTION_METRICS_FILE] = {"metrics-file", 0, "FILE", "watch", false,
                                 "write metrics to FILE, for node_exporter's textfile "
                                 "collector"},
	[OPTION_METRICS_LISTEN] = {"metrics-listen", 0, "ADDRESS:PORT", "watch", false,
                                   "serve metrics over HTTP, at /metrics"},
	[OPTION_FORMAT] = {"format", 0, "FORMAT", "userdata", false,
                           "toml (default), eksctl (ClusterConfig), karpenter "
                           "(EC2NodeClass) or terraform (aws_launch_template)"},
	[OPTION_SOURCE] = {"source", 0, "IMAGE", "userdata", false,
                           "the image that the node pulls; required without --native"},
	[OPTION_NAME] = {"name", 0, "NAME", "userdata", false,
                         "name of the bootstrap container (default: hosttune)"},
	[OPTION_ESSENTIAL] = {"essential", 0, NULL, "userdata", false,
                              "keep the node out of its cluster if hosttune fails"},
	[OPTION_AS_IS] = {"as-is", 0, NULL, "userdata", false,
                          "embed the one file unchanged, with its comments, or the "
                          "names of built-in profiles; the file may include only "
                          "built-in profiles"},
	[OPTION_NATIVE] = {"native", 0, NULL, "userdata", false,
                           "print only what plain settings can do, without a container"},
	[OPTION_QUIET] = {"quiet", 'q', NULL, "apply audit validate show capture watch",
                          true, "print only failures, and in an audit what differs"},
	[OPTION_VERBOSE] = {"verbose", 'v', NULL,
                            "apply audit validate show capture watch", true,
                            "also print what is in sync, and notes"},
	[OPTION_NO_COLOR] = {"no-color", 0, NULL, "apply audit", true,
                             "no color (default off a terminal, with TERM=dumb, or if "
                             "NO_COLOR is set)"},
	[OPTION_HELP] = {"help", 'h', NULL, NULL, true, "print this text"},
	[OPTION_VERSION] = {"version", 'V', NULL, NULL, true, "print the version"},
};

static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = words; (p = strstr(p, word)); p += len)
		if ((p == words || p[-1] == ' ') && (!p[len] || p[len] == ' '))
			return true;
	return false;
}

bool option_acts_on(const struct option_def *d, const struct cmd *cmd)
{
	return !d->of || has_word(d->of, cmd->name);
}

/* --- single options ------------------------------------------------------------------
 */

static const char *const outputs[] = {[OUTPUT_TEXT] = "text",
                                      [OUTPUT_JSON] = "json",
                                      [OUTPUT_PROMETHEUS] = "prometheus"};

static int parse_output(const char *text, enum output *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(outputs); i++) {
		*ret = (enum output)i;
		if (strcmp(text, outputs[i]) == 0)
			return 0;
	}
	(void)fprintf(stderr,
	              "hosttune: --output \"%s\": unknown (text, json or prometheus)\n",
	              text);
	return -1;
}

/* An unset variable in a script must not mean "/". */
static int parse_root(const char *dir)
{
	if (*dir)
		return 0;
	(void)fputs("hosttune: --root \"\": should be a directory\n", stderr);
	return -1;
}

static int parse_seconds(const char *name, const char *text, unsigned *ret)
{
	uint64_t seconds;

	if (num_u64(text, &seconds) < 0 || seconds > SECONDS_MAX) {
		(void)fprintf(stderr,
		              "hosttune: --%s \"%s\": should be 0 to %d seconds\n", name,
		              text, SECONDS_MAX);
		return -1;
	}
	*ret = (unsigned)seconds;
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

/* Return: 0 or -1. */
static int take_option(enum option_id id, const char *arg, struct options *o)
{
	o->value[id] = arg ? arg : "";
	if (id == OPTION_ROOT)
		return parse_root(arg);
	if (id == OPTION_OUTPUT)
		return parse_output(arg, &o->output);
	if (id == OPTION_DEADLINE)
		return parse_seconds(option_defs[id].name, arg, &o->deadline_s);
	if (id == OPTION_LOCK_WAIT)
		return parse_seconds(option_defs[id].name, arg, &o->lock_wait_s);
	if (id == OPTION_ALLOW_WIPE)
		allow_wipe(arg, o);
	/* the last of the two counts */
	if (id == OPTION_API_SOCKET)
		o->value[OPTION_NO_API] = NULL;
	if (id == OPTION_NO_API)
		o->value[OPTION_API_SOCKET] = NULL;
	return 0;
}

static void set_flags(struct options *o)
{
	o->dry_run = o->value[OPTION_DRY_RUN];
	o->quiet = o->value[OPTION_QUIET];
	o->verbose = o->value[OPTION_VERBOSE];
	o->color = o->color && !o->value[OPTION_NO_COLOR];
}

/* --- the command line ----------------------------------------------------------------
 */

static enum option_id id_of(int code)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (code == option_defs[i].letter)
			return (enum option_id)i;
	return code >= CODE_FIRST ? (enum option_id)(code - CODE_FIRST) : OPTIONS;
}

/* Make getopt's two lists. A leading ":" lets us print the errors. */
static void list_options(bool before, struct option *list, char *letters)
{
	if (before)
		*letters++ = '+';
	*letters++ = ':';
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct option_def *d = &option_defs[i];

		list[i] = (struct option){d->name,
		                          d->arg ? required_argument : no_argument, NULL,
		                          d->letter ? d->letter : CODE_FIRST + (int)i};
		if (d->letter)
			*letters++ = d->letter;
		if (d->letter && d->arg)
			*letters++ = ':';
	}
	list[OPTIONS] = (struct option){0};
	*letters = '\0';
}

static int refuse_word(const char *word, const struct cmd *cmd)
{
	_free_ char *name = mem_dup_n(word + 2, strcspn(word + 2, "="));
	struct suggest near = {.typed = name};

	for (size_t i = 0; i < OPTIONS; i++)
		if (!cmd || option_acts_on(&option_defs[i], cmd))
			suggest_offer(&near, option_defs[i].name);
	if (near.best)
		(void)fprintf(stderr,
		              "hosttune: option --%s: unknown (did you mean --%s?)\n",
		              name, near.best);
	else
		(void)fprintf(stderr,
		              "hosttune: option --%s: unknown (\"hosttune %s%s--help\" "
		              "lists the options)\n",
		              name, cmd ? cmd->name : "", cmd ? " " : "");
	return -1;
}

/* Print getopt's error. `word`: the argument that it stopped at. */
static int refuse(int code, const char *word, const struct cmd *cmd)
{
	enum option_id id = id_of(optopt);

	if (code == ':' && id < OPTIONS)
		(void)fprintf(stderr,
		              "hosttune: option --%s: needs a value: %s\n" TRY_HELP,
		              option_defs[id].name, option_defs[id].arg);
	else if (optopt == 0)
		return refuse_word(word, cmd);
	else if (id < OPTIONS)
		(void)fprintf(stderr, "hosttune: option --%s: takes no value\n" TRY_HELP,
		              option_defs[id].name);
	else
		(void)fprintf(stderr, "hosttune: option -%c: unknown\n" TRY_HELP, optopt);
	return -1;
}

int options_parse(int argc, char **argv, const struct cmd *cmd, struct options *o,
                  int *ret_n)
{
	struct option list[OPTIONS + 1];
	char letters[2 * OPTIONS + 3];
	int code, r = 0;

	list_options(!cmd, list, letters);
	optind = 0; /* glibc: restart the scan */
	opterr = 0;
	while (r == 0 && (code = getopt_long(argc, argv, letters, list, NULL)) != -1) {
		enum option_id id = id_of(code);

		if (id == OPTIONS)
			r = refuse(code, argv[optind - 1], cmd);
		else if (id == OPTION_HELP || id == OPTION_VERSION)
			return take_option(id, NULL, o) + 1;
		else
			r = take_option(id, optarg, o);
	}
	set_flags(o);
	*ret_n = optind;
	return r;
}

static int refuse_for(const struct option_def *d, const struct cmd *cmd)
{
	_free_ char *of = mem_dup(d->of);
	_buf_ struct buf list = {0};
	char *rest = of, *word;

	if (d == &option_defs[OPTION_FACTS] && has_word(HOST_COMMANDS, cmd->name)) {
		(void)fprintf(
			stderr,
			"hosttune: --facts: not for %s, which uses the facts of the "
			"host itself (validate, show and userdata compute a profile "
			"for another node)\n",
			cmd->name);
		return -1;
	}
	while ((word = strsep(&rest, " ")))
		buf_join(&list, ", ", word);
	(void)fprintf(stderr, "hosttune: --%s: not an option of %s (only of %s)\n",
	              d->name, cmd->name, list.text);
	return -1;
}

int options_check(const struct options *o, const struct cmd *cmd)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct option_def *d = &option_defs[i];

		if (o->value[i] && !d->common && !option_acts_on(d, cmd))
			return refuse_for(d, cmd);
	}
	if (o->output == OUTPUT_TEXT || cmd->outputs & 1U << o->output)
		return 0;
	(void)fprintf(stderr, "hosttune: --output %s: not supported by %s\n",
	              outputs[o->output], cmd->name);
	return -1;
}
