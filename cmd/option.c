/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "option.h"
#include "complain.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/suggest.h"
#include "files.h"
#include "output.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SECONDS_MAX 86400

/* getopt's value of an option without a letter; letters are below. */
#define CODE_FIRST 256

/* --- single options ------------------------------------------------------------------
 */

/* An unset variable in a script must not mean "/". */
static int parse_root(const char *dir)
{
	if (*dir)
		return 0;
	complain("--root \"\": should be a directory");
	return -1;
}

static int parse_seconds(const char *name, const char *text, unsigned *ret)
{
	uint64_t seconds;

	if (num_u64(text, &seconds) < 0 || seconds > SECONDS_MAX) {
		complain("--%s \"%s\": should be 0 to %d seconds", name, text,
		         SECONDS_MAX);
		return -1;
	}
	*ret = (unsigned)seconds;
	return 0;
}

/* No time at all could never be confirmed. */
static int parse_try(const char *text, unsigned *ret)
{
	if (parse_seconds("try", text, ret) < 0)
		return -1;
	if (*ret > 0)
		return 0;
	complain("--try \"0\": should be at least 1 second");
	return -1;
}

/* Add the value of an option that may be repeated. */
static void add_value(const char ***list, const char *value)
{
	size_t n = 0;

	while (*list && (*list)[n])
		n++;
	*list = mem_resize(*list, n + 2, sizeof(**list));
	(*list)[n] = value;
	(*list)[n + 1] = NULL;
}

/* Return: 0 or -1. */
static int take_option(enum option_id id, const char *arg, struct options *o)
{
	o->value[id] = arg ? arg : "";
	if (id == OPTION_ROOT)
		return parse_root(o->value[id]);
	if (id == OPTION_OUTPUT)
		return output_add(o, o->value[id]);
	if (id == OPTION_DEADLINE)
		return parse_seconds(option_defs[id].name, o->value[id], &o->deadline_s);
	if (id == OPTION_LOCK_WAIT)
		return parse_seconds(option_defs[id].name, o->value[id], &o->lock_wait_s);
	if (id == OPTION_TRY)
		return parse_try(o->value[id], &o->try_s);
	if (id == OPTION_SECONDS)
		return parse_seconds(option_defs[id].name, o->value[id], &o->seconds);
	if (id == OPTION_RULES)
		add_value(&o->rules, o->value[id]);
	if (id == OPTION_ALLOW_WIPE)
		add_value(&o->may_wipe, o->value[id]);
	if (id == OPTION_ONLY)
		add_value(&o->only, o->value[id]);
	if (id == OPTION_SKIP)
		add_value(&o->skip, o->value[id]);
	if (id == OPTION_POD)
		add_value(&o->pods, o->value[id]);
	if (id == OPTION_FILE)
		add_value(&o->files, o->value[id]);
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
		complain("option --%s: unknown (did you mean --%s?)", name, near.best);
	else
		complain("option --%s: unknown (\"hosttune %s%s--help\" "
		         "lists the options)",
		         name, cmd ? cmd->name : "", cmd ? " " : "");
	return -1;
}

/* Print getopt's error. `word`: the argument that it stopped at. */
static int refuse(int code, const char *word, const struct cmd *cmd)
{
	enum option_id id = id_of(optopt);

	if (code == ':' && id < OPTIONS)
		complain("option --%s: needs a value: %s", option_defs[id].name,
		         option_defs[id].arg);
	else if (optopt == 0)
		return refuse_word(word, cmd);
	else if (id < OPTIONS)
		complain("option --%s: takes no value", option_defs[id].name);
	else
		complain("option -%c: unknown", optopt);
	complain("see \"hosttune --help\"");
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

	if (d == &option_defs[OPTION_FACTS] &&
	    option_acts_on(&option_defs[OPTION_ROOT], cmd)) {
		complain("--facts: not for %s, which uses the facts of the "
		         "host itself (validate, show and userdata compute a profile "
		         "for another node)",
		         cmd->name);
		return -1;
	}
	while ((word = strsep(&rest, " ")))
		buf_join(&list, ", ", word);
	complain("--%s: not an option of %s (only of %s)", d->name, cmd->name, list.text);
	return -1;
}

/* Options that cannot both have an effect, and why. */
static const struct {
	enum option_id option, with;
	const char *why;
} conflicts[] = {
	{OPTION_BUNDLE, OPTION_ROOT, " (a bundle includes it)"},
	{OPTION_BUNDLE, OPTION_API_SOCKET, " (a bundle includes it)"},
	{OPTION_FACTS, OPTION_BUNDLE, " (both say which node)"},
	{OPTION_KMSG, OPTION_JOURNAL, ""},
	{OPTION_KMSG, OPTION_ROOT, " (a log in a file is diagnosed by itself)"},
	{OPTION_KMSG, OPTION_BUNDLE, " (a log in a file is diagnosed by itself)"},
	{OPTION_JOURNAL, OPTION_ROOT, " (a log in a file is diagnosed by itself)"},
	{OPTION_JOURNAL, OPTION_BUNDLE, " (a log in a file is diagnosed by itself)"},
	{OPTION_SECONDS, OPTION_KMSG, " (a log has no counters)"},
	{OPTION_SECONDS, OPTION_JOURNAL, " (a log has no counters)"},
	{OPTION_SECONDS, OPTION_BUNDLE, " (the counters of a bundle do not grow)"},
	/* what is not changed, or not in a journal, cannot be undone */
	{OPTION_TRY, OPTION_DRY_RUN, ""},
	{OPTION_TRY, OPTION_NO_JOURNAL, ""},
	{OPTION_LIST, OPTION_PRINT, ""},
	{OPTION_PRINT, OPTION_OUTPUT, " (it prints shell commands)"},
};

static int check_conflicts(const struct options *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(conflicts); i++) {
		if (!o->value[conflicts[i].option] || !o->value[conflicts[i].with])
			continue;
		complain("--%s: not with --%s%s", option_defs[conflicts[i].option].name,
		         option_defs[conflicts[i].with].name, conflicts[i].why);
		return -1;
	}
	return 0;
}

int options_check(const struct options *o, const struct cmd *cmd)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct option_def *d = &option_defs[i];

		if (o->value[i] && !d->common && !option_acts_on(d, cmd))
			return refuse_for(d, cmd);
	}
	if (check_conflicts(o) < 0 || outputs_check(o, cmd) < 0)
		return -1;
	return files_check(o, cmd);
}
