/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/build.h"

#include "base/mem.h"
#include "doc/node.h"
#include "resource/kinds.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void import_origin_done(struct import_origin *o)
{
	free(o->lead);
	free(o->comment);
	*o = (struct import_origin){0};
}

static char *line_text(const struct import *im, const struct import_origin *o)
{
	unsigned line = o->key_at.line;

	if (line == 0 || line > im->n_lines)
		return NULL;
	return mem_dup(im->lines[line - 1]);
}

static _printf_(4, 0) void add_omitted(struct import *im, struct import_origin *o,
                                       bool no_effect, const char *fmt, va_list ap)
{
	struct import_omitted *omitted;

	im->omitted = mem_grow(im->omitted, &im->cap, im->n, sizeof(*im->omitted));
	omitted = &im->omitted[im->n++];
	omitted->at = o->at.line ? o->at : o->key_at;
	omitted->reason = mem_vformat(fmt, ap);
	omitted->line = line_text(im, o);
	omitted->lead = TAKE_PTR(o->lead);
	omitted->no_effect = no_effect;
}

void import_omit(struct import *im, struct import_origin *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_omitted(im, o, false, fmt, ap);
	va_end(ap);
}

void import_ignore(struct import *im, struct import_origin *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_omitted(im, o, true, fmt, ap);
	va_end(ap);
}

struct node *import_section(struct import *im, const char *section)
{
	const struct kind *kind = kinds_find(section);
	struct node *n = node_get(im->tree, section);

	if (!n) {
		n = node_new(kind->shape == SECTION_NAMES ? NODE_LIST : NODE_MAP);
		node_set(im->tree, section, n);
	}
	return n;
}

static void set_place(struct node *n, struct place key_at, struct place at)
{
	n->key_at = key_at;
	n->at = at;
	node_for_each (item, n)
		set_place(item, at, at);
}

void import_place(struct node *n, struct import_origin *o)
{
	set_place(n, o->key_at, o->at);
	mem_set(&n->lead, TAKE_PTR(o->lead));
	mem_set(&n->comment, TAKE_PTR(o->comment));
}

void import_set(struct import *im, const char *section, const char *key, struct node *n,
                struct import_origin *o)
{
	struct node *map = import_section(im, section), *had = node_get(map, key);

	import_place(n, o);
	if (had) {
		_import_origin_ struct import_origin earlier = import_origin_of(had);

		import_ignore(im, &earlier, "line %u overrides it", n->key_at.line);
	}
	node_set(map, key, n);
}

struct import_origin import_origin_of(struct node *n)
{
	struct import_origin o = {.key_at = n->key_at.line ? n->key_at : n->at,
	                          .at = n->at};

	o.lead = TAKE_PTR(n->lead);
	o.comment = TAKE_PTR(n->comment);
	return o;
}

void import_module(struct import *im, const char *name, struct import_origin *o)
{
	struct node *section = import_section(im, "modules"), *n;

	node_for_each (other, section)
		if (strcmp(other->text, name) == 0) {
			import_ignore(im, o, "module %s is listed before", name);
			return;
		}
	n = node_new_word(name);
	import_place(n, o);
	/* an empty line between tables is none between names */
	if (n->lead && !strchr(n->lead, '#'))
		mem_set(&n->lead, NULL);
	node_append(section, n);
}
