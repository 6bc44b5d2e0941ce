/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/suggest.h"
#include "cmd.h"
#include "doc/node.h"
#include "doc/node_json.h"
#include "doc/node_yaml.h"
#include "engine/builtin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct node *describe(const struct builtin *b)
{
	_problems_ struct problems ps = {0};
	_node_ struct node *root =
		node_yaml_parse(b->text, strlen(b->text), b->file, &ps);
	const struct node *text = node_get(root, "description");
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "name", b->name);
	node_set_text(n, "description", text ? text->text : "");
	return n;
}

static void list(enum output output)
{
	_node_ struct node *all = node_new(NODE_LIST);
	char *json;

	for (const struct builtin *b = builtins; b->name; b++)
		node_append(all, describe(b));
	if (output == OUTPUT_JSON) {
		json = node_json_format(all, true);
		(void)printf("%s\n", json);
		free(json);
		return;
	}
	node_for_each (item, all)
		(void)printf("%-20s %s\n", node_get(item, "name")->text,
		             node_get(item, "description")->text);
}

static int print_one(const char *name)
{
	struct suggest near = {.typed = name};

	for (const struct builtin *b = builtins; b->name; b++) {
		suggest_offer(&near, b->name);
		if (strcmp(b->name, name) != 0)
			continue;
		(void)fputs(b->text, stdout);
		return EXIT_IN_SYNC;
	}
	(void)fprintf(stderr,
	              "hosttune: profile \"%s\": no such built-in profile%s%s%s\n", name,
	              near.best ? " (did you mean \"" : "", near.best ? near.best : "",
	              near.best ? "\"?)" : "");
	return EXIT_INVALID;
}

static int run(const struct options *o)
{
	int code = EXIT_IN_SYNC;

	if (o->n_profiles == 0)
		list(o->output);
	for (size_t i = 0; i < o->n_profiles && code == EXIT_IN_SYNC; i++)
		code = print_one(o->profiles[i]);
	return code;
}

const struct cmd cmd_profiles = {
	.name = "profiles",
	.args = "[NAME...]",
	.summary = "the built-in profiles; with NAME the text of one",
	.run = run,
};
