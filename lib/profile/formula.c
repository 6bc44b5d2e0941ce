/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/formula.h"

#include "base/mem.h"
#include "doc/expr.h"
#include "doc/node.h"
#include "profile/facts.h"
#include "resource/kinds.h"

#include <inttypes.h>
#include <string.h>

#define FORMULA_MARK "= "

/* The context of an expression, and where its errors go. */
struct scope {
	const struct facts *facts;
	struct facts_scope at;
	struct diagnostics *diag;
};

static int eval(const struct scope *s, const char *text, enum expr_type type,
                int64_t *ret, struct expr_error *e)
{
	struct expr_fact list[FACTS_MAX + 1] = {{0}};
	struct expr_facts facts = {list, s->facts->unknown};

	facts_list(s->facts, &s->at, text, list);
	return expr_eval(text, &facts, type, ret, e);
}

/* --- formulas
 * ---------------------------------------------------------------------------- */

static bool is_formula(const struct node *n)
{
	return n->type == NODE_SCALAR &&
	       strncmp(n->text, FORMULA_MARK, strlen(FORMULA_MARK)) == 0;
}

static void formula_compute(const struct scope *s, struct node *n)
{
	struct place at = n->at;
	bool quoted = !n->plain;
	struct expr_error e;
	int64_t result;

	n->formula = mem_dup(n->text);
	n->unknown = true;
	n->plain = true;
	if (s->facts->missing) {
		diag_error(s->diag, at,
		           "formula \"%s\": cannot read the facts of this host: %s",
		           n->formula, s->facts->missing);
	} else if (eval(s, n->text + strlen(FORMULA_MARK), EXPR_NUMBER, &result, &e) <
	           0) {
		at.col += (unsigned)(strlen(FORMULA_MARK) + e.at) + quoted;
		diag_error(s->diag, at, "formula \"%s\": %s", n->formula, e.text);
	} else if (!s->facts->unknown) {
		n->unknown = false;
		mem_set(&n->text, mem_format("%" PRId64, result));
	}
}

static void formula_walk(const struct scope *s, struct node *n)
{
	if (is_formula(n))
		formula_compute(s, n);
	/* a false condition restores the replaced value: compute that, too */
	if (n->when && n->overrode)
		formula_walk(s, n->overrode);
	node_for_each (item, n)
		formula_walk(s, item);
}

void formulas_compute(struct node *tree, const struct facts *f, struct diagnostics *diag)
{
	struct scope s = {.facts = f, .at = {.tree = tree}, .diag = diag};

	node_for_each (section, tree) {
		const struct kind *kind = kinds_find(section->key);

		if (strcmp(section->key, "name") == 0 ||
		    strcmp(section->key, "description") == 0)
			continue;
		if (!kind || kind->shape != SECTION_ITEMS) {
			formula_walk(&s, section);
			continue;
		}
		node_for_each (item, section) {
			s.at.item = item;
			formula_walk(&s, item);
		}
		s.at.item = NULL;
	}
}

/* --- conditions
 * -------------------------------------------------------------------------- */

enum condition condition_decide(const struct node *when, const struct node *item,
                                const struct facts *f, struct diagnostics *diag)
{
	struct scope s = {
		.facts = f, .at = {.item = item, .item_only = true}, .diag = diag};
	struct place at = when->at;
	struct expr_error e;
	int64_t holds = 0;

	if (f->missing) {
		diag_error(diag, at,
		           "when \"%s\": cannot read the facts of this host: %s",
		           when->text, f->missing);
		return CONDITION_UNKNOWN;
	}
	if (eval(&s, when->text, EXPR_BOOL, &holds, &e) < 0) {
		at.col += (unsigned)e.at + !when->plain;
		diag_error(diag, at, "when \"%s\": %s", when->text, e.text);
		return CONDITION_UNKNOWN;
	}
	if (f->unknown)
		return CONDITION_UNKNOWN;
	return holds ? CONDITION_TRUE : CONDITION_FALSE;
}
