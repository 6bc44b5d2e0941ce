/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The rules that are built in. Those of lib/diagnose/rules/, checked by a test. */
#include "base/mem.h"
#include "base/text/packed.h"
#include "diagnose/rules/load.h"
#include "diagnose/rules/verdict_check.h"
#include "doc/node.h"
#include "doc/yaml.h"

#include <stdlib.h>
#include <string.h>

/* Files that have rules of the log only, and those that have none but serve them. */
static bool concerns_log(const char *file)
{
	return strncmp(file, "log-", strlen("log-")) == 0 ||
	       strcmp(file, "stacks.yaml") == 0 || strcmp(file, "verdicts.yaml") == 0;
}

/* Give each rule its samples: `text` has them in the same order. */
static void add_samples(const struct node *root, const char *text,
                        struct diagnostics *diag)
{
	_node_ struct node *tree = node_yaml_parse(text, strlen(text), "samples", diag);
	const struct node *rules = node_get(root, "rules"),
			  *list = node_get(tree, "rules");

	for (size_t i = 0; rules && list && i < rules->n && i < list->n; i++) {
		node_set(rules->items[i], "good",
		         node_copy(node_get(list->items[i], "good")));
		node_set(rules->items[i], "bad",
		         node_copy(node_get(list->items[i], "bad")));
	}
}

static void add_file(struct rules *r, char *name, const char *text, const char *samples,
                     struct diagnostics *diag)
{
	const char *file = rules_add_file(r, name);
	struct node *root = node_yaml_parse(text, strlen(text), file, diag);

	if (samples && *samples)
		add_samples(root, samples, diag);
	rules_take(r, root, diag);
}

static void add_builtin(struct rules *r, enum rules_part part, struct diagnostics *diag)
{
	_free_ char *texts = packed_open(&packed_rules);
	const char *name = texts;

	for (size_t i = 0; i < packed_rules.n; i += 3) {
		const char *text = name + strlen(name) + 1;
		const char *samples = text + strlen(text) + 1;

		if (part != RULES_OF_LOG || concerns_log(name))
			add_file(r, mem_format("<builtin>/%s", name), text,
			         part == RULES_WITH_SAMPLES ? samples : NULL, diag);
		name = samples + strlen(samples) + 1;
	}
}

void rules_load_builtin(struct rules *r, enum rules_part part, struct diagnostics *diag)
{
	r->trusted = true;
	add_builtin(r, part, diag);
	r->trusted = false;
}

void rules_check_builtin(struct rules *r, struct diagnostics *diag)
{
	add_builtin(r, RULES_WITH_SAMPLES, diag);
	verdict_rules_check(r, diag);
}
