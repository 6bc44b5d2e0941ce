/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Log pages of NVMe drives, as bytes; tests/vm/bind.sh uses a real drive. */
#include "base/mem.h"
#include "storage/block/nvme.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

static void put(unsigned char *page, unsigned at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		page[at + i] = (unsigned char)(value >> 8 * i);
}

static void test_health(void **state)
{
	unsigned char page[NVME_HEALTH_BYTES] = {0};
	struct nvme_health got;

	(void)state;
	nvme_parse_health(page, &got);
	assert_int_equal(got.warnings, 0);
	assert_int_equal(got.media_errors, 0);
	put(page, 0, 1 << 3 | 1 << 2, 1);
	put(page, 1, 310, 2); /* temperature, which is not reported */
	put(page, 3, 97, 1);
	put(page, 4, 10, 1);
	put(page, 5, 255, 1);
	put(page, 160, UINT64_C(0x0102030405060708), 8);
	nvme_parse_health(page, &got);
	assert_int_equal(got.warnings, NVME_READ_ONLY | NVME_RELIABILITY);
	assert_int_equal(got.spare, 97);
	assert_int_equal(got.spare_threshold, 10);
	assert_int_equal(got.used, 255);
	assert_true(got.media_errors == UINT64_C(0x0102030405060708));
	/* more than 64 bits */
	put(page, 168, 1, 8);
	nvme_parse_health(page, &got);
	assert_true(got.media_errors == UINT64_MAX);
}

static void test_ec2(void **state)
{
	unsigned char page[NVME_EC2_BYTES] = {0};
	struct nvme_ec2 got;

	(void)state;
	assert_false(nvme_parse_ec2(page, &got));
	put(page, 0, 0xEC2C0D7E, 4);
	for (unsigned i = 0; i < 11; i++)
		put(page, 8 + 8 * i, 1000 + i, 8);
	assert_true(nvme_parse_ec2(page, &got));
	assert_true(got.instance_store);
	assert_int_equal(got.volume_iops_us, 1006);
	assert_int_equal(got.volume_throughput_us, 1007);
	assert_int_equal(got.instance_iops_us, 1008);
	assert_int_equal(got.instance_throughput_us, 1009);
	assert_int_equal(got.queue_length, 1010);
	put(page, 0, 0x3C23B510, 4);
	assert_true(nvme_parse_ec2(page, &got));
	assert_false(got.instance_store);
	put(page, 0, 0x3C23B511, 4);
	assert_false(nvme_parse_ec2(page, &got));
}

/* A regular file is not a drive, and a missing drive cannot be queried. */
static void test_no_drive(void **state)
{
	struct nvme_health health;
	struct nvme_ec2 ec2;
	struct err e = {0};

	(void)state;
	tmproot_write("/dev/nvme0n1", "x");
	assert_int_equal(nvme_health(&tmproot.host, "/dev/nvme0n1", &health, &e),
	                 -ENOTTY);
	assert_part(e.text, "/dev/nvme0n1: read log page 0x02");
	assert_int_equal(nvme_ec2(&tmproot.host, "/dev/nvme9n1", &ec2, &e), -ENOENT);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "SMART / health page", test_health);
	suite_test(&s, "EC2's page", test_ec2);
	suite_test(&s, "no drive", test_no_drive);
	return suite_run(&s);
}
