/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "scanned.h"

#include "base/mem.h"
#include "drives.h"
#include "test.h"
#include "tmproot.h"

struct disks scanned;

int scanned_setup(void **state)
{
	scanned = (struct disks){0};
	return drives_setup(state);
}

int scanned_teardown(void **state)
{
	disks_done(&scanned);
	return tmproot_teardown(state);
}

void scanned_look(void)
{
	struct err e = {0};

	disks_done(&scanned);
	assert_int_equal(disks_read(&tmproot.host, &scanned, &e), 0);
}

const struct disk *scanned_only(void)
{
	scanned_look();
	assert_int_equal(scanned.n, 1);
	return &scanned.list[0];
}

static void free_blk(void *object)
{
	blk_done(object);
	free(object);
}

struct blk *scanned_probe(void)
{
	struct blk *b = keep(mem_new(1, sizeof(*b)), free_blk);
	struct err e = {0};

	if (blk_probe(&tmproot.host, scanned_only(), b, &e) < 0)
		fail_msg("%s", e.text);
	return b;
}
