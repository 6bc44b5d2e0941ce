/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Attributes of request queues, as plain files; tests/vm/bind.sh has real ones. */
#include "base/mem.h"
#include "drives.h"
#include "resource.h"
#include "resource/kinds.h"
#include "resource/undo.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

static const struct parse_row {
	const char *name;
	const char *want, *problem;
} parse_rows[] = {
	{"{scheduler: none}", "scheduler=none", NULL},
	{"{scheduler: mq-deadline, read-ahead: 4MiB, max-sectors: 128KiB, nr-requests: 64, "
         "rq-affinity: 2, nomerges: 1, wbt-lat-usec: 0}",
         "scheduler=mq-deadline read-ahead=4096KiB max-sectors=128KiB nr-requests=64 "
         "rq-affinity=2 nomerges=1 wbt-lat-usec=0",
         NULL},
	{"{read-ahead: 0}", "read-ahead=0KiB", NULL},
	{"{read-ahead: 5000}", NULL, "read-ahead \"5000\": must be a multiple of 4KiB"},
	{"{read-ahead: 2GiB}", NULL, "out of range"},
	{"{scheduler: \"a b\"}", NULL, "scheduler: is not the name of a scheduler"},
	{"{scheduler: ../x}", NULL, "scheduler: is not the name of a scheduler"},
	{"{nr-requests: 3}", NULL, "out of range (4 to 65536)"},
	{"{rq-affinity: 3}", NULL, "out of range (0 to 2)"},
	{"{nr_requests: 64}", NULL, "(did you mean \"nr-requests\"?)"},
	{"none", NULL, "queue: is a single value, should be a mapping"},
	{"{}", NULL, ""},
};

static struct resource *parse(const char *text, struct diagnostics *diag, bool *ret)
{
	struct resource *r = resource_empty(&kind_queue);

	*ret = kind_queue.parse(r, yaml(keep_text(mem_format("queue: %s", text))), diag);
	return r;
}

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	bool any;
	struct resource *r = parse(row->name, diag, &any);

	if (row->want) {
		assert_true(any);
		assert_string_equal(diagnostics_text(diag), "");
		assert_string_equal(r->spec.want, row->want);
	} else {
		assert_part(diagnostics_text(diag), row->problem);
	}
}

/* --- on a host ------------------------------------------------------------------------
 */

static void set_queue(const char *name, const char *scheduler, const char *requests)
{
	drive_set(name, "queue/scheduler", scheduler);
	drive_set(name, "queue/nr_requests", requests);
	drive_set(name, "queue/read_ahead_kb", "128");
}

static struct resource *new_queue(const char *text, const char *device)
{
	struct resource *on = resource_new(&kind_filesystem, "data: {}", NULL);
	struct resource *r = resource_new(
		&kind_queue, keep_text(mem_format("data: {queue: %s}", text)), NULL);

	on->seen.device = device ? mem_dup(device) : NULL;
	r->spec.depends_on = on;
	return r;
}

static void test_drive(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	set_queue("nvme0n1", "[none] mq-deadline kyber", "1023");
	r = new_queue("{scheduler: none, nr-requests: 1023}", "/dev/nvme0n1");
	assert_string_equal(resource_reported(r),
	                    "ok  now=nvme0n1 scheduler=none nr-requests=1023: ");
	r = new_queue("{scheduler: kyber, nr-requests: 64}", "/dev/nvme0n1");
	assert_string_equal(
		resource_reported(r),
		"drift LiveDiffers now=nvme0n1 scheduler=none nr-requests=1023: "
		"nvme0n1 scheduler is none, should be kyber; nvme0n1 nr-requests is "
		"1023, should be 64");
	assert_part(r->run.change.remedy,
	            "echo kyber > /sys/block/nvme0n1/queue/scheduler; ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read("/sys/block/nvme0n1/queue/scheduler"),
	                    "kyber\n");
	assert_string_equal(tmproot_read("/sys/block/nvme0n1/queue/nr_requests"), "64\n");
	/* as the kernel shows it */
	set_queue("nvme0n1", "none mq-deadline [kyber]", "64");
	assert_part(resource_reported(r), "ok ");
	assert_int_equal(kind_queue.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read("/sys/block/nvme0n1/queue/scheduler"), "none\n");
	assert_string_equal(tmproot_read("/sys/block/nvme0n1/queue/nr_requests"),
	                    "1023\n");
}

/* Values reset by a new scheduler are rolled back, even if the profile does not set them.
 */
static void test_side_effect(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	set_queue("nvme0n1", "[none] kyber", "77");
	r = new_queue("{scheduler: kyber}", "/dev/nvme0n1");
	resource_observe(r);
	assert_null(kind_queue.files(r, NULL));
	assert_string_equal(keep_text(kind_queue.files(r, &tmproot.host)),
	                    "/sys/block/nvme0n1/queue/scheduler");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	set_queue("nvme0n1", "none [kyber]", "256");
	assert_int_equal(kind_queue.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read("/sys/block/nvme0n1/queue/nr_requests"), "77\n");
}

static void test_array(void **state)
{
	struct resource *r;

	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 1);
	set_queue("nvme0n1", "[none]", "1023");
	set_queue("nvme1n1", "[none]", "64");
	drive_set("md127", "dev", "9:127");
	drive_set("md127", "queue/read_ahead_kb", "512");
	tmproot_write("/sys/block/md127/slaves/nvme0n1/x", "");
	tmproot_write("/sys/block/md127/slaves/nvme1n1/x", "");
	r = new_queue("{scheduler: none, read-ahead: 512KiB, nr-requests: 1023}",
	              "/dev/md127");
	assert_string_equal(
		resource_reported(r),
		"drift LiveDiffers now=md127 read-ahead=512KiB; nvme0n1 scheduler=none "
		"read-ahead=128KiB nr-requests=1023; nvme1n1 scheduler=none read-ahead=128KiB "
		"nr-requests=64: nvme0n1 read-ahead is 128, should be 512; nvme1n1 read-ahead "
		"is 128, should be 512; nvme1n1 nr-requests is 64, should be 1023");
}

/* The drive itself reads ahead; its requests are queued at the hidden paths. */
static void test_paths(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	drive_add("nvme2n1", INSTANCE_STORE, "AWS0", 0);
	drive_set("nvme2n1", "queue/read_ahead_kb", "128");
	set_queue("nvme2c0n1", "[none] mq-deadline", "1023");
	set_queue("nvme2c1n1", "none [mq-deadline]", "1023");
	r = new_queue("{scheduler: none, read-ahead: 4MiB}", "/dev/nvme2n1");
	assert_string_equal(resource_reported(r),
	                    "drift LiveDiffers now=nvme2n1 read-ahead=128KiB; nvme2c0n1 "
	                    "scheduler=none; nvme2c1n1 scheduler=mq-deadline: nvme2n1 "
	                    "read-ahead is 128, should be 4096; nvme2c1n1 scheduler is "
	                    "mq-deadline, should be none");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read("/sys/block/nvme2n1/queue/read_ahead_kb"),
	                    "4096\n");
	assert_string_equal(tmproot_read("/sys/block/nvme2c1n1/queue/scheduler"),
	                    "none\n");
	assert_string_equal(tmproot_read("/sys/block/nvme2c1n1/queue/read_ahead_kb"),
	                    "128\n");
}

static void test_impossible(void **state)
{
	struct resource *r;

	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	set_queue("nvme0n1", "[none] mq-deadline", "1023");
	r = new_queue("{scheduler: vendor}", "/dev/nvme0n1");
	assert_part(resource_reported(r),
	            "failed QueueUnsupported now=nvme0n1 scheduler=none: "
	            "nvme0n1 has no scheduler \"vendor\"; available: "
	            "[none] mq-deadline");
	/* the profile may load a module first */
	r->run.waits = r;
	assert_part(resource_reported(r), "pending Waits ");
	r = new_queue("{rq-affinity: 2}", "/dev/nvme0n1");
	assert_part(resource_reported(r),
	            "failed QueueUnsupported now=nvme0n1 rq-affinity=?: "
	            "nvme0n1 has no rq-affinity on this kernel");
	r = new_queue("{rq-affinity: 2}", "/dev/nvme7n1");
	assert_part(resource_reported(r),
	            "failed NotReadable now=NULL: /dev/nvme7n1: no such");
	r->run.waits = r;
	assert_part(resource_reported(r),
	            "pending Waits now=NULL: its drive is still unknown");
	r = new_queue("{rq-affinity: 2}", NULL);
	assert_part(resource_reported(r), "pending Waits ");
	r->spec.depends_on->run.change.state = STATE_SKIPPED;
	r->spec.depends_on->run.change.reason = REASON_NO_DISKS;
	assert_part(resource_reported(r), "skipped NoDisks ");
}

static void make_unreadable(const char *attribute)
{
	const char *path =
		keep_text(mem_format("/sys/block/nvme0n1/queue/%s", attribute));

	tmproot_write(path, "");
	tmproot_remove(path);
	tmproot_dir(path);
}

/* An attribute that cannot be read is unknown: neither absent nor ever written. */
static void test_unreadable(void **state)
{
	struct resource *r, *scheduler;
	enum reason reason;
	char *value = NULL;
	struct err e;

	(void)state;
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	set_queue("nvme0n1", "[none] kyber", "77");
	scheduler = new_queue("{scheduler: kyber}", "/dev/nvme0n1");
	assert_part(resource_reported(scheduler), "drift ");
	make_unreadable("nomerges");
	r = new_queue("{nomerges: 2}", "/dev/nvme0n1");
	assert_part(resource_reported(r),
	            "failed NotReadable now=nvme0n1 nomerges=?: "
	            "read /sys/block/nvme0n1/queue/nomerges: Is a directory");
	assert_int_equal(
		kind_queue.undo->read(&tmproot.host, "nvme0n1 nomerges", &value, &e),
		-EIO);
	assert_null(value);
	assert_part(e.text, "Is a directory");
	/* what a new scheduler resets could not be restored */
	make_unreadable("nr_requests");
	assert_int_equal(resource_apply(scheduler, &reason, &e), -EIO);
	assert_string_equal(tmproot_read("/sys/block/nvme0n1/queue/scheduler"),
	                    "[none] kyber\n");
	/* no such file is no attribute */
	assert_int_equal(
		kind_queue.undo->read(&tmproot.host, "nvme0n1 rq-affinity", &value, &e),
		0);
	assert_null(value);
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, tmproot_teardown);
	suite_rows(&s, parse_rows, test_parse);
	suite_test(&s, "a drive", test_drive);
	suite_test(&s, "values that a scheduler resets", test_side_effect);
	suite_test(&s, "an array", test_array);
	suite_test(&s, "a drive with several paths", test_paths);
	suite_test(&s, "unsupported values", test_impossible);
	suite_test(&s, "unreadable values", test_unreadable);
	return suite_run(&s);
}
