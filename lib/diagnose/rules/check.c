/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A rule is checked when it is read: a rule that cannot work is an error of its file. */
#include "base/mem.h"
#include "base/num.h"
#include "base/text/suggest.h"
#include "diagnose/rules/evaluate.h"
#include "diagnose/rules/placeholder.h"
#include "doc/node.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE "sample"

static struct place place_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n ? n->at : map->at;
}

/* --- texts ---------------------------------------------------------------------------
 */

static void check_text(const struct rule *rule, const struct node *map, const char *key,
                       const char *text, struct diagnostics *diag)
{
	size_t len;

	for (const char *p = text; p && (p = template_next(p, &len)); p += len + 2) {
		_free_ char *name = mem_dup_n(p + 1, len);
		struct suggest near = {.typed = name};

		if (strcmp(name, PLACEHOLDER_SUBJECT) == 0 ||
		    rule_measure(rule, name, len) < MEASURE_COUNT)
			continue;
		for (enum measure_id id = 0; id < MEASURE_COUNT; id++)
			if (rule_may_name(rule, id))
				suggest_offer(&near, measure_defs[id].name);
		if (near.best)
			diag_error(diag, place_of(map, key),
			           "%s: {%s} is no measure of %s (did you mean \"%s\"?)",
			           key, name, measure_class_words[rule->of], near.best);
		else
			diag_error(diag, place_of(map, key),
			           "%s: {%s} is no measure of %s", key, name,
			           measure_class_words[rule->of]);
	}
}

static void check_expression(const struct rule *rule, const struct node *map,
                             struct diagnostics *diag)
{
	struct expr_fact list[MEASURE_COUNT + 1] = {{0}};
	struct expr_error e;
	int64_t ignored;
	size_t n = 0;

	for (enum measure_id id = 0; id < MEASURE_COUNT; id++)
		if (rule_may_name(rule, id))
			list[n++] = (struct expr_fact){.name = measure_defs[id].name,
			                               .type = measure_defs[id].type};
	if (expr_eval(rule->when, &(struct expr_facts){.list = list, .unknown = true},
	              EXPR_BOOL, &ignored, &e) < 0)
		diag_error(diag, place_of(map, "when"), "when: %s", e.text);
}

/* --- samples -------------------------------------------------------------------------
 */

/* Add one value of a sample. Return: false after an error. */
static bool add_value(const struct rule *rule, const struct node *n, struct measures *m,
                      struct diagnostics *diag)
{
	enum measure_id id = n->type == NODE_SCALAR
	                             ? rule_measure(rule, n->key, strlen(n->key))
	                             : MEASURE_COUNT;
	const char *subject;
	int64_t value = 0;

	if (id == MEASURE_COUNT) {
		diag_error(diag, n->key_at, "sample: \"%s\" is no measure of %s", n->key,
		           measure_class_words[rule->of]);
		return false;
	}
	subject = measure_defs[id].of == MEASURE_OF_NODE ? "" : SAMPLE;
	switch (measure_defs[id].type) {
	case EXPR_TEXT: measure_add_text(m, id, subject, n->text, NULL); return true;
	case EXPR_BOOL: value = strcmp(n->text, "true") == 0; break;
	case EXPR_VERSION: value = num_version(n->text); break;
	case EXPR_NUMBER:
		if (num_i64(n->text, &value) < 0) {
			diag_error(diag, n->at,
			           "sample: %s \"%s\": should be a whole number", n->key,
			           n->text);
			return false;
		}
	}
	measure_add(m, id, subject, value, NULL);
	return true;
}

static void check_sample(const struct rule *rule, const struct node *sample, bool good,
                         struct diagnostics *diag)
{
	struct measures m = {0};
	struct rule_subject s = {.rule = rule, .name = SAMPLE};
	struct expr_error e;
	bool valid = sample->type == NODE_MAP;
	int r;

	if (!valid)
		diag_error(diag, sample->at, "sample: is %s, should be a mapping",
		           node_type_name(sample));
	for (size_t i = 0; sample->type == NODE_MAP && i < sample->n; i++)
		valid &= add_value(rule, sample->items[i], &m, diag);
	measures_sort(&m);
	s.own = measures_of(&m, rule->of, SAMPLE);
	s.node = measures_of(&m, MEASURE_OF_NODE, "");
	r = valid ? rule_holds(&s, &e) : (int)good;
	if (r < 0)
		diag_error(diag, sample->at, "sample: %s", e.text);
	else if (r != (int)good)
		diag_error(diag, sample->at, "sample: %s \"%s\"",
		           good ? "should yield" : "should not yield", rule->name);
	measures_done(&m);
}

void rule_check(const struct rule *rule, const struct node *map, struct diagnostics *diag)
{
	size_t errors = diag->errors;
	bool checked;

	check_text(rule, map, "text", rule->text, diag);
	check_text(rule, map, "why", rule->why, diag);
	check_text(rule, map, "remedy", rule->remedy, diag);
	check_expression(rule, map, diag);
	checked = diag->errors == errors;
	for (size_t i = 0; checked && i < rule->good->n; i++)
		check_sample(rule, rule->good->items[i], true, diag);
	for (size_t i = 0; checked && i < rule->bad->n; i++)
		check_sample(rule, rule->bad->items[i], false, diag);
}
