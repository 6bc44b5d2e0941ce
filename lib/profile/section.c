/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/section.h"

#include "base/mem.h"
#include "bottlerocket/setting.h"
#include "doc/node.h"

struct walk {
	const struct kind *kind;
	void (*fn)(const struct kind *kind, const struct section_entry *e, void *arg);
	void *arg;
};

struct section_entry section_entry_of(enum section_shape shape, const struct node *n)
{
	const char *name = n->text;

	if (shape == SECTION_VALUES)
		name = n->key;
	else if (shape == SECTION_ITEMS)
		name = node_get(n, "name")->text;
	return (struct section_entry){name, n,
	                              shape == SECTION_VALUES ? n->key_at : n->at};
}

/* The keys above a value, from the last one up: a tree may have any depth. */
struct path {
	const struct path *above; /* NULL: this is the section */
	const char *segment;
	size_t n; /* of segments up to this one */
};

static char *path_name(const struct path *path)
{
	_free_ const char **segments = mem_new(path->n, sizeof(*segments));

	for (const struct path *p = path; p; p = p->above)
		segments[p->n - 1] = p->segment;
	return setting_path_format(segments, path->n);
}

/* Call the function for each leaf of a tree. A list is a leaf. */
static void each_leaf(const struct walk *w, const struct path *path, const struct node *n)
{
	_free_ char *name = NULL;
	struct section_entry e;

	/* an empty map is a leaf, but an empty section has none */
	if (n->type == NODE_MAP && (n->n > 0 || !path->above)) {
		node_for_each (member, n) {
			const struct path below = {path, member->key, path->n + 1};

			each_leaf(w, &below, member);
		}
		return;
	}
	name = path_name(path);
	e = (struct section_entry){name, n, n->key_at};
	w->fn(w->kind, &e, w->arg);
}

void section_each(const struct kind *kind, const struct node *section,
                  void (*fn)(const struct kind *kind, const struct section_entry *e,
                             void *arg),
                  void *arg)
{
	const struct walk w = {kind, fn, arg};
	struct section_entry e = {kind->section, section, section->at};

	switch (kind->shape) {
	case SECTION_NAMES:
	case SECTION_VALUES:
	case SECTION_ITEMS:
		node_for_each (item, section) {
			e = section_entry_of(kind->shape, item);
			fn(kind, &e, arg);
		}
		break;
	case SECTION_OBJECT: fn(kind, &e, arg); break;
	case SECTION_TREE:
		each_leaf(&w, &(const struct path){NULL, kind->section, 1}, section);
		break;
	}
}
