/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/suggest.h"
#include "complain.h"
#include "completion.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "explain/effect.h"
#include "output.h"
#include "profile/builtin.h"
#include "report/tree.h"

#include <stdio.h>
#include <string.h>

static struct node *cmd_profiles_describe(const struct builtin *b)
{
	_diagnostics_ struct diagnostics diag = {0};
	_node_ struct node *root =
		node_yaml_parse(b->text, strlen(b->text), b->file, &diag);
	const struct node *text = node_get(root, "description");
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "name", b->name);
	node_set_text(n, "description", text ? text->text : "");
	return n;
}

static void cmd_profiles_list(enum format f, void *ctx, FILE *out, FILE *log)
{
	_node_ struct node *all = node_new(NODE_LIST);

	(void)ctx;
	(void)log;
	for (const struct builtin *b = builtins(); b->name; b++)
		node_append(all, cmd_profiles_describe(b));
	if (f == FORMAT_JSON) {
		report_tree_json(all, out);
		return;
	}
	node_for_each (item, all)
		(void)fprintf(out, "%-20s %s\n", node_get(item, "name")->text,
		              node_get(item, "description")->text);
}

static void print_text(const struct builtin *b)
{
	_free_ char *effects = effects_comment(b->name);

	(void)fputs(b->text, stdout);
	(void)fputs(effects ? effects : "", stdout);
}

static int print_one(const char *name)
{
	struct suggest near = {.typed = name};

	for (const struct builtin *b = builtins(); b->name; b++) {
		suggest_offer(&near, b->name);
		if (strcmp(b->name, name) != 0)
			continue;
		print_text(b);
		return EXIT_IN_SYNC;
	}
	complain("profile \"%s\": no such built-in profile%s%s%s", name,
	         near.best ? " (did you mean \"" : "", near.best ? near.best : "",
	         near.best ? "\"?)" : "");
	return EXIT_INVALID;
}

static int cmd_profiles_run(const struct options *o)
{
	int code = EXIT_IN_SYNC;

	if (o->n_profiles > 0 && o->n_outputs > 0) {
		complain("--output: not with a NAME, whose text is YAML "
		         "(hosttune show -o json NAME prints its values)");
		return EXIT_INVALID;
	}
	if (o->n_profiles == 0)
		return (int)outputs_write(o, EXIT_IN_SYNC, cmd_profiles_list, NULL);
	for (size_t i = 0; i < o->n_profiles && code == EXIT_IN_SYNC; i++)
		code = print_one(o->profiles[i]);
	return code;
}

const struct cmd cmd_profiles = {
	.name = "profiles",
	.offline = true,
	.args = "[NAME...]",
	.takes = VALUES_BUILTIN,
	.summary = "list the built-in profiles; with NAME, print one",
	.exits = "0 2 3",
	.see = "show, explain, docs/profiles.md",
	.formats = "text json",
	.run = cmd_profiles_run,
};
