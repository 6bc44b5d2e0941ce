/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Containers that cannot be read, and many of them. */
#include "base/mem.h"
#include "base/text/buf.h"
#include "diagnose/pods/pods.h"
#include "diagnose/pods/spec.h"
#include "pods.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <time.h>

static void test_no_pods(void **state)
{
	(void)state;
	pods_file(77, "cgroup", "0::/system.slice/a.service\n");
	pods_file(77, "mountinfo", "nonsense");
	assert_string_equal(pods_problems(), "");
	assert_int_equal(pods_run.measures.n, 0);
}

static void test_no_host_table(void **state)
{
	(void)state;
	pods_container(77, UID, ID, HAS_OLD);
	assert_part(pods_problems(), "? open /proc/1/mountinfo: No such file");
}

/* Kubelet is there, so that there may be pods. */
static void test_no_containers(void **state)
{
	(void)state;
	tmproot_dir("/var/lib/kubelet/pods");
	assert_part(pods_problems(), "? open /proc/1/mountinfo: No such file");
}

static void test_unread_directory(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT);
	tmproot_link("/var/lib/kubelet/pods", "pods");
	assert_part(pods_problems(), "? open /var/lib/kubelet/pods: Too many levels");
}

/* Reading a directory as a file fails: so would reading what is denied. */
static void test_unread_cgroup(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT);
	tmproot_dir("/proc/77/cgroup");
	assert_part(pods_problems(), "? processes: read /proc/77/cgroup: Is a directory");
}

static void test_unread_mounts(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT);
	pods_container(77, UID, ID, "");
	tmproot_remove("/proc/77/mountinfo");
	tmproot_dir("/proc/77/mountinfo");
	assert_part(pods_problems(),
	            "? pod UID " UID ": read /proc/77/mountinfo: Is a directory");
}

/* The first process has ended; the next one of the container is asked. */
static void test_ended(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	pods_file(70, "cgroup", "0::/kubepods/pod" UID "/" ID "\n");
	pods_container(77, UID, ID, HAS_OLD);
	pods_file(77, "cgroup", "0::/kubepods/pod" UID "/" ID "/below\n");
	assert_string_equal(pods_problems(), "mount_cover " COVER);
	assert_string_equal(pods_run.measures.list[0].where, "/proc/77/mountinfo");
}

static void test_all_ended(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE);
	pods_file(70, "cgroup", "0::/kubepods/pod" UID "/" ID "\n");
	assert_string_equal(pods_problems(), "");
}

static void test_long_table(void **state)
{
	_buf_ struct buf b = {0};

	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT);
	while (b.len < (4U << 20))
		buf_add(&b, HAS_OLD HAS_OLD HAS_OLD HAS_OLD HAS_OLD HAS_OLD HAS_OLD);
	pods_container(77, UID, ID, b.text);
	assert_part(pods_problems(),
	            "? pod UID " UID ": read /proc/77/mountinfo: more than");
}

static void test_long_spec(void **state)
{
	_buf_ struct buf b = {0};

	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	pods_container(77, UID, ID, HAS_OLD);
	buf_add(&b, "{\"mounts\": [");
	while (b.len < (1U << 20))
		buf_add(&b, "{\"source\": \"/\"}, ");
	pods_spec(ID, b.text);
	assert_part(pods_problems(), "mount_cover " COVER "? pod UID " UID ": read");
}

/* A container may ask for hundreds of volumes, below each of which are hundreds. */
static void test_many_binds(void **state)
{
	_buf_ struct buf host = {0}, theirs = {0}, spec = {0};

	(void)state;
	buf_add(&host, ROOT);
	for (int i = 0; i < 300; i++) {
		buf_addf(&host, "%d 1 259:2 / /m/%d rw - xfs /dev/x rw\n", 100 + i, i);
		buf_addf(&theirs, "%d 900 8:1 / /%d rw,relatime - ext4 x rw\n", 1000 + i,
		         i);
	}
	for (int i = 0; i < 500; i++)
		buf_addf(&spec,
		         "%s{\"destination\": \"/%d\", \"source\": \"/\", \"options\": "
		         "[\"rbind\"]}",
		         i ? "," : "{\"mounts\": [", i);
	tmproot_write("/proc/1/mountinfo", host.text);
	pods_container(77, UID, ID, theirs.text);
	buf_add(&spec, "]}");
	pods_spec(ID, spec.text);
	assert_string_equal(pods_problems(), "");
	assert_non_null(pods_run.measures.list[4].absent);
}

static void test_too_many_binds(void **state)
{
	_buf_ struct buf spec = {0};

	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE);
	pods_container(77, UID, ID, HAS_OLD);
	for (int i = 0; i < 513; i++)
		buf_addf(&spec,
		         "%s{\"destination\": \"/%d\", \"source\": \"/\", \"options\": "
		         "[\"rbind\"]}",
		         i ? "," : "{\"mounts\": [", i);
	buf_add(&spec, "]}");
	pods_spec(ID, spec.text);
	assert_string_equal(pods_problems(),
	                    "? pod UID " UID ": its container has too many mounts\n");
}

static void test_deadline(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	pods_container(77, UID, ID, HAS_OLD);
	tmproot.host.deadline = deadline_in_ms(0);
	assert_part(pods_problems(), "? deadline exceeded");
	tmproot.host.deadline = (struct deadline){0};
}

/* --- many ----------------------------------------------------------------------------
 */

enum { MOUNTS_MANY = 50 };

static void add_volumes(struct buf *host, struct buf *theirs, int pod)
{
	for (int i = 0; i < MOUNTS_MANY; i++) {
		int id = 1000 + pod * MOUNTS_MANY + i;

		buf_addf(host,
		         "%d 1 8:1 /mnt/d/v%d /var/lib/kubelet/pods/%08d-7d0e-4b9b-9c55-"
		         "0a1b2c3d4e5f/volumes/kubernetes.io~local-volume/pv%d "
		         "rw,relatime - ext4 /dev/sda1 rw\n",
		         id, i, pod, i);
		buf_addf(theirs, "%d 900 8:1 /mnt/d/v%d /v%d rw,relatime - ext4 x rw\n",
		         1000 + i, i, i);
	}
}

/* The processor time of looking at so many pods, all of which are stale. */
static clock_t time_of(int pods)
{
	_buf_ struct buf host = {0};
	clock_t start;

	buf_add(&host, ROOT DRIVE);
	for (int pod = 0; pod < pods; pod++) {
		_buf_ struct buf theirs = {0};
		_free_ char *uid = mem_format("%08d-7d0e-4b9b-9c55-0a1b2c3d4e5f", pod);
		_free_ char *id = mem_format("%064d", pod);

		add_volumes(&host, &theirs, pod);
		pods_container(2000 + pod, uid, id, theirs.text);
	}
	tmproot_write("/proc/1/mountinfo", host.text);
	start = clock();
	source_pods.end(&pods_run, NULL);
	start = clock() - start;
	assert_int_equal(pods_run.measures.n, pods * MOUNTS_MANY * (6 + 5));
	measures_done(&pods_run.measures);
	return start;
}

/* Four times as many pods take four times as long, not sixteen times. */
static void test_many(void **state)
{
	clock_t few, many;

	(void)state;
	few = time_of(50);
	many = time_of(200);
	print_message("10000 mounts: %ld ms\n", (long)(many / (CLOCKS_PER_SEC / 1000)));
	assert_in_range(many, 0, 9 * few);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(pods_setup, pods_teardown);
	suite_test(&s, "no pods", test_no_pods);
	suite_test(&s, "no host table", test_no_host_table);
	suite_test(&s, "no containers", test_no_containers);
	suite_test(&s, "unread directory of pods", test_unread_directory);
	suite_test(&s, "unread cgroup", test_unread_cgroup);
	suite_test(&s, "unread mounts", test_unread_mounts);
	suite_test(&s, "the first process has ended", test_ended);
	suite_test(&s, "all have ended", test_all_ended);
	suite_test(&s, "a long table", test_long_table);
	suite_test(&s, "a long spec", test_long_spec);
	suite_test(&s, "many binds", test_many_binds);
	suite_test(&s, "too many binds", test_too_many_binds);
	suite_test(&s, "deadline", test_deadline);
	suite_test(&s, "many", test_many);
	return suite_run(&s);
}
