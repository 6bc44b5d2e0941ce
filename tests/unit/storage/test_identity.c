/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What two drives have in common, and what is reported of it. */
#include "drives.h"
#include "storage/block/scan.h"
#include "test.h"
#include "tmproot.h"

static const struct duplicate_row {
	const char *name;
	const char *serials[2], *wwids[2]; /* a wwid of NULL: none */
	const char *text; /* part of what both drives are in use for; NULL: not in use */
} duplicate_rows[] = {
	{"all differs", {"A", "B"}, {"eui.1", "eui.2"}, NULL},
	{"only the wwid differs", {"A", "A"}, {"eui.1", "eui.2"}, NULL},
	{"serial and wwid",
         {"A", "A"},
         {"eui.1", "eui.1"},
         "has the same serial \"A\" and wwid \"eui.1\" as another drive"},
	{"only the wwid is equal",
         {"A", "B"},
         {"eui.1", "eui.1"},
         "has the same wwid \"eui.1\" as another drive"},
	{"only a serial, which is equal",
         {"A", "A"},
         {NULL, NULL},
         "has the same serial \"A\" as another drive"},
	{"neither",
         {"", ""},
         {NULL, NULL},
         "has neither serial nor wwid, as another drive"},
};

static void test_duplicate(void **state)
{
	const struct duplicate_row *row = *state;
	struct disks disks = {0};
	struct err e = {0};

	for (unsigned i = 0; i < 2; i++) {
		const char *name = i ? "nvme1n1" : "nvme0n1";

		drive_add(name, "m", row->serials[i], i);
		if (row->wwids[i])
			drive_set(name, "wwid", row->wwids[i]);
	}
	assert_int_equal(disks_read(&tmproot.host, &disks, &e), 0);
	assert_int_equal(disks.n, 2);
	for (size_t i = 0; i < disks.n; i++) {
		assert_int_equal(disks.list[i].use,
		                 row->text ? DISK_DUPLICATE : DISK_NONE);
		if (row->text)
			assert_part(disks.list[i].in_use, row->text);
	}
	disks_done(&disks);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, duplicate_rows, test_duplicate);
	return suite_run(&s);
}
