/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What can stand at the end of a command line, for the completion scripts of the shells.
 * They call `hosttune __complete WORD...`, where the last WORD is what is typed so far.
 * Each line is a word and, after a tab, what it is; ":files" and ":dirs" stand for those
 * of the shell.
 */
#include "base/mem.h"
#include "base/text/words.h"
#include "completion.h"
#include "doc/node.h"
#include "explain/explain.h"
#include "help.h"
#include "output.h"
#include "profile/builtin.h"
#include "resource/kinds.h"

#include <stdio.h>
#include <string.h>

/* What is typed: `prefix` is "--output=", or "", and `typed` the rest. */
struct typed {
	const struct cmd *const *cmds;
	const struct cmd *cmd; /* NULL: none yet */
	const char *text;
	size_t prefix;
};

static void suggest(const struct typed *t, const char *word, const char *what)
{
	const char *typed = t->text + t->prefix;

	if (strncasecmp(word, typed, strlen(typed)) == 0)
		(void)printf("%.*s%s\t%s\n", (int)t->prefix, t->text, word, what);
}

/* --- values ----------------------------------------------------------------------------
 */

static void suggest_formats(const struct typed *t)
{
	if (strchr(t->text + t->prefix, '=')) {
		(void)puts(":files");
		return;
	}
	for (enum format f = FORMAT_TEXT; t->cmd && t->cmd->formats && f < FORMATS; f++)
		if (words_have(t->cmd->formats, ' ', format_defs[f].name))
			suggest(t, format_defs[f].name, format_defs[f].doc);
}

static void suggest_builtins(const struct typed *t)
{
	for (const struct builtin *b = builtins(); b->name; b++)
		suggest(t, b->name, "built-in profile");
}

static void suggest_commands(const struct typed *t)
{
	for (const struct cmd *const *c = t->cmds; *c; c++)
		suggest(t, (*c)->name, (*c)->summary);
}

static void suggest_topics(const struct typed *t)
{
	_node_ struct node *all = explain_all();

	node_for_each (topic, all) {
		const struct node *text = node_get(topic, "text");

		suggest(t, node_get(topic, "name")->text,
		        text ? text->text : node_get(topic, "topic")->text);
	}
}

static void suggest_kinds(const struct typed *t)
{
	for (const struct kind *const *k = kinds; *k; k++) {
		suggest(t, (*k)->name, "kind of resource");
		if (kinds_find((*k)->section) == *k && !kinds_named((*k)->section))
			suggest(t, (*k)->section, (*k)->doc);
	}
}

static const struct {
	const char *name;
	void (*suggest)(const struct typed *t);
} classes[] = {
	{VALUES_FORMAT, suggest_formats}, {VALUES_BUILTIN, suggest_builtins},
	{VALUES_KIND, suggest_kinds},     {VALUES_COMMAND, suggest_commands},
	{VALUES_TOPIC, suggest_topics},
};

static void suggest_value(const struct typed *t, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
		if (strcmp(classes[i].name, value) == 0) {
			classes[i].suggest(t);
			return;
		}
	if (strcmp(value, VALUES_FILE) == 0)
		(void)puts(":files");
	else if (strcmp(value, VALUES_DIR) == 0)
		(void)puts(":dirs");
	else
		suggest(t, value, "");
}

static void suggest_values(const struct typed *t, const char *values)
{
	const char *word;
	size_t len;

	while ((word = words_next(&values, ' ', &len))) {
		_free_ char *value = mem_dup_n(word, len);

		suggest_value(t, value);
	}
}

/* --- options ---------------------------------------------------------------------------
 */

static const struct option_def *option_named(const char *name, size_t len)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (strlen(option_defs[i].name) == len &&
		    strncmp(option_defs[i].name, name, len) == 0)
			return &option_defs[i];
	return NULL;
}

static const struct option_def *option_lettered(char letter)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (letter && option_defs[i].letter == letter)
			return &option_defs[i];
	return NULL;
}

/* The option whose value is the next word: "--root", "-o" or "-vo"; NULL: none. */
static const struct option_def *option_awaiting(const char *word)
{
	const struct option_def *d = NULL;

	if (strncmp(word, "--", 2) == 0)
		d = option_named(word + 2, strlen(word + 2));
	else if (word[0] == '-' && word[1])
		d = option_lettered(word[strlen(word) - 1]);
	return d && d->arg ? d : NULL;
}

static void suggest_options(const struct typed *t)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct option_def *d = &option_defs[i];
		_free_ char *word = mem_format("--%s", d->name);

		if (t->cmd ? option_acts_on(d, t->cmd) : d->common)
			suggest(t, word, d->doc);
	}
}

/* "--output=js": the values of the option. */
static bool suggest_option_value(struct typed *t)
{
	const char *end = strchr(t->text, '=');
	const struct option_def *d =
		end ? option_named(t->text + 2, (size_t)(end - t->text) - 2) : NULL;

	if (!end)
		return false;
	t->prefix = (size_t)(end - t->text) + 1;
	if (d && d->arg)
		suggest_values(t, d->values);
	return true;
}

/* --- the command line ------------------------------------------------------------------
 */

static const struct cmd *cmd_named(const struct cmd *const *cmds, const char *name)
{
	for (; *cmds; cmds++)
		if (strcmp((*cmds)->name, name) == 0)
			return *cmds;
	return NULL;
}

void complete(const struct cmd *const *cmds, const char *const *words, size_t n)
{
	struct typed t = {.cmds = cmds, .text = n > 0 ? words[n - 1] : ""};
	const struct option_def *awaits = NULL;
	bool only_arguments = false, has_cmd = false;

	for (size_t i = 0; i + 1 < n; i++) {
		if (awaits) {
			awaits = NULL;
		} else if (only_arguments || words[i][0] != '-' || !words[i][1]) {
			t.cmd = has_cmd ? t.cmd : cmd_named(cmds, words[i]);
			has_cmd = true;
		} else {
			only_arguments = strcmp(words[i], "--") == 0;
			awaits = option_awaiting(words[i]);
		}
	}
	if (awaits)
		suggest_values(&t, awaits->values);
	else if (!only_arguments && strncmp(t.text, "--", 2) == 0 &&
	         suggest_option_value(&t))
		return;
	else if (!only_arguments && t.text[0] == '-')
		suggest_options(&t);
	else if (!has_cmd)
		suggest_commands(&t);
	else if (t.cmd && t.cmd->takes)
		suggest_values(&t, t.cmd->takes);
}
