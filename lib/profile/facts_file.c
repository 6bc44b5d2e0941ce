/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Facts from a file, the reverse of facts_node(). */
#include "base/mem.h"
#include "base/num.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "profile/facts.h"
#include "profile/source.h"
#include "resource/field.h"

#include <errno.h>
#include <string.h>

static char **text_of(struct host_facts *h, const struct text_fact *t)
{
	return (char **)(void *)((char *)h + t->offset);
}

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
		ret[i].name = facts_host_names[i];
	for (size_t i = 0; i < FACTS_OF_TEXT; i++)
		ret[FACTS_OF_HOST + i].name = facts_texts[i].name;
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

static int64_t take_kinds_fact(const struct node *root, const struct kind_facts *k,
                               const char *name, struct diagnostics *diag)
{
	if (facts_host_index(name) < FACTS_OF_HOST ||
	    (k->may_lack && !node_get(root, name)))
		return KIND_FACT_NONE;
	return take_fact(root, name, false, true, diag);
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
		v[i] = take_fact(root, facts_host_names[i], i == FACTS_KERNEL, false,
		                 diag);
	f->host = (struct host_facts){.size = mem_new(1, sizeof(*f->host.size)),
	                              .page_size = v[FACTS_PAGE_SIZE],
	                              .nic_gbps = v[FACTS_NIC_GBPS],
	                              .kernel = (unsigned)v[FACTS_KERNEL]};
	*f->host.size = (struct host_size){.cpus = v[FACTS_CPUS],
	                                   .memory = v[FACTS_MEMORY],
	                                   .numa_nodes = v[FACTS_NUMA_NODES]};
	for (size_t i = 0; i < FACTS_OF_TEXT; i++)
		take_text(&f->host, root, &facts_texts[i], diag);
	for_each_kind_facts(k, first) for (size_t i = 0; k->names[i]; i++)
		f->of_kinds[first + i] = take_kinds_fact(root, k, k->names[i], diag);
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
