/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One sysctl, in the words of the profile language. */
#include "import/sysctl.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/known/shape.h"
#include "sysctl/value.h"

#include <string.h>

/*
 * "10 # comment": the kernel reads numbers up to the first character that is none, so
 * files with such comments work. Return: the comment, owned; NULL: there is none.
 */
static char *cut_comment(char *value)
{
	char *mark = value + strcspn(value, "#;"), *comment;

	if (!*mark || mark == value || !strchr(" \t", mark[-1]))
		return NULL;
	comment = mem_dup(mark + 1 + strspn(mark + 1, " \t#;"));
	*mark = '\0';
	return comment;
}

/* Only numbers may change their distance. */
static bool keeps_text(const char *value, const char *collapsed)
{
	value += strspn(value, " \t");
	if (!collapsed[strspn(collapsed, "0123456789- ")])
		return true;
	return strncmp(value, collapsed, strlen(collapsed)) == 0;
}

static struct node *bound_node(const struct import_sysctl *s, const char *collapsed)
{
	struct node *n = node_new(NODE_MAP);

	node_set(n, s->bound == '>' ? "min" : "max", node_new_word(collapsed));
	return n;
}

static struct node *import_sysctl_node(const struct import_sysctl *s,
                                       const char *collapsed)
{
	struct node *n =
		s->bound ? bound_node(s, collapsed) : sysctl_value_node(collapsed);
	struct node *options;

	if (!s->optional)
		return n;
	options = s->bound ? n : node_new(NODE_MAP);
	if (!s->bound)
		node_set(options, "value", n);
	node_set(options, "optional", node_new_bool(true));
	return options;
}

void import_sysctl(struct import *im, const struct import_sysctl *s,
                   struct import_origin *o)
{
	_free_ char *key = sysctl_key_canonical(s->key), *value = mem_dup(s->value);
	const struct sysctl_row *row = sysctl_table_find(key);
	_free_ char *collapsed = NULL;

	if (row && sysctl_shape_is_number(row->shape) && !o->comment)
		o->comment = cut_comment(value);
	collapsed = words_collapse(value);
	if (!keeps_text(value, collapsed))
		import_omit(
			im, o,
			"sysctl %s: a profile cannot give a value with several spaces "
			"in a row",
			key);
	else
		import_set(im, "sysctl", key, import_sysctl_node(s, collapsed), o);
}

/* Also of {value: 0, optional: true}. */
static bool is_zero(const struct node *n)
{
	const struct node *value = n->type == NODE_MAP ? node_get(n, "value") : n;

	return value && value->type == NODE_SCALAR && strcmp(value->text, "0") == 0;
}

/* The last value of a key that resets this one; NULL: none. */
static const struct node *reset_by(const struct node *section, const struct node *n)
{
	const struct sysctl_known *known = sysctl_known_find(n->key);
	const struct node *other =
		known && known->excludes ? node_get(section, known->excludes) : NULL;

	/* 0 says that the other key is in effect */
	if (!other || is_zero(other) || is_zero(n))
		return NULL;
	return other->key_at.line > n->key_at.line ? other : NULL;
}

static bool import_is_reset(struct node *n, void *arg)
{
	struct import *im = arg;
	const struct node *by = reset_by(node_get(im->tree, "sysctl"), n);
	_import_origin_ struct import_origin o = {0};

	if (!by)
		return false;
	o = import_origin_of(n);
	import_ignore(im, &o, "line %u, %s, resets it", by->key_at.line, by->key);
	return true;
}

void import_sysctls_overridden(struct import *im)
{
	struct node *section = node_get(im->tree, "sysctl");

	if (section)
		node_filter(section, import_is_reset, im);
}
