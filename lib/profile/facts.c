/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/facts.h"

#include "base/mem.h"
#include "base/num.h"
#include "confine/parse.h"
#include "doc/node.h"
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

#define NIC_GBPS (FACTS_OF_HOST - 2)
#define KERNEL   (FACTS_OF_HOST - 1)

static const struct text_fact {
	const char *name, *absent; /* why its value is unknown */
	size_t offset;             /* in struct host_facts */
} texts[FACTS_OF_TEXT] = {
	{"arch", "unknown on this node (it has no /proc/sys/kernel/arch)",
         offsetof(struct host_facts, arch)},
	{"instance_type",
         "unknown on this node (/sys/class/dmi/id does not name the type)",
         offsetof(struct host_facts, instance_type)},
	{"variant", "unknown on this node (/etc/os-release cannot be read)",
         offsetof(struct host_facts, variant)},
	{"hostname", "unknown on this node (it has no /etc/hostname)",
         offsetof(struct host_facts, hostname)},
};

#define ABSENT_IN_FILE "unknown (add it to the file of --facts)"

static char **text_of(struct host_facts *h, const struct text_fact *t)
{
	return (char **)(void *)((char *)h + t->offset);
}

static const char *text_at(const struct host_facts *h, const struct text_fact *t)
{
	return *(const char *const *)(const void *)((const char *)h + t->offset);
}

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

int facts_read_kinds(struct facts *f, struct err *e)
{
	int r = 0;

	for_each_kind_facts(k, first) if (r == 0) r =
		k->read(f->h, NULL, NULL, f->of_kinds + first, e);
	f->host.nic_gbps = host_nic_gbps(f->h);
	f->h = NULL;
	return r;
}

void facts_done(struct facts *f)
{
	host_facts_done(&f->host);
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

static void list_names(struct field *ret)
{
	for (size_t i = 0; i < FACTS_OF_HOST; i++)
		ret[i].name = host_names[i];
	for (size_t i = 0; i < FACTS_OF_TEXT; i++)
		ret[FACTS_OF_HOST + i].name = texts[i].name;
	for_each_kind_facts(k, first) for (size_t i = 0; k->names[i]; i++)
		ret[FACTS_OF_HOST + FACTS_OF_TEXT + first + i]
			.name = k->names[i];
}

bool facts_names_all(const struct node *root)
{
	struct field known[FACTS_MAX + 1] = {{0}};

	list_names(known);
	if (root->type != NODE_MAP || root->n == 0)
		return false;
	node_for_each (fact, root) {
		const struct field *f = known;

		while (f->name && strcmp(f->name, fact->key) != 0)
			f++;
		if (!f->name)
			return false;
	}
	return true;
}

/* Return: whether it is worth to read the facts. */
static bool check_fact_names(const struct node *root, struct diagnostics *diag)
{
	struct field known[FACTS_MAX + 1] = {{0}};
	const struct field *const table = known;

	if (node_get(root, "version")) {
		diag_error(diag, root->at,
		           "facts: this is a profile, not a file of facts (see "
		           "docs/profile-language.md, \"Formulas\")");
		return false;
	}
	list_names(known);
	fields_check_known(&table, 1, root, "facts", diag);
	return true;
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

/* Texts are optional: files that were written before there were any stay valid. */
static void take_text(struct host_facts *h, const struct node *root,
                      const struct text_fact *t, struct diagnostics *diag)
{
	const struct node *n = node_get(root, t->name);

	if (n && n->type == NODE_SCALAR)
		*text_of(h, t) = mem_dup(n->text);
	else if (n)
		diag_error(diag, n->at, "fact %s: is %s, should be a text", t->name,
		           node_type_name(n));
}

static void take_facts(struct facts *f, const struct node *root, struct diagnostics *diag)
{
	int64_t v[FACTS_OF_HOST] = {0};

	if (!check_fact_names(root, diag))
		return;
	for (size_t i = 0; i < FACTS_OF_HOST; i++)
		v[i] = take_fact(root, host_names[i], i == KERNEL, false, diag);
	f->host = (struct host_facts){.cpus = v[0],
	                              .memory = v[1],
	                              .page_size = v[2],
	                              .numa_nodes = v[3],
	                              .nic_gbps = v[4],
	                              .kernel = (unsigned)v[KERNEL]};
	for (size_t i = 0; i < FACTS_OF_TEXT; i++)
		take_text(&f->host, root, &texts[i], diag);
	for_each_kind_facts(k, first) for (size_t i = 0; k->names[i]; i++)
		f->of_kinds[first + i] = take_fact(root, k->names[i], false, true, diag);
}

int facts_load(struct facts *f, const char *file, struct deadline until,
               struct diagnostics *diag)
{
	struct source s;
	_node_ struct node *root = NULL;

	*f = (struct facts){0};
	if (source_read_other(&s, file, "facts file", until, diag) == 0)
		root = confined_yaml_parse(s.text, s.len, s.file, until, diag);
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

static struct expr_fact text_fact_of(const struct facts *f, const struct text_fact *t)
{
	const char *text = text_at(&f->host, t);

	return (struct expr_fact){.name = t->name,
	                          .type = EXPR_TEXT,
	                          .text = text,
	                          .absent = text   ? NULL
	                                    : f->h ? t->absent
	                                           : ABSENT_IN_FILE};
}

void facts_list(const struct facts *f, const struct facts_scope *scope, const char *text,
                struct expr_fact *ret)
{
	int64_t values[FACTS_MAX] = {0};

	host_values(&f->host, values);
	if (f->h && !f->missing && strstr(text, host_names[NIC_GBPS]))
		values[NIC_GBPS] = host_nic_gbps(f->h);
	for (size_t i = 0; i < FACTS_OF_HOST; i++)
		ret[i] = (struct expr_fact){.name = host_names[i],
		                            .value = values[i],
		                            .type = i == KERNEL ? EXPR_VERSION
		                                                : EXPR_NUMBER};
	for (size_t i = 0; i < FACTS_OF_TEXT; i++)
		ret[FACTS_OF_HOST + i] = text_fact_of(f, &texts[i]);
	memcpy(values, f->of_kinds, sizeof(f->of_kinds));
	for_each_kind_facts(k, first)
	{
		const char *fault = scope->selector                    ? k->selecting
		                    : scope->item_only && !scope->item ? k->outside
		                                                       : NULL;
		const char *section = kinds[k_i]->section;
		struct err ignored;

		if (f->h && !f->unknown && !fault && names_any(text, k))
			(void)k->read(f->h, node_get(scope->tree, section), scope->item,
			              values + first, &ignored);
		for (size_t i = 0; k->names[i]; i++)
			ret[FACTS_OF_HOST + FACTS_OF_TEXT + first + i] =
				(struct expr_fact){.name = k->names[i],
			                           .value = values[first + i],
			                           .fault = fault};
	}
}
