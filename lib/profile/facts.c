/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/facts.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "profile/source.h"
#include "resource/field.h"
#include "resource/kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* In the order of host_values(). */
static const char *const host_names[FACTS_OF_HOST] = {
	"cpus", "memory", "page_size", "numa_nodes", "nic_gbps", "kernel",
};

#define KERNEL (FACTS_OF_HOST - 1)

static void host_values(const struct host_facts *h, int64_t *ret)
{
	const int64_t values[FACTS_OF_HOST] = {h->cpus,       h->memory,   h->page_size,
	                                       h->numa_nodes, h->nic_gbps, h->kernel};

	memcpy(ret, values, sizeof(values));
}

/* Each kind that offers facts; `first` is the index of its first in facts.of_kinds. */
#define for_each_kind_facts(k, first)                   \
	for (size_t first = 0, k##_i = 0; kinds[k##_i]; \
	     first += count_of(kinds[k##_i]), k##_i++)  \
		for (const struct kind_facts *k = kinds[k##_i]->facts; k; k = NULL)

static size_t count_of(const struct kind *kind)
{
	size_t n = 0;

	while (kind->facts && kind->facts->names[n])
		n++;
	return n;
}

int facts_read(struct facts *f, const struct host *h, struct err *e)
{
	*f = (struct facts){.h = h};
	return host_facts_read(h, &f->host, e);
}

void facts_done(struct facts *f)
{
	free(f->missing);
	*f = (struct facts){0};
}

/* --- from a file ----------------------------------------------------------------------
 */

/* What a kind counts may be 0; every fact of the host is at least 1. */
static int64_t fact_value(const struct node *n, bool version, bool zero,
                          struct diagnostics *diag)
{
	uint64_t value = 0;
	int r = n->type == NODE_SCALAR ? 0 : -EINVAL;

	if (r == 0 && version)
		value = num_version(n->text);
	else if (r == 0)
		r = num_size(n->text, &value);
	if (r == 0 && value <= INT64_MAX && (value > 0 || zero))
		return (int64_t)value;
	diag_error(diag, n->at, "fact %s: should be %s", n->key,
	           version ? "a version such as 6.1"
	                   : "a number above 0, or a size such as 64GiB");
	return 0;
}

static void check_fact_names(const struct node *root, struct diagnostics *diag)
{
	struct field known[FACTS_MAX + 1] = {{0}};
	const struct field *const table = known;

	for (size_t i = 0; i < FACTS_OF_HOST; i++)
		known[i].name = host_names[i];
	for_each_kind_facts(k, first) for (size_t i = 0; k->names[i]; i++)
		known[FACTS_OF_HOST + first + i]
			.name = k->names[i];
	fields_check_known(&table, 1, root, "facts", diag);
}

static int64_t take_fact(const struct node *root, const char *name, bool version,
                         bool zero, struct diagnostics *diag)
{
	const struct node *n = node_get(root, name);

	if (n)
		return fact_value(n, version, zero, diag);
	diag_error(diag, root->at, "fact %s: is missing", name);
	return 0;
}

static void take_facts(struct facts *f, const struct node *root, struct diagnostics *diag)
{
	int64_t v[FACTS_OF_HOST] = {0};

	check_fact_names(root, diag);
	for (size_t i = 0; i < FACTS_OF_HOST; i++)
		v[i] = take_fact(root, host_names[i], i == KERNEL, false, diag);
	f->host = (struct host_facts){.cpus = v[0],
	                              .memory = v[1],
	                              .page_size = v[2],
	                              .numa_nodes = v[3],
	                              .nic_gbps = v[4],
	                              .kernel = (unsigned)v[KERNEL]};
	for_each_kind_facts(k, first) for (size_t i = 0; k->names[i]; i++)
		f->of_kinds[first + i] = take_fact(root, k->names[i], false, true, diag);
}

int facts_load(struct facts *f, const char *file, struct diagnostics *diag)
{
	struct source s;
	_node_ struct node *root = NULL;

	*f = (struct facts){0};
	if (source_read(&s, file, NULL, NULL, diag) == 0)
		root = node_yaml_parse(s.text, s.len, s.file, diag);
	if (root && root->type == NODE_MAP)
		take_facts(f, root, diag);
	else if (root)
		diag_error(diag, root->at, "facts must be a mapping, not %s",
		           node_type_name(root));
	source_done(&s);
	diag_sort(diag);
	return diag->n ? -1 : 0;
}

/* --- for an expression ----------------------------------------------------------------
 */

static bool names_any(const char *text, const struct kind_facts *k)
{
	for (size_t i = 0; k->names[i]; i++)
		if (strstr(text, k->names[i]))
			return true;
	return false;
}

void facts_list(const struct facts *f, const struct facts_scope *scope, const char *text,
                struct expr_fact *ret)
{
	int64_t values[FACTS_MAX] = {0};

	host_values(&f->host, values);
	for (size_t i = 0; i < FACTS_OF_HOST; i++)
		ret[i] = (struct expr_fact){host_names[i], values[i], NULL};
	memcpy(values, f->of_kinds, sizeof(f->of_kinds));
	for_each_kind_facts(k, first)
	{
		const char *fault = scope->item_only && !scope->item ? k->outside : NULL;
		const char *section = kinds[k_i]->section;

		if (f->h && !f->unknown && !fault && names_any(text, k))
			k->read(f->h, node_get(scope->tree, section), scope->item,
			        values + first);
		for (size_t i = 0; k->names[i]; i++)
			ret[FACTS_OF_HOST + first + i] =
				(struct expr_fact){k->names[i], values[first + i], fault};
	}
}
