/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Health of drives, as far as there is none to ask; real ones are in tests/vm/bind.sh. */
#include "base/mem.h"
#include "drives.h"
#include "kinds/kinds.h"
#include "resource.h"
#include "test.h"
#include "tmproot.h"

static struct resource *new_drive(const char *item, const char *device, enum state on)
{
	struct resource *below = resource_new(&kind_filesystem, "data: {}", NULL);
	struct resource *r =
		resource_new(&kind_drive, keep_text(mem_format("data: %s", item)), NULL);

	below->device = mem_dup(device);
	below->change.state = on;
	r->on = below;
	r->waits = on == STATE_DRIFT;
	return r;
}

static void test_captured(void **state)
{
	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	tmproot_write("/dev/nvme0n1", "");
	assert_string_equal(
		resource_told(new_drive("{}", "/dev/nvme0n1", STATE_OK)),
		"skipped HealthUnknown now=NULL: nvme0n1: a captured tree cannot "
		"be asked");
}

static void test_no_drive(void **state)
{
	(void)state;
	assert_part(resource_told(new_drive("{}", NULL, STATE_SKIPPED)),
	            "skipped NoDisks ");
	assert_part(resource_told(new_drive("{}", NULL, STATE_REFUSED)),
	            "skipped NoDisks ");
	assert_part(resource_told(new_drive("{}", NULL, STATE_DRIFT)), "pending Waits ");
	/* an array that is still to be made */
	assert_part(resource_told(new_drive("{}", "/dev/md/data", STATE_DRIFT)),
	            "pending Waits ");
	assert_part(resource_told(new_drive("{}", "/dev/md/data", STATE_OK)),
	            "failed NotReadable now=NULL: /dev/md/data: no such block device");
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_test(&s, "captured", test_captured);
	suite_test(&s, "no drive", test_no_drive);
	return suite_run(&s);
}
