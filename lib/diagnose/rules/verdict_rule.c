/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/verdict_rule.h"

#include "base/macro.h"
#include "base/mem.h"
#include "doc/node.h"
#include "resource/field.h"

#include <stdlib.h>
#include <string.h>

/* The texts of a verdict as the file has them. */
struct verdict_text {
	struct verdict_rule v;
	char *confidence;
};

#define MEMBER(key, kind, ...)                                            \
	{                                                                 \
		.name = #key, .type = (kind),                             \
		.offset = offsetof(struct verdict_rule, key), __VA_ARGS__ \
	}

static const struct field verdict_fields[] = {
	MEMBER(name, FIELD_TEXT, .required = true,
               .doc = "a CamelCase word that never changes"),
	{.name = "confidence",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct verdict_text, confidence),
         .choices = confidence_words,
         .required = true,
         .doc = "how sure it is, without proof"},
	MEMBER(cause, FIELD_WORDS, .required = true,
               .doc = "rules: a finding of one is the cause"),
	MEMBER(stacks, FIELD_WORDS, .doc = "classes: the cause has such a stack"),
	MEMBER(with, FIELD_WORDS, .doc = "rules: a finding of one must be there, too"),
	MEMBER(against, FIELD_WORDS, .doc = "rules: no finding of one may be there"),
	MEMBER(consequences, FIELD_WORDS, .doc = "rules: what the cause leads to"),
	MEMBER(proof, FIELD_WORDS,
               .doc = "rules: consequences that make it surer by a step"),
	MEMBER(support, FIELD_WORDS, .doc = "rules over measures that agree with it"),
	MEMBER(text, FIELD_TEXT, .required = true, .doc = "the verdict, one sentence"),
	MEMBER(then, FIELD_TEXT, .doc = "what the consequences are"),
	MEMBER(source, FIELD_TEXT, .required = true, .doc = "where the claim comes from"),
	{.name = "next", .type = FIELD_ITEMS, .doc = "what to do, or what to collect"},
	{0},
};

static const struct node *next_of(const struct node *map, struct diagnostics *diag)
{
	const struct node *list = node_get(map, "next");
	bool valid = list && list->type == NODE_LIST && list->n > 0;

	for (size_t i = 0; valid && i < list->n; i++)
		valid = list->items[i]->type == NODE_SCALAR;
	if (!valid)
		diag_error(diag, list ? list->at : map->at,
		           "next: should be a list of texts");
	return list;
}

static void read_verdict(struct verdict_rules *r, const struct node *map,
                         struct diagnostics *diag)
{
	const struct field *table = verdict_fields;
	struct verdict_text text = {.v.at = map->at};
	size_t errors = diag->errors;

	fields_check_known(&table, 1, map, "verdict", diag);
	fields_parse(verdict_fields, map, &text, diag);
	text.v.next = next_of(map, diag);
	for (size_t i = 0; text.v.name && i < r->n; i++)
		if (strcmp(r->list[i].name, text.v.name) == 0)
			diag_error(diag, map->at, "verdict \"%s\": exists already",
			           text.v.name);
	if (diag->errors > errors) {
		fields_done(verdict_fields, &text);
		return;
	}
	while (strcmp(confidence_words[text.v.confidence], text.confidence) != 0)
		text.v.confidence++;
	free(text.confidence);
	r->list = mem_grow(r->list, &r->cap, r->n, sizeof(*r->list));
	r->list[r->n++] = text.v;
}

void verdict_rules_read(struct verdict_rules *r, const struct node *list,
                        struct diagnostics *diag)
{
	if (list->type != NODE_LIST)
		diag_error(diag, list->at, "verdicts: should be a list of mappings");
	for (size_t i = 0; list->type == NODE_LIST && i < list->n; i++) {
		const struct node *item = list->items[i];

		if (item->type == NODE_MAP)
			read_verdict(r, item, diag);
		else
			diag_error(diag, item->at, "verdict: is %s, should be a mapping",
			           node_type_name(item));
	}
}

void verdict_rules_to_front(struct verdict_rules *r, size_t first)
{
	size_t n = r->n - first;
	struct verdict_rule *moved = mem_new(n, sizeof(*moved));

	if (n > 0 && first > 0) {
		memcpy(moved, r->list + first, n * sizeof(*moved));
		memmove(r->list + n, r->list, first * sizeof(*moved));
		memcpy(r->list, moved, n * sizeof(*moved));
	}
	free(moved);
}

void verdict_rules_done(struct verdict_rules *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct verdict_text text = {.v = r->list[i]};

		fields_done(verdict_fields, &text);
	}
	free(r->list);
	*r = (struct verdict_rules){0};
}
