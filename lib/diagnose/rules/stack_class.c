/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/stack_class.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "resource/field.h"

#include <stdlib.h>
#include <string.h>

static const struct field stack_fields[] = {
	{.name = "name",
         .type = FIELD_TEXT,
         .offset = offsetof(struct stack_class, name),
         .required = true,
         .doc = "name of the class"},
	{.name = "functions",
         .type = FIELD_WORDS,
         .offset = offsetof(struct stack_class, functions),
         .required = true,
         .doc = "functions of the kernel that only such a stack has"},
	{0},
};

static void read_class(struct stack_classes *r, const struct node *map,
                       struct diagnostics *diag)
{
	const struct field *table = stack_fields;
	struct stack_class new = {0};
	size_t errors = diag->errors;

	fields_check_known(&table, 1, map, "stack", diag);
	fields_parse(stack_fields, map, &new, diag);
	if (diag->errors == errors && r->n == STACK_CLASSES_MAX)
		diag_error(diag, map->at, "stack \"%s\": there are more than %d",
		           new.name, STACK_CLASSES_MAX);
	if (diag->errors > errors) {
		fields_done(stack_fields, &new);
		return;
	}
	r->list = mem_grow(r->list, &r->cap, r->n, sizeof(*r->list));
	r->list[r->n++] = new;
}

void stack_classes_read(struct stack_classes *r, const struct node *list,
                        struct diagnostics *diag)
{
	if (list->type != NODE_LIST)
		diag_error(diag, list->at, "stacks: should be a list of mappings");
	for (size_t i = 0; list->type == NODE_LIST && i < list->n; i++) {
		const struct node *item = list->items[i];

		if (item->type == NODE_MAP)
			read_class(r, item, diag);
		else
			diag_error(diag, item->at, "stack: is %s, should be a mapping",
			           node_type_name(item));
	}
}

static bool has_function(const char *functions, const char *name, size_t len)
{
	const char *rest = functions, *word;
	size_t n;

	while ((word = words_next(&rest, ',', &n))) {
		if (word[n - 1] == '*' ? len >= n - 1 && strncmp(word, name, n - 1) == 0
		                       : len == n && strncmp(word, name, n) == 0)
			return true;
	}
	return false;
}

uint64_t stack_classes_of(const struct stack_classes *r, const char *function, size_t len)
{
	uint64_t classes = 0;

	for (size_t i = 0; i < r->n; i++)
		if (has_function(r->list[i].functions, function, len))
			classes |= UINT64_C(1) << i;
	return classes;
}

const char *stack_class_name(const struct stack_classes *r, uint64_t classes)
{
	for (size_t i = 0; i < r->n; i++)
		if (classes & UINT64_C(1) << i)
			return r->list[i].name;
	return STACK_CLASS_OTHER;
}

uint64_t stack_classes_named(const struct stack_classes *r, const char *names)
{
	uint64_t classes = 0;

	for (size_t i = 0; i < r->n; i++)
		if (words_have(names, ',', r->list[i].name))
			classes |= UINT64_C(1) << i;
	return classes;
}

void stack_classes_done(struct stack_classes *r)
{
	for (size_t i = 0; i < r->n; i++)
		fields_done(stack_fields, &r->list[i]);
	free(r->list);
	*r = (struct stack_classes){0};
}
