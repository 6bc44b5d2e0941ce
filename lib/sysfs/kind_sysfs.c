/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Values of the kernel's files below /sys that no other section has: a path or pattern,
 * and what its files must show.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "resource/kinds.h"
#include "sysfs/path.h"
#include "sysfs/shown.h"
#include "sysfs/sysfs.h"

#include <stdlib.h>
#include <string.h>

#define MODULES "/sys/module/"

#define BOUND(name_, doc_)                                                         \
	.name = name_, .type = FIELD_SIZE, .max = UINT64_MAX, .alternative = true, \
	.doc = doc_
#define MIN_FIELD BOUND("min", "raise the number to this, never lower it")
#define MAX_FIELD BOUND("max", "lower the number to this, never raise it")

static const struct field bound_fields[] = {{MIN_FIELD}, {MAX_FIELD}, {0}};

static const struct field fields[] = {
	{.name = "value",
         .type = FIELD_VECTOR,
         .fields = bound_fields,
         .alternative = true,
         .doc = "what the files must show: a word, a number, a list or a mask"},
	{MIN_FIELD},
	{MAX_FIELD},
	{.name = "optional",
         .type = FIELD_BOOL,
         .offset = offsetof(struct sysfs, optional),
         .doc = "skip the path if the node does not have it (default false)"},
	{0},
};

static struct sysfs *sysfs_kind_of(struct resource *r)
{
	return CONTAINER_OF(r, struct sysfs, r);
}

/* --- the profile ---------------------------------------------------------------------
 */

static void parse_path(const struct node *n, struct diagnostics *diag)
{
	const char *fault = sysfs_path_fault(n->key);
	const char *why = fault ? NULL : sysfs_path_refused(n->key);

	if (fault)
		diag_error(diag, n->key_at, "sysfs \"%s\": %s", n->key, fault);
	else if (why)
		diag_error(diag, n->key_at,
		           "sysfs \"%s\": hosttune does not write it: %s", n->key, why);
}

/* {value: none, optional: true} or {min: 512}, also as {value: {min: 512}} */
static void parse_mapping(struct sysfs *s, struct sysfs_value *v, const struct node *n,
                          struct diagnostics *diag)
{
	const struct node *value = node_get(n, "value"), *min = node_get(n, "min"),
			  *max = node_get(n, "max");
	_free_ char *what = mem_format("sysfs %s", s->r.name);
	const struct field *const tables[] = {fields, field_when};

	fields_check_known(tables, ARRAY_SIZE(tables), n, what, diag);
	fields_parse(fields + 3, n, s, diag);
	if (value && value->type == NODE_MAP && !min && !max) {
		const struct field *const bounds[] = {bound_fields};

		fields_check_known(bounds, 1, value, what, diag);
		min = node_get(value, "min");
		max = node_get(value, "max");
		value = NULL;
	}
	if (!value == !(min || max))
		diag_error(diag, n->at, "%s: must have a value, or min, max or both",
		           what);
	else if (value)
		sysfs_value_parse(v, what, value, diag);
	else
		sysfs_value_parse_bounds(v, what, min, max, diag);
}

static bool sysfs_parse(struct resource *r, const struct node *n,
                        struct diagnostics *diag)
{
	struct sysfs *s = sysfs_kind_of(r);
	struct sysfs_value *v = sysfs_add(s, NULL, mem_dup(r->name));
	_free_ char *what = mem_format("sysfs %s", r->name);

	parse_path(n, diag);
	if (n->type == NODE_MAP)
		parse_mapping(s, v, n, diag);
	else
		sysfs_value_parse(v, what, n, diag);
	sysfs_added(s);
	return true;
}

/* A pattern does not stand for the paths that the profile names in full. */
static void sysfs_check_all(struct resource *const *list, size_t n,
                            const struct host_facts *facts, struct diagnostics *diag)
{
	_free_ const char **named = mem_new(n, sizeof(*named));
	size_t n_named = 0;

	(void)facts;
	(void)diag;
	for (size_t i = 0; i < n; i++)
		if (!sysfs_path_is_pattern(list[i]->name))
			named[n_named++] = list[i]->name;
	for (size_t i = 0; i < n && n_named > 0; i++) {
		struct sysfs *s = sysfs_kind_of(list[i]);

		if (!sysfs_path_is_pattern(s->r.name))
			continue;
		free(s->named);
		s->named = mem_new(n_named, sizeof(*s->named));
		memcpy(s->named, named, n_named * sizeof(*named));
		s->n_named = n_named;
	}
}

/* --- the node ------------------------------------------------------------------------
 */

/* Parameters of a module come with that module only. Others, with any. */
static bool sysfs_comes_with(const struct resource *r, const struct resource *other)
{
	const char *name = r->name + strlen(MODULES);
	size_t len;

	if (strncmp(r->name, MODULES, strlen(MODULES)) != 0 ||
	    sysfs_path_is_pattern(r->name))
		return true;
	len = strcspn(name, "/");
	return strlen(other->name) == len && strncmp(other->name, name, len) == 0;
}

static bool is_one_value(const struct sysfs *s)
{
	for (size_t i = 1; i < s->n_rows; i++)
		if (strcmp(s->rows[i].now, s->rows[0].now) != 0)
			return false;
	return true;
}

/* A pattern whose files differ becomes a path for each. */
static bool sysfs_capture(const struct resource *r, const struct host *h,
                          struct node *section, struct diagnostics *diag)
{
	const struct sysfs *s = CONST_CONTAINER_OF(r, struct sysfs, r);
	bool one = is_one_value(s);

	(void)h;
	(void)diag;
	if (!r->seen.now || r->run.change.state == STATE_REFUSED ||
	    r->run.change.reason == REASON_CHANGES_BY_ITSELF)
		return false;
	if (one)
		node_set(section, r->name, node_new_word(s->rows[0].now));
	for (size_t i = 0; i < s->n_rows && !one; i++)
		node_set(section, s->rows[i].file->path, node_new_word(s->rows[i].now));
	return true;
}

const struct kind kind_sysfs = {
	.name = "sysfs",
	.section = "sysfs",
	.doc = "values of files below /sys that no other section has, by path; * ? and "
	       "[...] match within one name",
	.page = "docs/sysfs.md",
	.shape = SECTION_VALUES,
	.fields = fields,
	.after = "module",
	.size = sizeof(struct sysfs),
	.parse = sysfs_parse,
	.check_all = sysfs_check_all,
	.observe = sysfs_observe,
	.diff = sysfs_diff,
	.files = sysfs_set_files,
	.capabilities = sysfs_capabilities,
	.differences = sysfs_differences,
	.changes = sysfs_changes,
	.comes_with = sysfs_comes_with,
	.apply = sysfs_apply,
	.revert = sysfs_revert,
	.undo = &sysfs_undo,
	.capture = sysfs_capture,
	.varies = sysfs_varies,
	.done = sysfs_done,
};
