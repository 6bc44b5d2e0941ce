/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/drive_facts.h"

#include "doc/node.h"
#include "storage/block/scan.h"
#include "storage/block/spec.h"
#include "storage/per_drive.h"

#include <stddef.h>

enum { FACT_DISKS, FACT_DISK_SIZE };

static const char *const fact_names[] = {
	[FACT_DISKS] = "disks", [FACT_DISK_SIZE] = "disk_size", NULL};

/* Count the drives that a storage item selects (NULL: an item without "disks"). */
static void count_drives(const struct disks *disks, const struct node *item, int64_t *ret)
{
	struct disk_spec spec;

	per_drive_spec(item, &spec);
	for (size_t i = 0; i < disks->n; i++) {
		int64_t size = (int64_t)disks->list[i].size_bytes;

		if (!disk_matches(&spec, &disks->list[i]))
			continue;
		ret[FACT_DISKS]++;
		if (ret[FACT_DISK_SIZE] == 0 || size < ret[FACT_DISK_SIZE])
			ret[FACT_DISK_SIZE] = size;
	}
	per_drive_spec_done(&spec);
}

static int read_facts(const struct host *h, const struct node *section,
                      const struct node *item, int64_t *ret, struct err *e)
{
	_disks_ struct disks disks = {0};
	int r = disks_read(h, &disks, e);

	ret[FACT_DISKS] = ret[FACT_DISK_SIZE] = 0;
	if (r < 0)
		return r;
	if (item || !section || section->type != NODE_LIST) {
		count_drives(&disks, item, ret);
		return 0;
	}
	node_for_each (each, section)
		count_drives(&disks, each, ret);
	return 0;
}

/* `count` is no part of it: it limits how many of the selected drives are used. */
static const char *const min_size[] = {"disks", "min-size", NULL};

const struct kind_facts drive_facts = {
	.selector = min_size,
	.selecting = "cannot be used in min-size, which selects the drives",
	.names = fact_names,
	.read = read_facts,
	.outside = "valid only in a storage item, which selects the drives",
};
