/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reading a sysctl from its profile. */
#include "base/mem.h"
#include "doc/node.h"
#include "sysctl/check.h"
#include "sysctl/key.h"
#include "sysctl/known/provider.h"
#include "sysctl/known/table.h"
#include "sysctl/persisted.h"
#include "sysctl/sysctl.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_MAX_BYTES 4096

struct options {
	struct resource *r;
	bool persist, optional;
};

#define BOUND(name_, doc_)                                                         \
	.name = name_, .type = FIELD_SIZE, .max = UINT64_MAX, .alternative = true, \
	.doc = doc_
#define MIN_FIELD BOUND("min", "raise the value to this, never lower it")
#define MAX_FIELD BOUND("max", "lower the value to this, never raise it")

static const struct field bound_fields[] = {{MIN_FIELD}, {MAX_FIELD}, {0}};

const struct field sysctl_option_fields[] = {
	{.name = "value",
         .type = FIELD_VECTOR,
         .fields = bound_fields,
         .alternative = true,
         .doc = "the value; a list if the key has several"},
	{MIN_FIELD},
	{MAX_FIELD},
	{.name = "persist",
         .type = FIELD_BOOL,
         .offset = offsetof(struct options, persist),
         .doc = "also persist it across reboots (default true)"},
	{.name = "optional",
         .type = FIELD_BOOL,
         .offset = offsetof(struct options, optional),
         .doc = "skip the key if the kernel does not have it (default false)"},
	{0},
};

/* {value: 10, persist: false} or {min: 16MiB, optional: true} */
static void parse_options(struct sysctl *s, const struct node *n,
                          struct diagnostics *diag)
{
	const struct node *value = node_get(n, "value"), *min = node_get(n, "min"),
			  *max = node_get(n, "max");
	const struct field *const tables[] = {sysctl_option_fields, field_when};
	struct options o = {.persist = true};

	fields_check_known(tables, ARRAY_SIZE(tables), n, s->r.name, diag);
	fields_parse(sysctl_option_fields + 3, n, &o, diag);
	s->r.spec.no_persist |= !o.persist;
	s->r.spec.optional = o.optional;
	if (!value == !(min || max))
		diag_error(diag, n->at,
		           "sysctl %s: must have a value, or min, max or both",
		           s->r.name);
	else if (value)
		sysctl_value_parse(&s->value, s->r.name, value, diag);
	else
		sysctl_value_parse_bounds(&s->value, s->r.name, min, max, diag);
}

static void parse_key(const struct resource *r, const struct node *n,
                      struct diagnostics *diag)
{
	const char *fault = sysctl_key_fault(r->name);
	_free_ char *slashed = fault ? NULL : sysctl_table_slashed(r->name);

	if (fault)
		diag_error(diag, n->key_at, "sysctl \"%s\": %s", n->key, fault);
	else if (slashed)
		diag_error(diag, n->key_at,
		           "sysctl \"%s\": a dot in the name of an interface is written "
		           "as a slash (write %s)",
		           n->key, slashed);
}

/* Bottlerocket's settings cannot hold some keys and values. */
static void parse_persist(struct sysctl *s, struct diagnostics *diag)
{
	struct resource *r = &s->r;
	bool wildcard = sysctl_table_is_wildcard(r->name);

	if (!r->spec.no_persist && (wildcard || s->value.empty)) {
		diag_note(
			diag, r->spec.at,
			"sysctl %s: is not persisted: Bottlerocket's settings hold no %s",
			r->name, wildcard ? "patterns" : "empty values");
		r->spec.no_setting = true;
	}
	if (r->spec.no_persist || r->spec.no_setting)
		return;
	r->spec.unique = mem_format("setting kernel.sysctl of %s", r->name);
	sysctl_persist_check(r->name, &s->value, diag);
}

static struct sysctl_wanted wanted_of(const struct resource *r)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);

	return (struct sysctl_wanted){.key = r->name,
	                              .at = r->spec.at,
	                              .value = &s->value,
	                              .when = r->spec.when,
	                              .optional = r->spec.optional,
	                              .persist =
	                                      !r->spec.no_persist && !r->spec.no_setting};
}

bool sysctl_parse(struct resource *r, const struct node *n, struct diagnostics *diag)
{
	struct sysctl *s = CONTAINER_OF(r, struct sysctl, r);
	size_t before = diag_count_errors(diag);

	parse_key(r, n, diag);
	if (n->type == NODE_MAP)
		parse_options(s, n, diag);
	else
		sysctl_value_parse(&s->value, r->name, n, diag);
	r->spec.want = sysctl_value_describe(&s->value);
	if (diag_count_errors(diag) == before && s->value.n == 0 && !s->value.empty)
		diag_error(diag, n->at, "sysctl %s: has no value", r->name);
	if (strlen(r->spec.want) > VALUE_MAX_BYTES)
		diag_error(diag, n->at, "sysctl %s: the value is longer than 4096 bytes",
		           r->name);
	parse_persist(s, diag);
	if (diag_count_errors(diag) == before) {
		struct sysctl_wanted wanted = wanted_of(r);

		sysctl_check(&wanted, diag);
	}
	r->spec.needs = sysctl_provider_list(r->name);
	return true;
}

/* --- patterns -------------------------------------------------------------------------
 */

/* A key and its pattern: only those of one family can match each other. */
struct member {
	char *family;
	struct sysctl *s;
};

static int compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->family, y->family);
}

/* A pattern does not stand for the keys that the profile names in full. */
static void name_others(struct sysctl *s, const struct member *family, size_t n)
{
	if (!sysctl_table_is_wildcard(s->r.name))
		return;
	for (size_t i = 0; i < n; i++)
		if (!sysctl_table_is_wildcard(family[i].s->r.name))
			sysctl_interfaces_name(&s->interfaces, family[i].s->r.name);
}

static bool any_pattern(struct resource *const *list, size_t n)
{
	while (n > 0)
		if (sysctl_table_is_wildcard(list[--n]->name))
			return true;
	return false;
}

/* Sorted, since a profile may have thousands of patterns and of keys. */
static void name_all_others(struct resource *const *list, size_t n)
{
	_free_ struct member *all = mem_new(n, sizeof(*all));

	if (!any_pattern(list, n))
		return;
	for (size_t i = 0; i < n; i++)
		all[i] = (struct member){sysctl_table_pattern(list[i]->name),
		                         CONTAINER_OF(list[i], struct sysctl, r)};
	qsort(all, n, sizeof(*all), compare_members);
	for (size_t first = 0, end; first < n; first = end) {
		for (end = first; end < n && !compare_members(&all[end], &all[first]);)
			end++;
		for (size_t i = first; i < end; i++)
			name_others(all[i].s, &all[first], end - first);
	}
	for (size_t i = 0; i < n; i++)
		free(all[i].family);
}

void sysctl_parse_check(struct resource *const *list, size_t n,
                        const struct host_facts *facts, struct diagnostics *diag)
{
	_free_ struct sysctl_wanted *all = mem_new(n, sizeof(*all));

	for (size_t i = 0; i < n; i++)
		all[i] = wanted_of(list[i]);
	sysctl_check_all(all, n, facts, diag);
	for (size_t i = 0; i < n; i++)
		CONTAINER_OF(list[i], struct sysctl, r)->yields = all[i].yields;
	name_all_others(list, n);
}
