/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/userdata.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text/base64.h"
#include "base/text/buf.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "profile/builtin.h"
#include "profile/keys.h"
#include "profile/profile.h"
#include "profile/source.h"
#include "profile/waive.h"
#include "resource/kinds.h"

#include <errno.h>
#include <string.h>

/* Bottlerocket's limits for the name of a bootstrap container. */
#define NAME_MAX_BYTES 76
#define NAME_LETTERS   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

const char *userdata_name_fault(const char *name)
{
	if (!*name || name[strspn(name, NAME_LETTERS)])
		return "should have only ASCII letters, digits and -";
	return strlen(name) > NAME_MAX_BYTES ? "is longer than 76 characters" : NULL;
}

const char *userdata_source_fault(const char *source)
{
	for (const char *p = source; *p; p++)
		if (*p <= ' ' || *p == 0x7f || *p == '"' || *p == '\\')
			return "should be an image name without blanks or quotes";
	return *source ? NULL : "is empty";
}

/* --- the profile as one file ----------------------------------------------------------
 */

/* Replace computed values with their formulas. */
static void uncompute(struct node *n)
{
	if (n->formula)
		mem_set(&n->text, mem_dup(n->formula));
	/* quotes are only needed inside of braces */
	if (n->type == NODE_SCALAR && strncmp(n->text, "= ", 2) == 0)
		n->plain = true;
	node_for_each (item, n)
		uncompute(item);
}

static void copy_member(struct node *to, const struct node *tree, const char *key)
{
	const struct node *member = node_get(tree, key);

	if (member && !node_get(to, key))
		node_set(to, key, node_copy(member));
}

/* Format the merged profile in the order of the schema, not the order of the files. */
static char *merged_text(const struct profile *p)
{
	_node_ struct node *root = node_new(NODE_MAP);
	const struct node *tree = p->merged ? p->merged : p->tree;

	for (const struct field *f = profile_keys; f->name; f++)
		copy_member(root, tree, f->name);
	for (const struct kind *const *k = kinds; *k; k++)
		copy_member(root, tree, (*k)->section);
	uncompute(root);
	return node_yaml_format(root);
}

static bool is_builtin(const struct source *s)
{
	for (const struct builtin *b = builtins(); b->name; b++)
		if (strcmp(b->file, s->file) == 0)
			return true;
	return false;
}

/* Return whether a section, or an entry of one, has "when". */
static bool has_condition(const struct node *root)
{
	bool found = false;

	node_for_each (section, root) {
		const struct kind *kind = kinds_find(section->key);

		found |= kind && node_get(section, field_when->name);
		if (!kind || kind->shape == SECTION_TREE)
			continue;
		node_for_each (item, section)
			found |= node_get(item, field_when->name) != NULL;
	}
	return found;
}

/* Return whether any source has conditions: merging would decide them too early. */
static bool has_conditions(const struct profile *p)
{
	bool found = false;

	for (size_t i = 0; i < p->n_sources && !found; i++) {
		const struct source *s = &p->sources[i];
		_diagnostics_ struct diagnostics ignored = {0};
		_node_ struct node *root =
			confined_yaml_parse(s->text, s->len, s->file, s->until, &ignored);

		found = root && root->type == NODE_MAP && has_condition(root);
	}
	return found;
}

static char *include_text(const struct profile *p, const char *const *names,
                          size_t n_names)
{
	_node_ struct node *root = node_new(NODE_MAP);
	struct node *list = node_new(NODE_LIST);

	copy_member(root, p->tree, "version");
	/* an include does not carry these over */
	copy_member(root, p->tree, "name");
	copy_member(root, p->tree, "description");
	node_set(root, "include", list);
	for (size_t i = 0; i < n_names; i++)
		node_append(list, node_new_text(names[i]));
	return node_yaml_format(root);
}

static int text_as_is(const struct profile *p, const char *const *names, size_t n_names,
                      char **ret, struct err *e)
{
	size_t given = 0; /* number of files: 0, or 1 if the first source is one */

	for (size_t i = 0; i < p->n_sources; i++) {
		const struct source *s = &p->sources[i];

		if (is_builtin(s))
			continue;
		if (i > 0 || n_names > 1)
			return err_set(
				e, -EINVAL,
				"profile \"%s\": is not built-in: without merging, user "
				"data can carry only one file and built-in profiles",
				s->file);
		given++;
	}
	*ret = given ? mem_dup_n(p->sources[0].text, p->sources[0].len)
	             : include_text(p, names, n_names);
	return 0;
}

int userdata_embed(const struct profile *p, const char *const *names, size_t n_names,
                   bool as_is, char **ret, struct err *e)
{
	int r;

	if (as_is)
		return text_as_is(p, names, n_names, ret, e);
	if (has_conditions(p)) {
		r = text_as_is(p, names, n_names, ret, e);
		return r < 0 ? err_wrap(e, "conditions (when:) cannot be merged") : 0;
	}
	*ret = merged_text(p);
	return 0;
}

/* --- settings -------------------------------------------------------------------------
 */

struct node *userdata_container(const struct userdata_container *c, const char *text)
{
	_free_ char *encoded = base64_encode(text, strlen(text));
	struct node *root = node_new(NODE_MAP), *settings, *all, *container;

	settings = node_get_map(root, "settings");
	all = node_get_map(settings, "bootstrap-containers");
	container = node_get_map(all, c->name);
	node_set_text(container, "source", c->source);
	/* run at every boot, because mounts and nfsd threads do not survive a reboot */
	node_set_text(container, "mode", "always");
	node_set(container, "essential", node_new_bool(c->essential));
	node_set_text(container, "user-data", encoded);
	return root;
}

/* Return why a resource cannot be a setting for an unknown node; NULL: it can. */
static const char *not_native(const struct profile *p, const struct resource *r)
{
	if (r->spec.when)
		return "has a condition, but no facts of the node are given";
	if (!r->kind->persist)
		return "Bottlerocket has no setting for it";
	if (r->spec.waiver && waive_in_force(r->spec.waiver, clock_unix_s()))
		return "the profile waives it";
	if (r->spec.no_persist || (!p->persist && r->kind->shape != SECTION_TREE))
		return "the profile sets persist: false";
	return r->kind->varies ? r->kind->varies(r) : NULL;
}

struct node *userdata_native(const struct profile *p, char **ret_rest)
{
	_node_ struct node *none = node_new(NODE_MAP);
	struct node *root = node_new(NODE_MAP), *settings;
	_buf_ struct buf rest = {0};

	settings = node_get_map(root, "settings");
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];
		const char *reason;

		if (r->spec.excluded || (r->kind->flags & KIND_READ_ONLY))
			continue;
		reason = not_native(p, r);
		if (reason)
			buf_addf(&rest, "%s %s: %s\n", r->kind->name, r->name, reason);
		else
			r->kind->persist(r, none, settings);
	}
	if (settings->n == 0)
		node_remove(root, "settings");
	*ret_rest = buf_take(&rest);
	return root;
}
