/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/tuned_file.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"

#include <string.h>

#define EXPANDED_MAX 4096 /* bytes: the limit for the value of a sysctl */

/* Add what ${name} stands for. Return: false, with the reason, if that is unknown. */
static bool add_variable(const struct node *variables, const char *name, struct buf *b,
                         char **ret_why)
{
	const struct node *known = node_get(variables, name);

	/* without its arguments, which may have braces as well */
	if (strncmp(name, "f:", 2) == 0 || strncmp(name, "i:", 2) == 0)
		*ret_why = mem_format("TuneD computes ${%.*s} on the node",
		                      (int)(2 + strcspn(name + 2, ":")), name);
	else if (!known)
		*ret_why = mem_format("no variable \"%s\" in this file", name);
	else if (known->unknown)
		*ret_why = mem_format("variable \"%s\": %s", name, known->text);
	else if (b->len + strlen(known->text) > EXPANDED_MAX)
		*ret_why = mem_format("with its variables, it has more than %d bytes",
		                      EXPANDED_MAX);
	else
		buf_add(b, known->text);
	return !*ret_why;
}

char *tuned_expand(const struct node *variables, const char *text, char **ret_why)
{
	_buf_ struct buf b = {0};
	const char *p = text, *mark;

	*ret_why = NULL;
	while ((mark = strstr(p, "${"))) {
		const char *end = strchr(mark, '}');
		bool escaped = mark > p && mark[-1] == '\\';
		_free_ char *name = NULL;

		if (!end)
			break;
		buf_add_n(&b, p, (size_t)(mark - p) - escaped);
		p = end + 1;
		name = mem_dup_n(mark + 2, (size_t)(end - mark - 2));
		if (escaped)
			buf_addf(&b, "${%s}", name);
		else if (!add_variable(variables, name, &b, ret_why))
			return NULL;
	}
	buf_add(&b, p);
	return buf_take(&b);
}

/* "include" names a file of further variables. */
static void read_variable(struct import *im, struct node *variables,
                          struct tuned_option *o)
{
	_free_ char *why = NULL, *text = NULL;
	struct node *n;

	if (strcmp(o->key, "include") == 0) {
		import_omit(im, &o->origin, "variables of another file, \"%s\"",
		            o->value);
		return;
	}
	if (o->several_lines)
		why = mem_dup("its value continues on another line");
	else
		text = tuned_expand(variables, o->value, &why);
	n = node_new_text(text ? text : why);
	n->unknown = !text;
	node_set(variables, o->key, n);
	if (!text)
		import_omit(im, &o->origin, "%s", why);
}

struct node *tuned_variables(struct import *im, struct tuned_file *f)
{
	struct node *variables = node_new(NODE_MAP);

	for (size_t i = 0; i < f->n; i++) {
		struct tuned_section *s = &f->sections[i];

		for (size_t j = 0; strcmp(s->name, "variables") == 0 && j < s->n; j++)
			read_variable(im, variables, &s->options[j]);
	}
	return variables;
}
