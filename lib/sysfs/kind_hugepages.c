/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Huge pages that are reserved, by their size: see
 * Documentation/admin-guide/mm/hugetlbpage.rst of Linux. While the node runs, the kernel
 * makes as many as it finds memory for, and reports no error.
 */
#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "resource/kinds.h"
#include "sysfs/memory.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of x86-64, and of arm64 with pages of 4, 16 and 64 KiB. */
static const struct {
	const char *key;
	uint64_t kib;
} sizes[MEMORY_SIZES] = {
	{"64KiB", 64},
	{"2MiB", UINT64_C(2) << 10},
	{"32MiB", UINT64_C(32) << 10},
	{"512MiB", UINT64_C(512) << 10},
	{"1GiB", UINT64_C(1) << 20},
	{"16GiB", UINT64_C(16) << 20},
};

#define COUNT_MAX (UINT64_C(1) << 32)

#define SIZE(i, name_)                                                         \
	{                                                                      \
		.name = name_, .type = FIELD_BOUND,                            \
		.offset = offsetof(struct memory, sizes[i]), .max = COUNT_MAX, \
		.doc = "number of pages of " name_                             \
	}

static const struct field size_fields[] = {
	SIZE(0, "64KiB"),
	SIZE(1, "2MiB"),
	SIZE(2, "32MiB"),
	SIZE(3, "512MiB"),
	SIZE(4, "1GiB"),
	SIZE(5, "16GiB"),
	{0},
};

static const struct field fields[] = {
	{.name = "hugepages",
         .type = FIELD_OBJECT,
         .fields = size_fields,
         .doc = "huge pages to reserve, by their size"},
	{0},
};

static const char *const parts[MEMORY_SIZES] = {" 64KiB",  " 2MiB", " 32MiB",
                                                " 512MiB", " 1GiB", " 16GiB"};

static bool hugepages_parse(struct resource *r, const struct node *n,
                            struct diagnostics *diag)
{
	struct memory *m = CONTAINER_OF(r, struct memory, s.r);
	const struct node *map = node_get(n, "hugepages");

	if (!memory_parse(r, n, diag))
		return false;
	for (size_t i = 0; i < MEMORY_SIZES; i++) {
		struct sysfs_value *v;
		const struct node *one = node_get(map, sizes[i].key);

		if (!one)
			continue;
		v = sysfs_add(&m->s, parts[i],
		              mem_format(MEMORY_DIR "hugepages/hugepages-%" PRIu64
		                                    "kB/nr_hugepages",
		                         sizes[i].kib));
		v->min = m->sizes[i].min;
		v->max = m->sizes[i].max;
		v->unknown = !m->sizes[i].set;
		v->is_off = m->sizes[i].set && v->min == 0;
	}
	m->s.short_of = REASON_HUGEPAGES_SHORT;
	sysfs_added(&m->s);
	return m->s.n_targets > 0;
}

static bool hugepages_capture(const struct resource *r, const struct host *h,
                              struct node *section, struct diagnostics *diag)
{
	const struct sysfs *s = CONST_CONTAINER_OF(r, struct sysfs, r);
	struct node *map;

	(void)h;
	(void)diag;
	if (!r->seen.now)
		return false;
	map = node_get_map(section, "hugepages");
	for (size_t i = 0; i < s->n_rows; i++)
		node_set(map, s->rows[i].target->part + 1, node_new_word(s->rows[i].now));
	return true;
}

/* --- persistence ---------------------------------------------------------------------
 */

/* "2M", "2MiB", "2048kB" or "hugepages-2048kB" in KiB; 0: none of them. */
static uint64_t size_of_key(const char *key)
{
	static const char units[] = "kmg", prefix[] = "hugepages-";
	const char *unit;
	char *end;
	uint64_t n;

	if (strncmp(key, prefix, strlen(prefix)) == 0)
		key += strlen(prefix);
	if (!isdigit((unsigned char)*key))
		return 0;
	n = strtoull(key, &end, 10);
	unit = *end ? strchr(units, tolower((unsigned char)*end)) : NULL;
	return unit && n < COUNT_MAX ? n << 10 * (unit - units) : 0;
}

/* The key that the settings of this node have for the size; NULL: none. */
static const struct node *stored_size(const struct node *live, const char *part)
{
	const struct node *stored =
		node_get(node_get(node_get(live, "kernel"), "hugepages"), "static");

	if (!stored || stored->type != NODE_MAP)
		return NULL;
	node_for_each (one, stored)
		if (one->type == NODE_MAP &&
		    size_of_key(one->key) == size_of_key(part + 1))
			return one;
	return NULL;
}

/*
 * Versions of Bottlerocket before core kit 14.9 refuse the whole change if it has such a
 * setting. So only what the server itself has is stored; docs/sysfs.md has the boot
 * parameters for all others.
 */
static void hugepages_persist(const struct resource *r, const struct node *live,
                              struct node *wanted)
{
	const struct sysfs *s = CONST_CONTAINER_OF(r, struct sysfs, r);

	for (size_t i = 0; i < s->n_rows; i++) {
		const struct sysfs_row *row = &s->rows[i];
		const struct node *stored = stored_size(live, row->target->part);
		struct node *map;
		uint64_t count;

		if (!stored || !row->write || num_u64(row->write, &count) < 0)
			continue;
		map = node_get_map(node_get_map(wanted, "kernel"), "hugepages");
		map = node_get_map(node_get_map(map, "static"), stored->key);
		node_set(map, "count", node_new_uint(count));
	}
}

const struct kind kind_hugepages = {
	MEMORY_KIND,
	.name = "hugepages",
	.title = "memory hugepages",
	.fields = fields,
	.parse = hugepages_parse,
	.capture = hugepages_capture,
	.persist = hugepages_persist,
};
