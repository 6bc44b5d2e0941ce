/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Health of drives that cannot be queried; tests/vm/bind.sh has real drives. */
#include "base/mem.h"
#include "drives.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

static struct resource *new_drive(const char *item, const char *takes, enum state on)
{
	struct resource *below = resource_new(&kind_filesystem, "data: {}", NULL);
	struct resource *r = resource_new(&kind_drive_health,
	                                  keep_text(mem_format("data: %s", item)), NULL);

	below->seen.claims = mem_dup(takes);
	below->run.change.state = on;
	r->spec.depends_on = below;
	r->run.waits = on == STATE_DRIFT ? r : NULL;
	return r;
}

static void test_captured(void **state)
{
	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	tmproot_write("/dev/nvme0n1", "");
	assert_string_equal(
		resource_reported(new_drive("{}", "/dev/nvme0n1", STATE_OK)),
		"skipped HealthUnknown now=NULL: nvme0n1: unknown in a captured tree");
}

/* The drives of an array are checked before the array is created. */
static void test_array_to_come(void **state)
{
	struct resource *r = new_drive("{}", NULL, STATE_PENDING);
	struct resource *array = resource_new(&kind_array, "data: {array: raid0}", NULL);

	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 0);
	array->seen.claims = mem_dup("/dev/nvme0n1 /dev/nvme1n1");
	r->spec.depends_on->spec.depends_on = array;
	r->run.waits = r;
	assert_string_equal(
		resource_reported(r),
		"skipped HealthUnknown now=NULL: nvme0n1: unknown in a captured "
		"tree, nvme1n1: unknown in a captured tree");
}

static void test_no_drive(void **state)
{
	(void)state;
	assert_part(resource_reported(new_drive("{}", NULL, STATE_SKIPPED)),
	            "skipped NoDisks ");
	assert_part(resource_reported(new_drive("{}", NULL, STATE_REFUSED)),
	            "skipped NoDisks ");
	assert_part(resource_reported(new_drive("{}", NULL, STATE_DRIFT)),
	            "pending Waits ");
	/* removed since the file system was observed */
	assert_part(resource_reported(new_drive("{}", "/dev/nvme7n1", STATE_OK)),
	            "failed NotReadable now=NULL: /dev/nvme7n1: no such block device");
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_test(&s, "captured", test_captured);
	suite_test(&s, "an array that does not exist yet", test_array_to_come);
	suite_test(&s, "no drive", test_no_drive);
	return suite_run(&s);
}
