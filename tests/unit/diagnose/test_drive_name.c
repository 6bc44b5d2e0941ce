/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/drive_name.h"
#include "test.h"

static const struct {
	const char *a, *b;
	bool differ;
} pairs[] = {
	{"sda", "nvme1n1", true},
	{"sda1", "sdb", true},
	{"sda", "sdab", true},
	{"nvme1n1p1", "nvme10n1", true},
	{"nvme1n1", "nvme1n12", true},
	{"xvda1", "vda1", true},
	{"sda", "sda1", false},
	{"nvme1n1", "nvme1n1p128", false},
	{"nvme1", "sda", true},
	{"nvme1", "nvme2n1", true},
	{"nvme1", "nvme10n1p1", true},
	{"nvme1", "nvme2", true},
	{"nvme1", "pmem0", true},
	{"mmcblk0p1", "mmcblk1", true},
	{"mmcblk0p1", "mmcblk0", false},
	{"nvme1", "nvme1n2", false},
	{"nvme1", "nvme1n1p1", false},
	{"nvme1", "nvme1", false},
	/* what is below is unknown */
	{"nvme1", "dm-0", false},
	{"nvme1", "md127", false},
	{"nvme1", "nvme1c2n1", false},
	{"nvme1n1p", "sda", false},
	{"sda", "dm-0", false},
	{"md127", "nvme1n1", false},
	{"nvme1n", "nvme0n1", false},
	{"nvme1n1-8", "nvme0n1", false},
	{"sd", "sdb", false},
	{"sda1x", "sdb", false},
	{"", "", false},
	{"", "sda", false},
};

static void test_drive_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		assert_int_equal(drive_names_differ(pairs[i].a, pairs[i].b),
		                 pairs[i].differ);
		assert_int_equal(drive_names_differ(pairs[i].b, pairs[i].a),
		                 pairs[i].differ);
	}
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "drives that differ", test_drive_names);
	return suite_run(&s);
}
