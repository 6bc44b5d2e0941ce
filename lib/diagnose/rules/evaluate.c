/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/evaluate.h"

#include "base/mem.h"
#include "diagnose/rules/placeholder.h"

#include <errno.h>
#include <string.h>

/* --- the facts of one subject --------------------------------------------------------
 */

struct subject_facts {
	struct expr_fact list[MEASURE_COUNT + 1];
};

static void facts_of(const struct rule *rule, const struct measures *m,
                     const char *subject, struct subject_facts *ret)
{
	size_t n = 0, at[MEASURE_COUNT];

	*ret = (struct subject_facts){0};
	for (enum measure_id id = 0; id < MEASURE_COUNT; id++) {
		if (!rule_may_name(rule, id))
			continue;
		at[id] = n;
		ret->list[n++] = (struct expr_fact){.name = measure_defs[id].name,
		                                    .type = measure_defs[id].type,
		                                    .absent = "was not read"};
	}
	for (size_t i = 0; i < m->n; i++) {
		const struct measure *x = &m->list[i];
		const char *of = measure_defs[x->id].of == MEASURE_OF_NODE ? "" : subject;
		struct expr_fact *f;

		if (!rule_may_name(rule, x->id) || strcmp(x->subject, of) != 0)
			continue;
		f = &ret->list[at[x->id]];
		f->value = x->value;
		f->text = x->text;
		f->absent = x->absent;
	}
}

int rule_holds(const struct rule *rule, const struct measures *m, const char *subject,
               struct expr_error *e)
{
	struct subject_facts facts;
	int64_t holds;

	facts_of(rule, m, subject, &facts);
	if (expr_eval(rule->when, &(struct expr_facts){.list = facts.list}, EXPR_BOOL,
	              &holds, e) < 0)
		return -EINVAL;
	return holds != 0;
}

/* --- what it says --------------------------------------------------------------------
 */

/* Each measure that the expression names, once. */
static void add_evidence(const struct rule *rule, const struct measures *m,
                         const char *subject, struct evidences *out)
{
	bool seen[MEASURE_COUNT] = {false};

	for (const char *p = rule->when; *p;) {
		size_t len = 0;
		enum measure_id id;
		const struct measure *x;

		while (measure_name_has(p[len]))
			len++;
		id = len > 0 ? rule_measure(rule, p, len) : MEASURE_COUNT;
		p += len > 0 ? len : 1;
		if (id == MEASURE_COUNT || seen[id])
			continue;
		seen[id] = true;
		x = measure_for(m, id, subject);
		if (x && !x->absent) {
			_free_ char *value = measure_format(x);

			evidence_add(out,
			             mem_format("%s %s", measure_defs[id].name, value),
			             x->where);
		}
	}
}

static void add_finding(const struct rule *rule, const struct measures *m,
                        const char *subject, struct diagnosis *d)
{
	struct finding *f = finding_add(d, rule->severity, rule->name, subject);

	f->text = placeholders_fill(rule, m, subject, rule->text);
	f->why = placeholders_fill(rule, m, subject, rule->why);
	f->remedy = placeholders_fill(rule, m, subject, rule->remedy);
	f->source = mem_dup(rule->source);
	add_evidence(rule, m, subject, &f->evidence);
}

/* --- all rules -----------------------------------------------------------------------
 */

static bool was_before(const struct measures *m, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (measure_defs[m->list[j].id].of == measure_defs[m->list[i].id].of &&
		    strcmp(m->list[j].subject, m->list[i].subject) == 0)
			return true;
	return false;
}

static void evaluate_for(const struct rule *rule, const struct measures *m,
                         const char *subject, struct diagnosis *d)
{
	struct expr_error e;
	int r = rule_holds(rule, m, subject, &e);

	if (r > 0)
		add_finding(rule, m, subject, d);
	else if (r < 0)
		unchecked_add(d, rule->name, e.text);
}

void rules_evaluate(const struct rules *r, const struct measures *m, struct diagnosis *d)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct rule *rule = &r->list[i];

		if (!rule->when)
			continue;
		d->n_rules++;
		if (rule->of == MEASURE_OF_NODE)
			evaluate_for(rule, m, "", d);
		for (size_t j = 0; rule->of != MEASURE_OF_NODE && j < m->n; j++)
			if (measure_defs[m->list[j].id].of == rule->of &&
			    !was_before(m, j))
				evaluate_for(rule, m, m->list[j].subject, d);
	}
}
