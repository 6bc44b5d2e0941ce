/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/formula.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/expr.h"
#include "doc/node.h"
#include "doc/yaml.h"
#include "host/host.h"
#include "profile/source.h"
#include "resource/field.h"
#include "storage/block/choice.h"
#include "storage/block/disk.h"
#include "storage/per_drive.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FORMULA_MARK "= "

/* In the order of their values in formula_fill(). */
enum fact_id {
	FACT_CPUS,
	FACT_MEMORY,
	FACT_PAGE_SIZE,
	FACT_NUMA_NODES,
	FACT_NIC_GBPS,
	FACT_DISKS,
	FACT_DISK_SIZE,
	FACT_KERNEL,
	FACT_COUNT
};

static const char *const fact_names[FACT_COUNT] = {
	"cpus",     "memory", "page_size", "numa_nodes",
	"nic_gbps", "disks",  "disk_size", "kernel",
};

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

/* --- facts from a file
 * ------------------------------------------------------------------ */

/* A node may have no drives; all else is at least one. */
static int64_t fact_value(const struct node *n, enum fact_id id, struct diagnostics *diag)
{
	bool version = id == FACT_KERNEL, zero = id == FACT_DISKS || id == FACT_DISK_SIZE;
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
	struct field known[FACT_COUNT + 1] = {{0}};
	const struct field *const table = known;

	for (size_t i = 0; i < FACT_COUNT; i++)
		known[i].name = fact_names[i];
	fields_check_known(&table, 1, root, "facts", diag);
}

static void take_facts(struct facts *f, const struct node *root, struct diagnostics *diag)
{
	int64_t values[FACT_COUNT] = {0};

	check_fact_names(root, diag);
	for (size_t i = 0; i < FACT_COUNT; i++) {
		const struct node *n = node_get(root, fact_names[i]);

		if (n)
			values[i] = fact_value(n, (enum fact_id)i, diag);
		else
			diag_error(diag, root->at, "fact %s: is missing", fact_names[i]);
	}
	f->host = (struct host_facts){.cpus = values[FACT_CPUS],
	                              .memory = values[FACT_MEMORY],
	                              .page_size = values[FACT_PAGE_SIZE],
	                              .numa_nodes = values[FACT_NUMA_NODES],
	                              .nic_gbps = values[FACT_NIC_GBPS],
	                              .kernel = (unsigned)values[FACT_KERNEL]};
	f->disks = values[FACT_DISKS];
	f->disk_size = values[FACT_DISK_SIZE];
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
		diag_error(diag, root->at, "facts are a mapping, this is %s",
		           node_type_name(root));
	source_done(&s);
	diag_sort(diag);
	return diag->n ? -1 : 0;
}

/* --- facts of a place in the profile
 * ---------------------------------------------------- */

struct drives {
	int64_t count, size; /* size: of the smallest, bytes */
};

/* Count the drives that an item of storage selects (NULL: an item that says nothing). */
static void count_drives(const struct disks *disks, const struct node *item,
                         struct drives *d)
{
	struct disk_spec wish;

	per_drive_spec(item, &wish);
	for (size_t i = 0; i < disks->n; i++) {
		const struct disk *disk = &disks->list[i];

		if (!disk_matches(&wish, disk))
			continue;
		d->count++;
		if (d->size == 0 || (int64_t)disk->size_bytes < d->size)
			d->size = (int64_t)disk->size_bytes;
	}
	per_drive_spec_done(&wish);
}

/* Of the item that asks, else of all of them. */
static struct drives drives_of(const struct facts *f, const struct node *tree,
                               const struct node *item)
{
	const struct node *storage = node_get(tree, "storage");
	_disks_ struct disks disks = {0};
	struct drives d = {f->disks, f->disk_size};
	struct err ignored;

	if (!f->h || f->unknown)
		return d;
	d = (struct drives){0};
	if (disks_read(f->h, &disks, &ignored) < 0)
		return d;
	if (item || !storage || storage->type != NODE_LIST) {
		count_drives(&disks, item, &d);
		return d;
	}
	node_for_each (each, storage)
		count_drives(&disks, each, &d);
	return d;
}

static void formula_fill(struct expr_fact *list, const struct facts *f, struct drives d)
{
	const int64_t values[FACT_COUNT] = {f->host.cpus,
	                                    f->host.memory,
	                                    f->host.page_size,
	                                    f->host.numa_nodes,
	                                    f->host.nic_gbps,
	                                    d.count,
	                                    d.size,
	                                    f->host.kernel};

	for (size_t i = 0; i < FACT_COUNT; i++)
		list[i] = (struct expr_fact){fact_names[i], values[i], NULL};
}

/* Where a formula stands: the whole profile, and the item of storage it is in. */
struct scope {
	const struct facts *facts;
	const struct node *tree, *item;
	struct diagnostics *diag;
	const char *no_drives; /* why drives cannot be asked for here */
};

/* Reading drives takes time: only for a text that names them. */
static int eval(const struct scope *s, const char *text, enum expr_type type,
                int64_t *ret, struct expr_error *e)
{
	struct expr_fact list[FACT_COUNT + 1] = {{0}};
	struct expr_facts facts = {list, s->facts->unknown};
	struct drives d = {0};

	if (strstr(text, "disk") && !s->no_drives)
		d = drives_of(s->facts, s->tree, s->item);
	formula_fill(list, s->facts, d);
	list[FACT_DISKS].fault = list[FACT_DISK_SIZE].fault = s->no_drives;
	return expr_eval(text, &facts, type, ret, e);
}

/* --- formulas
 * ---------------------------------------------------------------------------- */

static bool is_formula(const struct node *n)
{
	return n->type == NODE_SCALAR &&
	       strncmp(n->text, FORMULA_MARK, strlen(FORMULA_MARK)) == 0;
}

static void formula_compute(const struct scope *s, struct node *n)
{
	struct place at = n->at;
	bool quoted = !n->plain;
	struct expr_error e;
	int64_t result;

	n->formula = mem_dup(n->text);
	n->unknown = true;
	n->plain = true;
	if (s->facts->missing) {
		diag_error(s->diag, at, "formula \"%s\": no facts of this host: %s",
		           n->formula, s->facts->missing);
	} else if (eval(s, n->text + strlen(FORMULA_MARK), EXPR_NUMBER, &result, &e) <
	           0) {
		at.col += (unsigned)(strlen(FORMULA_MARK) + e.at) + quoted;
		diag_error(s->diag, at, "formula \"%s\": %s", n->formula, e.text);
	} else if (!s->facts->unknown) {
		n->unknown = false;
		mem_set(&n->text, mem_format("%" PRId64, result));
	}
}

static void formula_walk(const struct scope *s, struct node *n)
{
	if (is_formula(n))
		formula_compute(s, n);
	/* where it is not there, what it replaced is */
	if (n->when && n->overrode)
		formula_walk(s, n->overrode);
	node_for_each (item, n)
		formula_walk(s, item);
}

void formulas_compute(struct node *tree, const struct facts *f, struct diagnostics *diag)
{
	struct scope s = {.facts = f, .tree = tree, .diag = diag};

	node_for_each (section, tree) {
		bool storage = strcmp(section->key, "storage") == 0;

		if (strcmp(section->key, "name") == 0 ||
		    strcmp(section->key, "description") == 0)
			continue;
		if (!storage) {
			formula_walk(&s, section);
			continue;
		}
		node_for_each (item, section) {
			s.item = item;
			formula_walk(&s, item);
		}
		s.item = NULL;
	}
}

/* --- conditions
 * -------------------------------------------------------------------------- */

enum condition condition_decide(const struct node *when, const struct node *item,
                                const struct facts *f, struct diagnostics *diag)
{
	struct scope s = {.facts = f, .item = item, .diag = diag};
	struct place at = when->at;
	struct expr_error e;
	int64_t holds = 0;

	if (!item)
		s.no_drives = "only an item of storage says which drives are meant";
	if (f->missing) {
		diag_error(diag, at, "when \"%s\": no facts of this host: %s", when->text,
		           f->missing);
		return CONDITION_UNKNOWN;
	}
	if (eval(&s, when->text, EXPR_BOOL, &holds, &e) < 0) {
		at.col += (unsigned)e.at + !when->plain;
		diag_error(diag, at, "when \"%s\": %s", when->text, e.text);
		return CONDITION_UNKNOWN;
	}
	if (f->unknown)
		return CONDITION_UNKNOWN;
	return holds ? CONDITION_TRUE : CONDITION_FALSE;
}
