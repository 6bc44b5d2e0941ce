/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "explain/explain.h"

#include "base/mem.h"
#include "complain.h"
#include "completion.h"
#include "doc/node.h"
#include "output.h"
#include "report/explain.h"
#include "report/tree.h"

#include <stdio.h>

static void print_topics(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct node *list = ctx;

	(void)log;
	if (f == FORMAT_JSON)
		report_tree_json(list, out);
	else
		report_explain(list, out);
}

static void print_index(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct node *list = ctx;

	(void)log;
	if (f == FORMAT_JSON)
		report_tree_json(list, out);
	else
		report_explain_index(list, out);
}

/* Add what `word` names to `list`. Return: false after printing that it names nothing. */
static bool add_word(struct node *list, const char *word)
{
	_node_ struct node *found = explain_word(word);
	_free_ char *near = found->n == 0 ? explain_near(word) : NULL;

	node_for_each (topic, found)
		node_append(list, node_copy(topic));
	if (near)
		complain("explain \"%s\": unknown (did you mean \"%s\"?)", word, near);
	else if (found->n == 0)
		complain("explain \"%s\": unknown (\"hosttune explain\" lists "
		         "what can be explained)",
		         word);
	return found->n > 0;
}

static int cmd_explain_run(const struct options *o)
{
	_node_ struct node *list =
		o->n_profiles > 0 ? node_new(NODE_LIST) : explain_all();
	enum exit_code code = EXIT_IN_SYNC;

	for (size_t i = 0; i < o->n_profiles; i++)
		if (!add_word(list, o->profiles[i]))
			code = EXIT_INVALID;
	if (o->n_profiles > 0 && list->n == 0)
		return (int)code;
	return (int)outputs_write(o, code, o->n_profiles > 0 ? print_topics : print_index,
	                          list);
}

const struct cmd cmd_explain = {
	.name = "explain",
	.offline = true,
	.args = "[WORD...]",
	.takes = VALUES_TOPIC,
	.summary = "explain a reason, a rule, a sysctl or a profile key",
	.exits = "0 2 3",
	.see = "audit, docs/reasons.md, docs/rules.md, docs/sysctls.md",
	.formats = "text json",
	.run = cmd_explain_run,
};
