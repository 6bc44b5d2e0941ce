/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How full file systems are, from the answers of a bundle; tests/vm/ has those of a
 * kernel. */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "diagnose/counters/counters.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/recorded.h"
#include "measured.h"
#include "test.h"

#include <errno.h>

/* A drive twice, read-only, one of memory, an image, two of servers, and one on top. */
static const char mounts[] =
	"20 1 259:0 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p1 rw\n"
	"21 20 259:1 / /mnt/ro ro,relatime - xfs /dev/nvme1n1 ro\n"
	"22 20 259:1 / /mnt/data rw,noatime - xfs /dev/nvme1n1 rw\n"
	"23 20 259:1 /pod /var/lib/kubelet/pods/x rw,noatime - xfs /dev/nvme1n1 rw\n"
	"24 20 0:40 / /run rw - tmpfs tmpfs rw\n"
	"25 20 7:0 / /image rw - squashfs /dev/loop0 rw\n"
	"26 20 0:50 / /nfs rw - nfs4 10.0.0.1:/ rw\n"
	"27 20 0:51 / /lost rw - nfs4 10.0.0.2:/ rw\n"
	"28 20 259:2 / /two rw - xfs /dev/nvme2n1 rw\n"
	"29 28 259:3 / /two rw - xfs /dev/nvme3n1 rw\n"
	"30 20 259:2 / /again rw - xfs /dev/nvme2n1 rw\n";

static struct bundle *bundle;
static struct diagnose_run run;

static int teardown(void **state)
{
	(void)state;
	measures_done(&run.measures);
	bundle_free(bundle);
	return 0;
}

static void answer(const char *target, int r, const char *text, const char *space)
{
	const struct host collected = {.record = bundle};
	struct err e = {0};

	if (r < 0)
		(void)err_set(&e, r, "%s", text);
	(void)recorded_put(&collected, "space", target, r, &e,
	                   space ? yaml_owned(space) : NULL);
}

#define assert_space(name, target, value) \
	assert_string_equal(measured_value(&run, name, target), value)

static void test_space(void **state)
{
	static char release[] = "";
	struct host h = {.root_fd = -1, .release = release};
	struct diagnosis d = {0};

	(void)state;
	bundle = bundle_new();
	h.bundle = bundle;
	bundle_add(bundle, "/proc/1/mountinfo", mem_dup(mounts), strlen(mounts));
	answer("/", 0, NULL,
	       "{blocks: 1000, free: 400, available: 300, files: 100, files-free: 1}");
	answer("/mnt/data", 0, NULL,
	       "{blocks: 1000, free: 0, available: 0, files: 0, files-free: 0}");
	answer("/two", 0, NULL,
	       "{blocks: 10, free: 1, available: 1, files: 0, files-free: 0}");
	answer("/again", 0, NULL,
	       "{blocks: 10, free: 9, available: 9, files: 0, files-free: 0}");
	answer("/nfs", -ETIMEDOUT, "/nfs: did not end within 1000 ms", NULL);
	answer("/lost", -EACCES, "statfs /lost: Permission denied", NULL);
	run = (struct diagnose_run){.h = &h, .d = &d};
	source_space.end(&run, NULL);
	assert_space("space_used", "/", "67 %");
	assert_space("inodes_used", "/", "99 %");
	assert_space("hung", "/", "false");
	assert_space("space_used", "/mnt/data", "100 %");
	assert_space("inodes_used", "/mnt/data", "0 %");
	assert_space("space_used", "/var/lib/kubelet/pods/x", "none");
	assert_space("space_used", "/mnt/ro", "none");
	assert_space("space_used", "/two", "90 %");
	assert_space("space_used", "/again", "10 %");
	assert_space("space_used", "/run", "none");
	assert_space("space_used", "/image", "none");
	assert_space("hung", "/nfs", "true");
	assert_space("space_used", "/nfs", "absent: /nfs: did not end within 1000 ms");
	assert_space("hung", "/lost", "absent: statfs /lost: Permission denied");
}

static void test_no_mounts(void **state)
{
	static char release[] = "";
	struct host h = {.root_fd = -1, .release = release};
	struct diagnosis d = {0};

	(void)state;
	bundle = bundle_new();
	h.bundle = bundle;
	run = (struct diagnose_run){.h = &h, .d = &d};
	source_space.end(&run, NULL);
	assert_part(measured_value(&run, "space_used", ""), "absent: ");
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_test(&s, "space", test_space);
	suite_test(&s, "no mounts", test_no_mounts);
	return suite_run(&s);
}
