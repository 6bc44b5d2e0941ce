/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/formula.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/expr.h"
#include "doc/node.h"
#include "profile/facts.h"
#include "resource/kinds.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define FORMULA_MARK "= "

/* The context of an expression, and where its errors go. */
struct scope {
	const struct facts *facts;
	struct facts_scope at;
	struct diagnostics *diag;
};

/* Return: 0; 1: the node has nothing of what `text` names, so it is only checked; -1. */
static int eval(const struct scope *s, const char *text, enum expr_type type,
                int64_t *ret, struct expr_error *e)
{
	struct expr_fact list[FACTS_MAX + 1] = {{0}};
	struct expr_facts facts = {list, s->facts->unknown};

	facts_list(s->facts, &s->at, text, list);
	for (const struct expr_fact *f = list; f->name && type == EXPR_NUMBER; f++)
		facts.unknown |= f->none;
	return expr_eval(text, &facts, type, ret, e) < 0 ? -1 : facts.unknown;
}

/* --- formulas
 * ---------------------------------------------------------------------------- */

static bool is_formula(const struct node *n)
{
	return n->type == NODE_SCALAR && !n->formula &&
	       strncmp(n->text, FORMULA_MARK, strlen(FORMULA_MARK)) == 0;
}

/* "=memory/100": in an unquoted value, meant as a formula. */
static bool lacks_blank(const struct node *n)
{
	return n->type == NODE_SCALAR && n->plain && !n->formula && n->text[0] == '=' &&
	       (isalnum((unsigned char)n->text[1]) ||
	        (n->text[1] && strchr("(-", n->text[1])));
}

/* --- formulas that a comma cut --------------------------------------------------------
 */

static int open_parentheses(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += (*text == '(') - (*text == ')');
	return n;
}

/* What follows the comma: an item of a list, or a key without a value. NULL: neither. */
static const char *text_after_comma(const struct node *parent, const struct node *n)
{
	if (n->type != NODE_SCALAR || !n->plain || (n->key && *n->text))
		return NULL;
	return parent->type == NODE_MAP ? n->key : n->text;
}

struct range {
	size_t at, first, last;
};

static bool is_in_range(struct node *n, void *arg)
{
	struct range *r = arg;
	size_t i = r->at++;

	(void)n;
	return i >= r->first && i <= r->last;
}

static void rejoin_item(struct node *parent, size_t i, struct diagnostics *diag)
{
	struct node *n = parent->items[i];
	struct range rest = {.first = i + 1, .last = i};
	_buf_ struct buf text = {0};
	const char *more;

	buf_add(&text, n->text);
	while (open_parentheses(text.text) > 0 && rest.last + 1 < parent->n &&
	       (more = text_after_comma(parent, parent->items[rest.last + 1]))) {
		buf_addf(&text, ", %s", more);
		rest.last++;
	}
	if (rest.last == i || open_parentheses(text.text) > 0)
		return;
	diag_error(diag, n->at,
	           "formula \"%s\": a comma ends it inside braces or brackets (quote it: "
	           "\"%s\")",
	           n->text, text.text);
	mem_set(&n->text, buf_take(&text));
	node_filter(parent, is_in_range, &rest);
}

void formulas_rejoin(struct node *n, struct diagnostics *diag)
{
	for (size_t i = 0; i < n->n; i++) {
		struct node *item = n->items[i];

		if (is_formula(item) && item->plain)
			rejoin_item(n, i, diag);
		formulas_rejoin(item, diag);
	}
}

/* --- computing ------------------------------------------------------------------------
 */

static void formula_compute(const struct scope *s, struct node *n)
{
	struct place at = n->at;
	bool quoted = !n->plain;
	struct err unread = {0};
	struct expr_error e;
	int64_t result;
	int r = 0;

	n->formula = mem_dup(n->text);
	n->unknown = true;
	n->plain = true;
	if (facts_need(s->facts, n->text, &unread) < 0) {
		diag_error(s->diag, at,
		           "formula \"%s\": cannot read the facts of this host: %s",
		           n->formula, unread.text);
	} else if ((r = eval(s, n->text + strlen(FORMULA_MARK), EXPR_NUMBER, &result,
	                     &e)) < 0) {
		at.col += (unsigned)(strlen(FORMULA_MARK) + e.at) + quoted;
		diag_error(s->diag, at, "formula \"%s\": %s", n->formula, e.text);
	} else if (r == 0) {
		n->unknown = false;
		mem_set(&n->text, mem_format("%" PRId64, result));
	}
}

/* Its value counts as unknown, so that it is not reported as a wrong one as well. */
static void report_no_blank(const struct scope *s, struct node *n)
{
	diag_error(s->diag, n->at,
	           "\"%s\": a formula starts with \"= \" (write \"= %s\", or "
	           "quote the text)",
	           n->text, n->text + 1);
	n->formula = mem_dup(n->text);
	n->unknown = true;
}

static void formula_walk(const struct scope *s, struct node *n)
{
	if (is_formula(n))
		formula_compute(s, n);
	else if (lacks_blank(n))
		report_no_blank(s, n);
	/* a false condition restores the replaced value: compute that, too */
	if (n->when && n->overrode)
		formula_walk(s, n->overrode);
	node_for_each (item, n)
		formula_walk(s, item);
}

bool formulas_any(const struct node *n)
{
	if (is_formula(n) || lacks_blank(n) || (n->overrode && formulas_any(n->overrode)))
		return true;
	node_for_each (item, n)
		if (formulas_any(item))
			return true;
	return false;
}

void formulas_compute(struct node *tree, const struct facts *f, struct diagnostics *diag)
{
	struct scope s = {.facts = f, .at = {.tree = tree}, .diag = diag};

	node_for_each (section, tree) {
		const struct kind *kind = kinds_find(section->key);

		if (strcmp(section->key, "name") == 0 ||
		    strcmp(section->key, "description") == 0 ||
		    strcmp(section->key, "waive") == 0)
			continue;
		if (!kind || kind->shape != SECTION_ITEMS) {
			s.at.section = section->key;
			formula_walk(&s, section);
			continue;
		}
		s.at.section = section->key;
		node_for_each (item, section) {
			s.at.item = item;
			formula_walk(&s, item);
		}
		s.at.item = NULL;
	}
}

/* The node below `item` that `path`, ended by NULL, leads to; NULL: there is none. */
static struct node *node_below(struct node *item, const char *const *path)
{
	while (item && *path)
		item = node_get(item, *path++);
	return item;
}

void formulas_compute_selectors(struct node *tree, const struct facts *f,
                                struct diagnostics *diag)
{
	struct scope s = {.facts = f, .at = {.selector = true}, .diag = diag};

	for (const struct kind *const *k = kinds; *k; k++) {
		struct node *section = node_get(tree, (*k)->section);

		if (!(*k)->facts || !(*k)->facts->selector || !section ||
		    section->type != NODE_LIST)
			continue;
		s.at.section = section->key;
		node_for_each (item, section) {
			struct node *n = node_below(item, (*k)->facts->selector);

			if (n)
				formula_walk(&s, n);
		}
	}
}

/* --- conditions
 * -------------------------------------------------------------------------- */

enum condition condition_decide(const struct node *when, const char *section,
                                const struct node *item, const struct facts *f,
                                struct diagnostics *diag)
{
	struct scope s = {.facts = f,
	                  .at = {.section = section, .item = item, .item_only = true},
	                  .diag = diag};
	struct place at = when->at;
	struct err unread = {0};
	struct expr_error e;
	int64_t holds = 0;

	if (facts_need(f, when->text, &unread) < 0) {
		diag_error(diag, at,
		           "when \"%s\": cannot read the facts of this host: %s",
		           when->text, unread.text);
		return CONDITION_UNKNOWN;
	}
	if (is_formula(when)) {
		diag_error(diag, at, "when \"%s\": a condition has no \"=\" before it",
		           when->text);
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
