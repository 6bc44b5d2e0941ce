/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/evaluate.h"

#include "base/mem.h"
#include "diagnose/rules/placeholder.h"

#include <errno.h>
#include <string.h>

/* --- the measures that an expression names --------------------------------------------
 */

/* Of a quoted text, with its quotes; 0: it does not end. */
static size_t quoted_len(const char *p)
{
	const char *end = strchr(p + 1, *p);

	return end ? (size_t)(end + 1 - p) : 0;
}

/* The next measure that the expression names, from *at on; MEASURE_COUNT: no more. */
static enum measure_id next_named(const struct rule *rule, const char **at)
{
	const char *p = *at;
	enum measure_id id = MEASURE_COUNT;
	size_t len;

	for (; *p && id == MEASURE_COUNT; p += len > 0 ? len : 1) {
		/* a text, such as 'ena', names no measure */
		len = *p == '\'' || *p == '"' ? quoted_len(p) : 0;
		if (len > 0)
			continue;
		while (template_name_has(p[len]))
			len++;
		if (len > 0)
			id = rule_measure(rule, p, len);
	}
	*at = p;
	return id;
}

void rule_find_named(struct rule *rule)
{
	bool seen[MEASURE_COUNT] = {false};
	const char *at = rule->when;
	enum measure_id id;
	size_t cap = 0;

	while (at && (id = next_named(rule, &at)) < MEASURE_COUNT) {
		if (seen[id])
			continue;
		seen[id] = true;
		rule->named =
			mem_grow(rule->named, &cap, rule->n_named, sizeof(*rule->named));
		rule->named[rule->n_named++] = id;
	}
}

/* --- the facts of one subject --------------------------------------------------------
 */

static void facts_of(const struct rule_subject *s,
                     struct expr_fact ret[MEASURE_COUNT + 1])
{
	size_t n = s->rule->n_named;

	for (size_t i = 0; i < n; i++) {
		enum measure_id id = s->rule->named[i];
		const struct measure *m = rule_subject_measure(s, id);

		ret[i] = (struct expr_fact){.name = measure_defs[id].name,
		                            .type = measure_defs[id].type,
		                            .value = m ? m->value : 0,
		                            .text = m ? m->text : NULL,
		                            .absent = m ? m->absent : "was not read"};
	}
	ret[n] = (struct expr_fact){0};
}

int rule_holds(const struct rule_subject *s, struct expr_error *e)
{
	struct expr_fact facts[MEASURE_COUNT + 1];
	int64_t holds;

	facts_of(s, facts);
	if (expr_eval(s->rule->when, &(struct expr_facts){.list = facts}, EXPR_BOOL,
	              &holds, e) < 0)
		return -EINVAL;
	return holds != 0;
}

/* --- what it says --------------------------------------------------------------------
 */

static void add_measure(const struct rule_subject *s, enum measure_id id,
                        struct evidences *out)
{
	const struct measure *m = rule_subject_measure(s, id);
	_free_ char *value = m && !m->absent ? measure_format(m) : NULL;

	if (value)
		evidence_add(out, mem_format("%s %s", measure_defs[id].name, value),
		             m->where);
}

static void add_evidence(const struct rule_subject *s, struct evidences *out)
{
	for (size_t i = 0; i < s->rule->n_named; i++)
		add_measure(s, s->rule->named[i], out);
}

static void add_finding(const struct rule_subject *s, struct diagnosis *d)
{
	const struct rule *rule = s->rule;
	struct finding *f = finding_add(d, rule->severity, rule->name, s->name);

	f->text = placeholders_fill(s, rule->text);
	f->why = placeholders_fill(s, rule->why);
	f->remedy = placeholders_fill(s, rule->remedy);
	f->source = mem_dup(rule->source);
	add_evidence(s, &f->evidence);
}

/* --- all rules -----------------------------------------------------------------------
 */

/*
 * Whether any source measured for the subject what the rule names: sources of the same
 * class have other subjects. What could not be read was measured, too: as absent.
 */
static bool rule_concerns(const struct rule_subject *s)
{
	for (size_t i = 0; i < s->rule->n_named; i++) {
		enum measure_id id = s->rule->named[i];

		if (measure_defs[id].of == s->rule->of && rule_subject_measure(s, id))
			return true;
	}
	return false;
}

/* Why it cannot be decided: the first measure with an error. 0: none has one. */
static int code_of(const struct rule_subject *s)
{
	for (size_t i = 0; i < s->rule->n_named; i++) {
		const struct measure *m = rule_subject_measure(s, s->rule->named[i]);

		if (m && m->code)
			return m->code;
	}
	return 0;
}

static void evaluate_for(const struct rule_subject *s, struct diagnosis *d)
{
	struct expr_error e;
	int r = rule_holds(s, &e);

	if (r > 0)
		add_finding(s, d);
	else if (r < 0)
		unchecked_add_code(d, s->rule->name, e.text, code_of(s));
}

static void evaluate(const struct rule *rule, const struct measures *m,
                     struct diagnosis *d)
{
	struct rule_subject s = {
		.rule = rule, .name = "", .node = measures_of(m, MEASURE_OF_NODE, "")};

	if (rule->of == MEASURE_OF_NODE) {
		evaluate_for(&s, d);
		return;
	}
	while ((s.own = measures_next(m, rule->of, s.own)).n > 0) {
		s.name = s.own.list->subject;
		if (rule_concerns(&s))
			evaluate_for(&s, d);
	}
}

void rules_evaluate(const struct rules *r, struct measures *m, struct diagnosis *d)
{
	measures_sort(m);
	for (size_t i = 0; i < r->n; i++) {
		if (!r->list[i].when)
			continue;
		d->n_rules++;
		evaluate(&r->list[i], m, d);
	}
}
