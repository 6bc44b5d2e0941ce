/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/field.h"

#include "base/date.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/suggest.h"
#include "doc/node.h"
#include "resource/bound.h"
#include "resource/shape.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct field field_when[] = {
	{.name = "when",
         .type = FIELD_TEXT,
         .doc = "condition on the facts of the node, such as kernel >= 6.1 or arch == "
                "aarch64: if it is false, this part of the file does not apply"},
	{0},
};

static void *slot(const struct field *f, void *object)
{
	return (char *)object + f->offset;
}

static bool want_scalar(const struct field *f, const struct node *n, const char *what,
                        struct diagnostics *diag)
{
	_free_ char *shape = NULL;

	if (n->type == NODE_SCALAR)
		return true;
	shape = shape_scalar(f->name, n);
	diag_error(diag, n->at, "%s: is %s, should be %s (write \"%s\")", f->name,
	           node_type_name(n), what, shape);
	return false;
}

static void field_parse_text(const struct field *f, const struct node *n, char **ret,
                             struct diagnostics *diag)
{
	if (!want_scalar(f, n, "a text", diag))
		return;
	if (!*n->text) {
		diag_error(diag, n->at, "%s: is empty", f->name);
		return;
	}
	mem_set(ret, mem_dup(n->text));
}

static void parse_choice(const struct field *f, const struct node *n, char **ret,
                         struct diagnostics *diag)
{
	struct suggest near = {.typed = n->text};
	_buf_ struct buf all = {0};
	const char *known_other;

	if (!want_scalar(f, n, "a word", diag))
		return;
	for (size_t i = 0; f->choices[i]; i++) {
		if (strcmp(f->choices[i], n->text) == 0) {
			mem_set(ret, mem_dup(n->text));
			return;
		}
		suggest_offer(&near, f->choices[i]);
		buf_join(&all, ", ", f->choices[i]);
	}
	known_other = f->explain ? f->explain(n->text) : NULL;
	if (known_other)
		diag_error(diag, n->at, "%s \"%s\": %s", f->name, n->text, known_other);
	else if (near.best)
		diag_error(diag, n->at, "%s \"%s\": unknown (did you mean \"%s\"?)",
		           f->name, n->text, near.best);
	else
		diag_error(diag, n->at, "%s \"%s\": unknown (one of: %s)", f->name,
		           n->text, all.text);
}

static void parse_bool(const struct field *f, const struct node *n, bool *ret,
                       struct diagnostics *diag)
{
	if (!want_scalar(f, n, "true or false", diag))
		return;
	if (n->plain && strcmp(n->text, "true") == 0)
		*ret = true;
	else if (n->plain && strcmp(n->text, "false") == 0)
		*ret = false;
	else
		diag_error(diag, n->at, "%s \"%s\": should be true or false", f->name,
		           n->text);
}

static void parse_number(const struct field *f, const struct node *n, uint64_t *ret,
                         struct diagnostics *diag)
{
	bool size = f->type == FIELD_SIZE;
	char hint[NUM_HINT_BYTES] = "";
	uint64_t value;
	int r;

	if (!want_scalar(f, n, size ? "a size" : "a whole number", diag))
		return;
	r = size ? num_size(n->text, &value) : num_u64(n->text, &value);
	if (r == -EINVAL && size)
		num_size_hint(n->text, hint);
	if (r == -EINVAL)
		diag_error(diag, n->at, "%s \"%s\": should be a %s%s", f->name, n->text,
		           size ? "size such as 4096, 64KiB or 16MiB" : "whole number",
		           hint);
	else if (r < 0 || value < f->min || value > f->max)
		diag_error(diag, n->at,
		           "%s \"%s\": out of range (%" PRIu64 " to %" PRIu64 ")",
		           f->name, n->text, f->min, f->max);
	else
		*ret = value;
}

static void parse_date(const struct field *f, const struct node *n, char **ret,
                       struct diagnostics *diag)
{
	int64_t ignored;

	if (!want_scalar(f, n, "a date", diag))
		return;
	if (date_parse(n->text, &ignored) == 0)
		mem_set(ret, mem_dup(n->text));
	else
		diag_error(diag, n->at, "%s \"%s\": should be a date such as 2027-03-31",
		           f->name, n->text);
}

static void parse_words(const struct field *f, const struct node *n, char **ret,
                        struct diagnostics *diag)
{
	_buf_ struct buf all = {0};
	_free_ char *shape = NULL;

	if (n->type != NODE_LIST) {
		shape = shape_list(f->name, n);
		diag_error(diag, n->at, "%s: is %s, should be a list (write \"%s\")",
		           f->name, node_type_name(n), shape);
		return;
	}
	node_for_each (item, n) {
		if (item->type != NODE_SCALAR || !*item->text || strchr(item->text, ','))
			diag_error(diag, item->at, "%s: each item should be one word",
			           f->name);
		else
			buf_join(&all, ",", item->text);
	}
	mem_set(ret, buf_take(&all));
}

static void parse_object(const struct field *f, const struct node *n, void *object,
                         struct diagnostics *diag)
{
	_free_ char *shape = NULL;

	if (n->type != NODE_MAP) {
		shape = shape_map(f->name, f->fields->name, f->fields->type == FIELD_UINT,
		                  n);
		diag_error(diag, n->at, "%s: is %s, should be a mapping (write \"%s\")",
		           f->name, node_type_name(n), shape);
		return;
	}
	fields_check_known(&f->fields, 1, n, f->name, diag);
	fields_parse(f->fields, n, object, diag);
}

static void field_parse_bound(const struct field *f, const struct node *n,
                              struct bound *ret, struct diagnostics *diag)
{
	const struct bound_range range = {f->name, f->min, f->max, f->choices};

	bound_parse(&range, n, ret, diag);
}

static void parse_field(const struct field *f, const struct node *n, void *object,
                        struct diagnostics *diag)
{
	/* checked on the node, where its value is known */
	if (n->unknown)
		return;
	switch (f->type) {
	case FIELD_TEXT: field_parse_text(f, n, slot(f, object), diag); return;
	case FIELD_CHOICE: parse_choice(f, n, slot(f, object), diag); return;
	case FIELD_BOOL: parse_bool(f, n, slot(f, object), diag); return;
	case FIELD_UINT:
	case FIELD_SIZE: parse_number(f, n, slot(f, object), diag); return;
	case FIELD_WORDS: parse_words(f, n, slot(f, object), diag); return;
	case FIELD_TEXTS:
		if (n->type == NODE_LIST && n->n == 0)
			diag_error(diag, n->at, "%s: is an empty list", f->name);
		else if (n->type == NODE_LIST)
			parse_words(f, n, slot(f, object), diag);
		else
			field_parse_text(f, n, slot(f, object), diag);
		return;
	case FIELD_DATE: parse_date(f, n, slot(f, object), diag); return;
	case FIELD_EACH:
	case FIELD_ITEMS:
	case FIELD_VECTOR: return;
	case FIELD_BOUND: field_parse_bound(f, n, slot(f, object), diag); return;
	case FIELD_OBJECT: break;
	}
	parse_object(f, n, object, diag);
}

void fields_parse(const struct field *fields, const struct node *map, void *object,
                  struct diagnostics *diag)
{
	for (const struct field *f = fields; f->name; f++) {
		const struct node *n = node_get(map, f->name);
		size_t before = diag->n;

		if (!n) {
			if (f->required)
				diag_error(diag, map->at, "%s: is missing", f->name);
			continue;
		}
		parse_field(f, n, object, diag);
		if (f->check && diag->n == before && !n->unknown)
			f->check(n, diag);
	}
}

/* Tables of kinds that share a section share keys, too. */
static void add_once(struct buf *all, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = all->text; p && (p = strstr(p, name)); p += len)
		if ((p == all->text || p[-1] == ' ') && (!p[len] || p[len] == ','))
			return;
	buf_join(all, ", ", name);
}

static bool is_known(const struct field *const *tables, size_t n_tables, const char *key)
{
	for (size_t t = 0; t < n_tables; t++)
		for (const struct field *f = tables[t]; f && f->name; f++)
			if (strcmp(f->name, key) == 0)
				return true;
	return false;
}

static void report_unknown(const struct field *const *tables, size_t n_tables,
                           const struct node *member, const char *what,
                           struct diagnostics *diag)
{
	struct suggest near = {.typed = member->key};
	_buf_ struct buf all = {0};

	for (size_t t = 0; t < n_tables; t++)
		for (const struct field *f = tables[t]; f && f->name; f++) {
			suggest_offer(&near, f->name);
			add_once(&all, f->name);
		}
	diag_error(diag, member->key_at, "%s: unknown key \"%s\" (%s%s%s)", what,
	           member->key, near.best ? "did you mean \"" : "one of: ",
	           near.best ? near.best : all.text, near.best ? "\"?" : "");
}

void fields_check_known(const struct field *const *tables, size_t n_tables,
                        const struct node *map, const char *what,
                        struct diagnostics *diag)
{
	node_for_each (member, map)
		if (!is_known(tables, n_tables, member->key))
			report_unknown(tables, n_tables, member, what, diag);
}

void fields_done(const struct field *fields, void *object)
{
	for (const struct field *f = fields; f->name; f++) {
		if (f->type == FIELD_OBJECT)
			fields_done(f->fields, object);
		else if (f->type == FIELD_TEXT || f->type == FIELD_CHOICE ||
		         f->type == FIELD_WORDS || f->type == FIELD_TEXTS ||
		         f->type == FIELD_DATE)
			mem_set(slot(f, object), NULL);
	}
}

bool fields_any(const struct field *fields, const struct node *map)
{
	for (const struct field *f = fields; f->name; f++)
		if (node_get(map, f->name))
			return true;
	return false;
}

bool field_when_meet(const char *a, const char *b)
{
	return !a || !b || strcmp(a, b) == 0;
}
