/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Checking the imported profile like any other. Each value has its place in the imported
 * file, so a problem's place identifies the value to drop.
 */
#include "import/build.h"
#include "import/formats.h"

#include "base/mem.h"
#include "doc/node.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "profile/writable.h"
#include "resource/kinds.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* --- what it reports ------------------------------------------------------------------
 */

struct check {
	struct import *im;
	const struct diagnostics *diag; /* sorted by place */
	unsigned depth; /* of the value below a tree of settings; 0: in another section */
	bool dropped;
};

static int compare_place(const void *key, const void *element)
{
	const struct place *at = key;
	const struct diagnostic *d = element;

	if (at->line != d->line)
		return at->line < d->line ? -1 : 1;
	return at->col == d->col ? 0 : at->col < d->col ? -1 : 1;
}

/* The error at a place; NULL: none. */
static const struct diagnostic *error_at(const struct check *c, struct place at)
{
	const struct diagnostic *d =
		c->diag->n == 0 ? NULL
				: bsearch(&at, c->diag->list, c->diag->n,
	                                  sizeof(*c->diag->list), compare_place);

	/* several may have this place; errors come first */
	while (d && d > c->diag->list && compare_place(&at, d - 1) == 0)
		d--;
	return d && d->severity == SEVERITY_ERROR ? d : NULL;
}

static const struct diagnostic *error_in(const struct check *c, const struct node *n)
{
	const struct diagnostic *d = error_at(c, n->key_at);

	if (!d)
		d = error_at(c, n->at);
	for (size_t i = 0; !d && i < n->n; i++)
		d = error_in(c, n->items[i]);
	return d;
}

static _printf_(3, 4) void omit_node(struct check *c, struct node *n, const char *fmt,
                                     ...)
{
	_import_origin_ struct import_origin o = import_origin_of(n);
	_free_ char *reason = NULL;
	va_list ap;

	va_start(ap, fmt);
	reason = mem_vformat(fmt, ap);
	va_end(ap);
	import_omit(c->im, &o, "%s", reason);
	c->dropped = true;
}

/* Drop a value with an error; one setting, not all those around it. */
static bool drop_value(struct node *n, void *arg)
{
	struct check *c = arg;
	const char *fault;
	const struct diagnostic *d;
	bool inner = n->type == NODE_MAP && c->depth > 0;

	if (inner && n->n > 0 && !error_at(c, n->key_at)) {
		c->depth++;
		node_filter(n, drop_value, c);
		c->depth--;
		return n->n == 0;
	}
	fault = profile_unwritable(n, c->depth > 0 ? c->depth + 1 : 2);
	d = fault ? NULL : error_in(c, n);
	if (fault)
		omit_node(c, n, "%s: %s", n->key ? n->key : n->text, fault);
	else if (d)
		omit_node(c, n, "%s", d->text);
	return fault || d;
}

static bool drop_empty(struct node *section, void *arg)
{
	(void)arg;
	return section->type != NODE_SCALAR && section->n == 0;
}

static void drop_all(struct check *c, struct node *tree)
{
	node_for_each (section, tree) {
		const struct kind *kind = kinds_find(section->key);

		c->depth = kind && kind->shape == SECTION_TREE ? 1 : 0;
		if (kind)
			node_filter(section, drop_value, c);
	}
	node_filter(tree, drop_empty, NULL);
}

static void take_warnings(struct import *im, const struct diagnostics *diag)
{
	for (size_t i = 0; i < diag->n; i++) {
		const struct diagnostic *d = &diag->list[i];
		const struct place at = {d->file, d->line, d->col};

		if (d->severity == SEVERITY_WARNING)
			diag_warn(&im->warnings, at, "%s", d->text);
		else
			diag_note(&im->warnings, at, "%s", d->text);
	}
}

int import_check(struct import *im, struct diagnostics *diag)
{
	struct check c = {.im = im, .dropped = true};

	/* repeat: other values may have been checked against a dropped one */
	while (c.dropped) {
		_diagnostics_ struct diagnostics found = {0};
		struct profile p;
		int r;

		c.dropped = false;
		c.diag = &found;
		drop_all(&c, im->tree);
		if (c.dropped)
			continue;
		r = profile_take(&p, node_copy(im->tree), NULL, &found);
		profile_done(&p);
		diag_sort(&found);
		if (r == 0) {
			take_warnings(im, &found);
			return 0;
		}
		drop_all(&c, im->tree);
		for (size_t i = 0; !c.dropped && i < found.n; i++)
			if (found.list[i].severity == SEVERITY_ERROR)
				diag_error(diag,
				           (struct place){found.list[i].file,
				                          found.list[i].line,
				                          found.list[i].col},
				           "%s", found.list[i].text);
	}
	return -1;
}
