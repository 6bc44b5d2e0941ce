/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/log_check.h"

#include "base/mem.h"
#include "diagnose/rules/template.h"
#include "doc/node.h"

#include <string.h>

/* --- reading -------------------------------------------------------------------------
 */

static void read_pattern(struct log_rule *log, const struct node *n, bool trusted,
                         struct diagnostics *diag)
{
	struct pattern *p;
	struct err e = {0};

	if (n->type != NODE_SCALAR) {
		diag_error(diag, n->at, "log: is %s, should be a pattern",
		           node_type_name(n));
		return;
	}
	log->patterns = mem_resize(log->patterns, log->n + 1, sizeof(*log->patterns));
	p = &log->patterns[log->n++];
	if (pattern_read(p, n->text, &e) < 0 || (!trusted && pattern_check(p, &e) < 0))
		diag_error(diag, n->at, "log \"%s\": %s", n->text, e.text);
}

void log_rule_read(struct rule *rule, const struct node *map, bool trusted,
                   struct diagnostics *diag)
{
	const struct node *list = node_get(map, "log");

	rule->log = mem_new(1, sizeof(*rule->log));
	if (list->type == NODE_SCALAR)
		read_pattern(rule->log, list, trusted, diag);
	else if (list->type != NODE_LIST || list->n == 0)
		diag_error(diag, list->at, "log: should be a list of patterns");
	for (size_t i = 0; list->type == NODE_LIST && i < list->n; i++)
		read_pattern(rule->log, list->items[i], trusted, diag);
}

/* --- checking ------------------------------------------------------------------------
 */

static void check_text(const struct rule *rule, const struct node *map, const char *key,
                       const char *text, struct diagnostics *diag)
{
	struct expr_fact fields[LOG_RULE_FIELDS_MAX + 1];
	size_t len;

	log_rule_fields(rule->log, fields);
	for (const char *p = text; p && (p = template_next(p, &len)); p += len + 2) {
		_free_ char *name = mem_dup_n(p + 1, len);
		const struct expr_fact *f = fields;

		while (f->name && strcmp(f->name, name) != 0)
			f++;
		if (f->name || (rule->log->stack && strcmp(name, LOG_RULE_STACK) == 0) ||
		    (strcmp(name, PLACEHOLDER_SUBJECT) == 0 &&
		     strcmp(key, "subject") != 0))
			continue;
		diag_error(diag, node_get(map, key)->at,
		           "%s: {%s} is no field of the patterns", key, name);
	}
}

static void check_where(const struct rule *rule, const struct node *map,
                        struct diagnostics *diag)
{
	struct expr_fact fields[LOG_RULE_FIELDS_MAX + 1];
	struct expr_error e;
	int64_t ignored;

	log_rule_fields(rule->log, fields);
	if (rule->log->where &&
	    expr_eval(rule->log->where,
	              &(struct expr_facts){.list = fields, .unknown = true}, EXPR_BOOL,
	              &ignored, &e) < 0)
		diag_error(diag, node_get(map, "where")->at, "where: %s", e.text);
}

/* Match a sample, and note the pattern that takes it: the first, as in a log. */
static bool sample_matches(const struct log_rule *log, const struct node *n,
                           bool *matched)
{
	for (size_t i = 0; i < log->n; i++) {
		struct log_fields fields;

		if (!log_rule_match(log, i, n->text, strlen(n->text), &fields))
			continue;
		log_fields_done(&fields);
		matched[i] = true;
		return true;
	}
	return false;
}

static void check_samples(const struct rule *rule, const struct node *list, bool good,
                          bool *matched, struct diagnostics *diag)
{
	node_for_each (n, list) {
		if (n->type != NODE_SCALAR)
			diag_error(diag, n->at, "sample: is %s, should be a message",
			           node_type_name(n));
		else if (sample_matches(rule->log, n, matched) != good)
			diag_error(diag, n->at, "sample: %s \"%s\"",
			           good ? "should yield" : "should not yield",
			           rule->name);
	}
}

void log_rule_check(const struct rule *rule, const struct node *map,
                    struct diagnostics *diag)
{
	const struct node *log = node_get(map, "log");
	_free_ bool *matched = mem_new(rule->log->n, sizeof(*matched));
	size_t errors = diag->errors;

	check_text(rule, map, "subject", rule->log->subject, diag);
	check_text(rule, map, "text", rule->text, diag);
	check_text(rule, map, "why", rule->why, diag);
	check_text(rule, map, "remedy", rule->remedy, diag);
	check_where(rule, map, diag);
	if (diag->errors > errors)
		return;
	check_samples(rule, rule->good, true, matched, diag);
	for (size_t i = 0; i < rule->log->n; i++)
		if (!matched[i])
			diag_error(diag,
			           log->type == NODE_LIST ? log->items[i]->at : log->at,
			           "log \"%s\": no good sample matches it (and no "
			           "pattern before it)",
			           rule->log->patterns[i].text);
	check_samples(rule, rule->bad, false, matched, diag);
}
