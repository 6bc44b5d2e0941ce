/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The sections and keys of profiles, from the tables that the parser reads. */
#include "profile/keys.h"
#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/packed.h"
#include "doc/node.h"
#include "explain/effect.h"
#include "explain/topic.h"
#include "resource/kinds.h"

#include <inttypes.h>
#include <string.h>

#define DEPTH_MAX 8
#define LANGUAGE  "docs/profile-language.md, hosttune(8)"

/* One key on the way down from the top of a profile. */
struct key {
	const struct key *above; /* NULL: a key of the profile itself */
	const char *name;
	const struct field *field; /* NULL: a section */
	const struct kind *kind;   /* of the section that it is in; NULL: none */
};

typedef void key_fn(const struct key *key, const char *name, void *arg);

struct visit {
	key_fn *fn;
	void *arg;
};

static void visit_fields(const struct visit *v, const struct key *above,
                         const struct field *fields);

static void key_name(const struct key *key, struct buf *ret)
{
	if (key->above) {
		key_name(key->above, ret);
		buf_add(ret, ".");
	}
	buf_add(ret, key->name);
}

static void visit_key(const struct visit *v, const struct key *key)
{
	_buf_ struct buf name = {0};

	key_name(key, &name);
	v->fn(key, name.text, v->arg);
	if (key->field && key->field->fields)
		visit_fields(v, key, key->field->fields);
}

static void visit_fields(const struct visit *v, const struct key *above,
                         const struct field *fields)
{
	for (const struct field *f = fields; f && f->name; f++) {
		const struct key key = {above, f->name, f, above ? above->kind : NULL};

		visit_key(v, &key);
	}
}

/* A section, and the keys of all kinds that read it. */
static void visit_section(const struct visit *v, const struct kind *kind)
{
	const struct key key = {NULL, kind->section, NULL, kind};

	visit_key(v, &key);
	if (kind->shape == SECTION_ITEMS)
		visit_fields(v, &key, profile_item_keys);
	for (const struct kind *const *k = kinds; *k; k++)
		if (strcmp((*k)->section, kind->section) == 0)
			visit_fields(v, &key, (*k)->fields);
}

static void visit_all(key_fn *fn, void *arg)
{
	const struct visit v = {fn, arg};

	visit_fields(&v, NULL, profile_keys);
	visit_fields(&v, NULL, field_when);
	for (const struct kind *const *k = kinds; *k; k++)
		if (kinds_find((*k)->section) == *k)
			visit_section(&v, *k);
}

/* --- one key
 * ---------------------------------------------------------------------------------- */

static const char *section_type(enum section_shape shape)
{
	switch (shape) {
	case SECTION_NAMES: return "a list of names";
	case SECTION_VALUES: return "a mapping of names to values";
	case SECTION_ITEMS: return "a list of items, each with a name";
	case SECTION_OBJECT: return "a mapping";
	case SECTION_TREE: return "a mapping of any depth";
	}
	return NULL;
}

static const char *field_type(const struct field *f)
{
	switch (f->type) {
	case FIELD_TEXT: return "a text";
	case FIELD_CHOICE: return "one of the values below";
	case FIELD_BOOL: return "true or false";
	case FIELD_UINT: return "a whole number, or a formula";
	case FIELD_SIZE: return "a size, such as 4MiB, or a formula";
	case FIELD_WORDS:
	case FIELD_EACH: return "a list of words";
	case FIELD_TEXTS: return "a text, or a list of texts";
	case FIELD_OBJECT: return "a mapping";
	case FIELD_DATE: return "a day, such as 2027-03-31";
	case FIELD_ITEMS: return "a list of mappings";
	case FIELD_VECTOR: return "a value, a list of values, or a mapping";
	case FIELD_BOUND:
		return f->choices
		               ? "a whole number, max, a formula, or {min: ..., max: ...}"
		               : "a whole number, a formula, or {min: ..., max: ...}";
	}
	return NULL;
}

static void set_range(struct node *n, const struct field *f)
{
	_free_ char *range = NULL;

	if (f->type != FIELD_UINT && f->type != FIELD_SIZE && f->type != FIELD_BOUND)
		return;
	if (f->max > INT32_MAX)
		range = mem_format("%" PRIu64 " or more", f->min);
	else
		range = mem_format("%" PRIu64 " to %" PRIu64, f->min, f->max);
	topic_set(n, "range", range);
}

static void set_choices(struct node *n, const struct field *f)
{
	struct node *list;

	if (f->type != FIELD_CHOICE)
		return;
	list = node_new(NODE_LIST);
	for (size_t i = 0; f->choices[i]; i++)
		node_append(list, node_new_text(f->choices[i]));
	node_set(n, "values", list);
}

struct children {
	struct node *list;
	const char *of;
};

/* The keys directly below one. */
static void add_child(const struct key *key, const char *name, void *arg)
{
	const struct children *c = arg;
	size_t len = strlen(c->of);

	if (key->above && strncmp(name, c->of, len) == 0 && name[len] == '.' &&
	    !strchr(name + len + 1, '.'))
		node_append(c->list, node_new_text(name + len + 1));
}

static void set_children(struct node *n, const char *name)
{
	struct children c = {node_new(NODE_LIST), name};

	visit_all(add_child, &c);
	node_set(n, "keys", c.list);
	if (c.list->n == 0)
		node_remove(n, "keys");
}

static void set_profiles(struct node *n, const struct key *key)
{
	const char *path[DEPTH_MAX + 1] = {NULL};
	size_t depth = 0;

	for (const struct key *k = key; k; k = k->above)
		depth++;
	for (const struct key *k = key; k && depth <= DEPTH_MAX; k = k->above)
		path[--depth] = k->name;
	/* what every profile has explains nothing */
	if (key->above || key->kind)
		topic_set_profiles(n, path);
}

/* keys.def: rows of key, why and danger */
static void set_prose(struct node *n, const char *name)
{
	const char *const *t = packed_texts(&packed_keys);

	for (size_t i = 0; i < packed_keys.n; i += 3) {
		if (strcmp(t[i], name) != 0)
			continue;
		topic_set(n, "why", t[i + 1]);
		topic_set(n, "danger", t[i + 2]);
	}
}

static struct node *key_describe(const struct key *key, const char *name)
{
	const struct field *f = key->field;
	struct node *n = topic_new(&topic_keys, name, f ? f->doc : key->kind->doc);
	_free_ char *source = NULL;

	set_prose(n, name);
	topic_set(n, "type", f ? field_type(f) : section_type(key->kind->shape));
	if (f) {
		set_range(n, f);
		set_choices(n, f);
		topic_set(n, "required", f->required ? "yes" : NULL);
	}
	set_children(n, name);
	set_profiles(n, key);
	topic_set_effects(n, name);
	if (key->kind && key->kind->page)
		source = mem_format("%s, %s", key->kind->page, LANGUAGE);
	topic_set(n, "source", source ? source : LANGUAGE);
	return n;
}

struct search {
	const char *word;
	struct node *found;
};

static void compare_key(const struct key *key, const char *name, void *arg)
{
	struct search *s = arg;

	if (!s->found && strcasecmp(name, s->word) == 0)
		s->found = key_describe(key, name);
}

static struct node *keys_describe(const char *word)
{
	struct search s = {.word = word};

	visit_all(compare_key, &s);
	return s.found;
}

struct listing {
	topic_fn *fn;
	void *arg;
};

static void list_key(const struct key *key, const char *name, void *arg)
{
	const struct listing *l = arg;

	l->fn(name, key->field ? key->field->doc : key->kind->doc, l->arg);
}

static void keys_each(topic_fn *fn, void *arg)
{
	struct listing l = {fn, arg};

	visit_all(list_key, &l);
}

const struct topic_sort topic_keys = {"profile key", keys_each, keys_describe};
