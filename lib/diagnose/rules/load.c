/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/load.h"

#include "base/mem.h"
#include "base/num.h"
#include "confine/parse.h"
#include "diagnose/rules/evaluate.h"
#include "diagnose/rules/log_check.h"
#include "diagnose/rules/verdict_check.h"
#include "doc/node.h"
#include "profile/source.h"
#include "resource/field.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The texts of a rule as the file has them. */
struct rule_text {
	char *name, *severity, *of, *when, *text, *why, *remedy, *source, *where,
		*subject;
	bool stack;
};

#define TEXT(key, ...)                                                 \
	{                                                              \
		.name = #key, .type = FIELD_TEXT,                      \
		.offset = offsetof(struct rule_text, key), __VA_ARGS__ \
	}

static const struct field rule_fields[] = {
	TEXT(name, .required = true,
             .doc = "the reason of its findings, a CamelCase word that never changes"),
	{.name = "severity",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct rule_text, severity),
         .choices = finding_severity_words,
         .required = true,
         .doc = "how serious a finding is"},
	{.name = "of",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct rule_text, of),
         .choices = measure_class_words,
         .doc = "what has the measures of the expression (default: node)"},
	TEXT(when, .doc = "an expression over measures"),
	{.name = "log", .type = FIELD_ITEMS, .doc = "patterns of kernel messages"},
	TEXT(where, .doc = "an expression over fields of the patterns"),
	TEXT(subject, .doc = "what a finding concerns, with {fields}"),
	{.name = "stack",
         .type = FIELD_BOOL,
         .offset = offsetof(struct rule_text, stack),
         .doc = "whether a stack follows the message"},
	TEXT(text, .required = true, .doc = "what is wrong, with {measures} or {fields}"),
	TEXT(why, .doc = "what it causes"),
	TEXT(remedy, .doc = "a command, or one imperative sentence"),
	TEXT(source, .required = true,
             .doc = "where the claim and its numbers come from"),
	{.name = "good", .type = FIELD_ITEMS, .doc = "samples that yield the finding"},
	{.name = "bad", .type = FIELD_ITEMS, .doc = "samples that do not"},
	{0},
};

static const struct field file_fields[] = {
	{.name = "version", .type = FIELD_UINT, .doc = "version of the format: 1"},
	{.name = "rules", .type = FIELD_ITEMS, .doc = "the rules"},
	{.name = "stacks", .type = FIELD_ITEMS, .doc = "classes of stacks"},
	{.name = "verdicts", .type = FIELD_ITEMS, .doc = "verdicts over findings"},
	{0},
};

/* The position of a word that fields_parse() accepted. */
static unsigned choice(const char *const *words, const char *word)
{
	unsigned i = 0;

	while (words[i] && word && strcmp(words[i], word) != 0)
		i++;
	return word && words[i] ? i : 0;
}

static bool is_camel_case(const char *name)
{
	if (!isupper((unsigned char)*name))
		return false;
	while (isalnum((unsigned char)*name))
		name++;
	return *name == '\0';
}

static const struct node *samples_of(const struct node *map, const char *key, bool needed,
                                     struct diagnostics *diag)
{
	const struct node *list = node_get(map, key);

	if (!list && !needed)
		return NULL;
	if (!list)
		diag_error(diag, map->at,
		           "%s: is missing (a rule needs a sample of each)", key);
	else if (list->type != NODE_LIST || list->n == 0)
		diag_error(diag, list->at, "%s: should be a list of samples", key);
	else
		return list;
	return NULL;
}

/* A rule has an expression or patterns, and no key of the other form. */
static void check_form(const struct node *map, struct diagnostics *diag)
{
	static const char *const of_log[] = {"where", "subject", "stack"};
	const struct node *log = node_get(map, "log"), *when = node_get(map, "when");
	const struct node *of = node_get(map, "of");

	if (!log && !when)
		diag_error(diag, map->at, "when: is missing (or log)");
	if (log && when)
		diag_error(diag, when->key_at, "when: a rule with log has none");
	if (log && of)
		diag_error(diag, of->key_at, "of: a rule with log has none");
	for (size_t i = 0; !log && i < ARRAY_SIZE(of_log); i++)
		if (node_get(map, of_log[i]))
			diag_error(diag, node_get(map, of_log[i])->key_at,
			           "%s: only a rule with log has it", of_log[i]);
}

/* Move the texts to the rule. */
static void take_texts(struct rule *rule, struct rule_text *text)
{
	rule->name = TAKE_PTR(text->name);
	rule->when = TAKE_PTR(text->when);
	rule->text = TAKE_PTR(text->text);
	rule->why = TAKE_PTR(text->why);
	rule->remedy = TAKE_PTR(text->remedy);
	rule->source = TAKE_PTR(text->source);
	if (rule->log) {
		rule->log->where = TAKE_PTR(text->where);
		rule->log->subject = TAKE_PTR(text->subject);
		rule->log->stack = text->stack;
	}
}

static void read_rule(struct rules *r, const struct node *map, struct diagnostics *diag)
{
	const struct field *table = rule_fields;
	struct rule_text text = {0};
	struct rule rule = {.at = map->at};
	size_t errors = diag->errors;

	fields_check_known(&table, 1, map, "rule", diag);
	fields_parse(rule_fields, map, &text, diag);
	if (text.name && !is_camel_case(text.name))
		diag_error(diag, node_get(map, "name")->at,
		           "name \"%s\": should be a CamelCase word such as SoftLockup",
		           text.name);
	else if (text.name && rules_find(r, text.name))
		diag_error(diag, node_get(map, "name")->at, "name \"%s\": exists already",
		           text.name);
	rule.good = samples_of(map, "good", !r->trusted, diag);
	rule.bad = samples_of(map, "bad", !r->trusted, diag);
	check_form(map, diag);
	if (node_get(map, "log"))
		log_rule_read(&rule, map, r->trusted, diag);
	rule.severity = choice(finding_severity_words, text.severity);
	rule.of = choice(measure_class_words, text.of);
	if (diag->errors > errors) {
		fields_done(rule_fields, &text);
		log_rule_free(rule.log);
		return;
	}
	take_texts(&rule, &text);
	rule_find_named(&rule);
	fields_done(rule_fields, &text);
	r->list = mem_grow(r->list, &r->cap, r->n, sizeof(*r->list));
	r->list[r->n++] = rule;
	if (r->trusted)
		return;
	if (rule.log)
		log_rule_check(&rule, map, diag);
	else
		rule_check(&rule, map, diag);
}

static void check_version(const struct node *root, struct diagnostics *diag)
{
	const struct node *n = node_get(root, "version");
	uint64_t version;

	if (!n)
		diag_error(diag, root->at, "version: is missing (write version: %d)",
		           RULES_VERSION);
	else if (n->type != NODE_SCALAR || num_u64(n->text, &version) < 0 ||
	         version != RULES_VERSION)
		diag_error(diag, n->at, "version: should be %d", RULES_VERSION);
}

static void read_rules(struct rules *r, const struct node *root, struct diagnostics *diag)
{
	const struct node *list = node_get(root, "rules");

	if (!list && (node_get(root, "stacks") || node_get(root, "verdicts")))
		return;
	if (!list || list->type != NODE_LIST) {
		diag_error(diag, list ? list->at : root->at,
		           "rules: should be a list of mappings");
		return;
	}
	node_for_each (item, list) {
		if (item->type == NODE_MAP)
			read_rule(r, item, diag);
		else
			diag_error(diag, item->at, "rule: is %s, should be a mapping",
			           node_type_name(item));
	}
}

void rules_take(struct rules *r, struct node *root, struct diagnostics *diag)
{
	const struct field *table = file_fields;

	if (!root)
		return;
	r->trees = mem_grow(r->trees, &r->cap_trees, r->n_trees, sizeof(*r->trees));
	r->trees[r->n_trees++] = root;
	if (root->type != NODE_MAP) {
		diag_error(diag, root->at, "rules: is %s, should be a mapping",
		           node_type_name(root));
		return;
	}
	fields_check_known(&table, 1, root, "rule file", diag);
	check_version(root, diag);
	read_rules(r, root, diag);
	if (node_get(root, "stacks"))
		stack_classes_read(&r->stacks, node_get(root, "stacks"), diag);
	if (node_get(root, "verdicts"))
		verdict_rules_read(&r->verdicts, node_get(root, "verdicts"), diag);
}

void rules_parse(struct rules *r, const char *text, size_t len, const char *file,
                 struct diagnostics *diag)
{
	rules_take(r, confined_yaml_parse(text, len, file, r->until, diag), diag);
}

/* Places name the file: it stays as long as the rules. */
const char *rules_add_file(struct rules *r, char *name)
{
	r->files = mem_grow(r->files, &r->cap_files, r->n_files, sizeof(*r->files));
	r->files[r->n_files] = name;
	return r->files[r->n_files++];
}

void rules_load(struct rules *r, const char *file, struct deadline until,
                struct diagnostics *diag)
{
	size_t verdicts = r->verdicts.n;
	struct source s;

	r->until = until;
	if (source_read_other(&s, file, "rule file", until, diag) == 0) {
		rules_parse(r, s.text, s.len, rules_add_file(r, mem_dup(s.file)), diag);
		verdict_rules_to_front(&r->verdicts, verdicts);
		verdict_rules_check(r, diag);
	}
	source_done(&s);
}
