/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/merge.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/suggest.h"
#include "doc/node.h"
#include "profile/section.h"
#include "resource/kinds.h"

#include <stdlib.h>
#include <string.h>

/* The value exists if either condition holds, or always if one side has none. */
static void unite_conditions(struct node *base, const struct node *over)
{
	if (!base->when || !over->when)
		mem_set(&base->when, NULL);
	else if (strcmp(base->when, over->when) != 0)
		mem_set(&base->when, mem_format("(%s) or (%s)", base->when, over->when));
}

/* Merge the members of `over` into `base`, and nested maps down to `depth`. */
static void merge_map(struct node *base, struct node *over, unsigned depth)
{
	for (size_t i = 0; i < over->n; i++) {
		struct node *value = over->items[i], *had = node_get(base, value->key);
		_free_ char *key = mem_dup(value->key);

		if (depth > 0 && had && had->type == NODE_MAP && value->type == NODE_MAP)
			merge_map(had, value, depth - 1);
		else
			value->overrode = node_swap(base, key, value);
	}
	unite_conditions(base, over);
	over->n = 0;
	node_free(over);
}

/*
 * Return what identifies an item: itself, or its key "name", or "resource" for a waiver;
 * NULL: nothing.
 */
static const char *merge_name_of(const struct node *item)
{
	const struct node *name = item;

	if (item->type == NODE_MAP)
		name = node_get(item, "name");
	if (item->type == NODE_MAP && !name)
		name = node_get(item, "resource");
	return name ? name->text : NULL;
}

/* Index the list by name, so that a lookup takes constant time. */
static struct node *places_of(const struct node *list)
{
	struct node *places = node_new(NODE_MAP);

	for (size_t i = 0; i < list->n; i++) {
		const char *name = merge_name_of(list->items[i]);

		if (name)
			node_set(places, name, node_new_uint(i));
	}
	return places;
}

static struct node *find_item(const struct node *list, const struct node *places,
                              const struct node *item)
{
	const char *name = merge_name_of(item);
	const struct node *place = name ? node_get(places, name) : NULL;
	uint64_t at;

	return place && num_u64(place->text, &at) == 0 ? list->items[at] : NULL;
}

/* Append new items; merge items of the same name key by key. */
static void merge_list(struct node *base, struct node *over)
{
	_node_ struct node *places = places_of(base);

	for (size_t i = 0; i < over->n; i++) {
		struct node *item = over->items[i];
		struct node *had = find_item(base, places, item);

		if (had && item->type == NODE_MAP) {
			merge_map(had, item, 0);
		} else if (had) {
			unite_conditions(had, item);
			node_free(item);
		} else {
			node_append(base, item);
		}
	}
	unite_conditions(base, over);
	over->n = 0;
	node_free(over);
}

static void merge_section(const struct kind *kind, struct node *base, struct node *over)
{
	switch (kind->shape) {
	case SECTION_NAMES:
	case SECTION_ITEMS: merge_list(base, over); break;
	case SECTION_VALUES:
	case SECTION_OBJECT: merge_map(base, over, 0); break;
	case SECTION_TREE: merge_map(base, over, UINT32_MAX); break;
	}
}

void merge_profile(struct node *base, struct node *over)
{
	for (size_t i = 0; i < over->n; i++) {
		struct node *value = over->items[i], *had = node_get(base, value->key);
		const struct kind *kind = kinds_find(value->key);
		_free_ char *key = mem_dup(value->key);

		if (kind && had)
			merge_section(kind, had, value);
		else if (had && strcmp(value->key, "waive") == 0)
			merge_list(had, value);
		else
			value->overrode = node_swap(base, key, value);
	}
	over->n = 0;
	node_free(over);
}

static bool has_name(struct node *item, void *name)
{
	const char *own = merge_name_of(item);

	return own && strcmp(own, name) == 0;
}

/* Remove `name`, in the kind's spelling, from the kind's section. */
static bool unset_in(struct node *base, const struct kind *kind, char *name)
{
	struct node *section = node_get(base, kind->section);
	size_t before;

	if (!section)
		return false;
	before = section->n;
	switch (kind->shape) {
	case SECTION_NAMES:
	case SECTION_ITEMS: node_filter(section, has_name, name); break;
	case SECTION_VALUES: node_remove(section, name); break;
	case SECTION_OBJECT:
		if (strcmp(kind->section, name) != 0)
			return false;
		node_remove(base, name);
		return true;
	case SECTION_TREE: break;
	}
	return section->n < before;
}

bool merge_unset(struct node *base, const char *name)
{
	bool found = false;

	for (const struct kind *const *k = kinds; *k; k++) {
		_free_ char *spelled =
			(*k)->canonical ? (*k)->canonical(name) : mem_dup(name);

		found |= unset_in(base, *k, spelled);
	}
	return found;
}

static void offer(const struct kind *kind, const struct section_entry *e, void *near)
{
	(void)kind;
	suggest_offer(near, e->name);
}

void merge_suggest(const struct node *base, struct suggest *near)
{
	for (const struct kind *const *k = kinds; *k; k++) {
		const struct node *section = node_get(base, (*k)->section);

		if (section && (*k)->shape != SECTION_TREE)
			section_each(*k, section, offer, near);
	}
}
