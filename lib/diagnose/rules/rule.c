/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/rule.h"

#include "doc/node.h"

#include <stdlib.h>
#include <string.h>

const struct rule *rules_find(const struct rules *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcasecmp(r->list[i].name, name) == 0)
			return &r->list[i];
	return NULL;
}

void rules_done(struct rules *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->list[i].name);
		free(r->list[i].text);
		free(r->list[i].why);
		free(r->list[i].remedy);
		free(r->list[i].source);
		free(r->list[i].when);
		free(r->list[i].named);
		log_rule_free(r->list[i].log);
	}
	free(r->list);
	stack_classes_done(&r->stacks);
	verdict_rules_done(&r->verdicts);
	for (size_t i = 0; i < r->n_trees; i++)
		node_free(r->trees[i]);
	free(r->trees);
	for (size_t i = 0; i < r->n_files; i++)
		free(r->files[i]);
	free(r->files);
	*r = (struct rules){0};
}
