/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Drives that become one array: none loses its data before all can be used. */
#include "base/mem.h"
#include "drives.h"
#include "host/host.h"
#include "scanned.h"
#include "storage/mdadm.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

static const char *const allowed[] = {"AWS0", NULL};

static struct disk_user user = {.spec = {.model = (char[]){INSTANCE_STORE},
                                         .wipe = (char[]){"AWS0"},
                                         .format = (char[]){"xfs"},
                                         .label = (char[]){"ephemeral"}}};

/* Plan to create an array of both drives: the first is wiped before. */
static struct array_members *plan(void)
{
	static struct array_member list[2];
	static struct array_members m = {.list = list, .n = ARRAY_SIZE(list)};

	scanned_look();
	assert_int_equal(scanned.n, m.n);
	for (size_t i = 0; i < m.n; i++)
		list[i] =
			(struct array_member){.name = scanned.list[i].name,
		                              .device = scanned.list[i].device,
		                              .serial = scanned.list[i].serial,
		                              .id = keep_text(disk_id(&scanned.list[i])),
		                              .wipe = i == 0};
	return &m;
}

static bool is_kept(void)
{
	_blk_ struct blk b = {0};
	struct err e = {0};

	assert_int_equal(blk_probe(&tmproot.host, &scanned.list[0], &b, &e), 0);
	return b.content == BLK_FILESYSTEM;
}

static void test_create(void **state)
{
	enum reason reason = REASON_FAILED;
	_free_ char *uuid = NULL;
	bool wiped = false;
	struct err e = {0};

	(void)state;
	drive_make(0, 'x');
	drive_make(1, 'd');
	tmproot.host.may_wipe = allowed;
	assert_int_equal(array_create(&user, "eph", plan(), &tmproot.host, &uuid, &wiped,
	                              &reason, &e),
	                 -EBUSY);
	assert_int_equal(reason, REASON_DISK_REFUSED);
	assert_string_equal(e.text, "nvme1n1 AWS1: holds data of an unknown kind");
	assert_false(wiped);
	assert_true(is_kept());
	/* mdadm fails, since this is not a live host: what is gone is named */
	drive_write("nvme1n1", 0, "\0\0\0\0", 4);
	e = (struct err){0};
	assert_true(array_create(&user, "eph", plan(), &tmproot.host, &uuid, &wiped,
	                         &reason, &e) < 0);
	assert_part(e.text, "(already wiped: nvme0n1 AWS0)");
	assert_true(wiped);
	assert_false(is_kept());
	tmproot.host.may_wipe = NULL;
}

int main(void)
{
	static struct suite s;

	suite_fixture(scanned_setup, scanned_teardown);
	suite_test(&s, "wiping, then an array", test_create);
	return suite_run(&s);
}
