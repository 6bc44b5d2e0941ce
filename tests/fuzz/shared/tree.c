/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Changes of documents as trees: what is changed is still a document. */
#include "../fuzz.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/yaml.h"

#include <string.h>

/* One in so many changes is of bytes. */
#define BYTES_ONE_IN 4
#define TEXT_MAX     256

enum edit {
	EDIT_REMOVE,
	EDIT_REPLACE, /* by another part of the document */
	EDIT_MERGE,   /* add another part to it */
	EDIT_RENAME,  /* its key, to another key of the document */
	EDIT_WRAP,    /* in a list or a mapping */
	EDIT_VALUE,   /* to one that is often special */
	EDIT_TEXT,    /* by libFuzzer's change of bytes */
	EDITS
};

static const char *const values[] = {
	"",
	"0",
	"-1",
	"1",
	"9223372036854775807",
	"9223372036854775808",
	"18446744073709551615",
	"1e9",
	"0x10",
	"true",
	"false",
	"null",
	"~",
	"16MiB",
	"10%",
	"= max(1, cpus)",
	"= memory / 0",
	"kernel >= 6.1",
	"arch == 'x'",
	"2027-03-31",
	"/",
	"/mnt/../x",
	"*",
	"a b",
	"\xc3\xa4",
	"\x1b[31m",
	"4096 131072 16777216",
};

struct change {
	enum edit edit;
	unsigned at, seen;        /* which value, and the number of those before */
	const struct node *other; /* part of the same document */
	unsigned *seed;
};

static unsigned count(const struct node *n)
{
	unsigned all = 1;

	node_for_each (item, n)
		all += count(item);
	return all;
}

static const struct node *nth(const struct node *n, unsigned *left)
{
	if ((*left)-- == 0)
		return n;
	node_for_each (item, n) {
		const struct node *found = nth(item, left);

		if (found)
			return found;
	}
	return NULL;
}

static struct node *changed_text(const struct node *n, unsigned *seed)
{
	char text[TEXT_MAX + 1] = "";
	struct node *new;
	size_t len = n->type == NODE_SCALAR ? strnlen(n->text, TEXT_MAX) : 0;

	memcpy(text, len ? n->text : "", len);
	len = LLVMFuzzerMutate((uint8_t *)text, len, TEXT_MAX);
	text[len] = '\0';
	new = node_new_text(text);
	new->plain = fuzz_random(seed, 2);
	return new;
}

static void add_part(struct node *to, const char *key, struct node *part)
{
	if (to->type == NODE_MAP)
		node_set(to, key ? key : "x", part);
	else
		node_append(to, part);
}

/* The value after the change; NULL: it is removed. */
static struct node *edited(const struct node *n, struct change *c)
{
	struct node *new;

	switch (c->edit) {
	case EDIT_REMOVE: return NULL;
	case EDIT_REPLACE: return node_copy(c->other);
	case EDIT_MERGE:
		if (n->type == NODE_SCALAR)
			return node_copy(c->other);
		new = node_copy(n);
		add_part(new, c->other->key, node_copy(c->other));
		return new;
	case EDIT_WRAP:
		new = node_new(fuzz_random(c->seed, 2) ? NODE_LIST : NODE_MAP);
		add_part(new, c->other->key, node_copy(n));
		return new;
	case EDIT_VALUE:
		new = node_new_text(
			values[fuzz_random(c->seed, sizeof(values) / sizeof(*values))]);
		new->plain = fuzz_random(c->seed, 2);
		return new;
	case EDIT_TEXT: return changed_text(n, c->seed);
	case EDIT_RENAME:
	case EDITS:
	default: return node_copy(n);
	}
}

static struct node *rebuild(const struct node *n, struct change *c)
{
	struct node *new;

	if (c->seen++ == c->at)
		return edited(n, c);
	if (n->type == NODE_SCALAR)
		return node_copy(n);
	new = node_new(n->type);
	node_for_each (item, n) {
		bool here = c->seen == c->at && c->edit == EDIT_RENAME;
		struct node *part = rebuild(item, c);

		if (part)
			add_part(new, here && c->other->key ? c->other->key : item->key,
			         part);
	}
	return new;
}

static struct node *read_document(const uint8_t *data, size_t size, bool *ret_json)
{
	_diagnostics_ struct diagnostics diag = {0};
	struct err e;
	struct node *n = node_json_parse((const char *)data, size, &e);

	*ret_json = n;
	return n ? n : node_yaml_parse((const char *)data, size, "fuzz", &diag);
}

unsigned fuzz_random(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245U + 12345U;
	return (*seed >> 8) % below;
}

size_t fuzz_mutate_tree(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	bool bytes = fuzz_random(&seed, BYTES_ONE_IN) == 0, json = false;
	_node_ struct node *n = bytes ? NULL : read_document(data, size, &json),
			   *new = NULL;
	_free_ char *text = NULL;
	struct change c = {.seed = &seed};
	unsigned all, other;

	if (!n)
		return LLVMFuzzerMutate(data, size, max);
	all = count(n);
	c.edit = (enum edit)fuzz_random(&seed, EDITS);
	c.at = all > 1 ? 1 + fuzz_random(&seed, all - 1) : 0;
	other = fuzz_random(&seed, all);
	c.other = nth(n, &other);
	new = rebuild(n, &c);
	if (new)
		text = json ? node_json_format(new, false) : node_yaml_format(new);
	if (!text || strlen(text) > max)
		return LLVMFuzzerMutate(data, size, max);
	memcpy(data, text, strlen(text));
	return strlen(text);
}
