/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reading a captured host; tests/vm/baseline.sh reads real ones. */
#include "baseline/baseline.h"

#include "base/mem.h"
#include "baseline/dirty.h"
#include "baseline/probe.h"
#include "doc/node.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

#define UID_1 "11112222-3333-4444-5555-666677778888"

static struct node *take_with(struct baseline_wish *w)
{
	struct node *n = baseline_take(&tmproot.host, w);

	baseline_wish_done(w);
	return keep_node(n);
}

static struct node *take_pod(const char *name)
{
	struct baseline_wish w = baseline_wish_new();

	node_set(w.pods, name, node_new_null());
	return node_get(node_get(take_with(&w), "pods"), name);
}

/* What does not exist is missing or null, never zero, and nothing is written. */
static void test_nothing(void **state)
{
	struct baseline_wish w = baseline_wish_new();
	const char *before = tmproot_snapshot();
	struct node *n;

	(void)state;
	node_set(w.sysctls, "vm.swappiness", node_new_null());
	node_set(w.files, "/f", node_new_null());
	n = take_with(&w);
	assert_part(tree_text(node_get(n, "mounts")),
	            "{\"missing\": \"open /proc/1/mountinfo");
	assert_part(tree_text(node_get(n, "drives")), "\"missing\"");
	assert_part(tree_text(node_get(n, "dirty")), "\"missing\"");
	assert_string_equal(tree_text(node_get(n, "sysctls")),
	                    "{\"vm.swappiness\": null}");
	assert_part(tree_text(node_get(n, "files")), "captured tree");
	assert_true(baseline_count_missing(n) >= 4);
	assert_string_equal(tmproot_snapshot(), before);
}

static void test_interfaces(void **state)
{
	struct baseline_wish w = baseline_wish_new();

	(void)state;
	tmproot_write("/proc/sys/net/ipv4/conf/all/rp_filter", "1\n");
	tmproot_write("/proc/sys/net/ipv4/conf/eth0.5/rp_filter", "2\n");
	node_set(w.sysctls, "net.ipv4.conf.*.rp_filter", node_new_null());
	assert_string_equal(tree_text(node_get(take_with(&w), "sysctls")),
	                    "{\"net.ipv4.conf.all.rp_filter\": \"1\", "
	                    "\"net.ipv4.conf.eth0/5.rp_filter\": \"2\"}");
}

static const struct place_row {
	const char *name, *directory;
} place_rows[] = {
	{"systemd, guaranteed", "kubepods.slice/kubepods-pod11112222_3333_4444_5555_"
                                "666677778888.slice"},
	{"systemd, best effort",
         "kubepods.slice/kubepods-besteffort.slice/"
         "kubepods-besteffort-pod11112222_3333_4444_5555_666677778888.slice"},
	{"cgroupfs, guaranteed", "kubepods/pod" UID_1},
	{"cgroupfs, burstable", "kubepods/burstable/pod" UID_1},
	{"a kubelet with its root",
         "kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
         "kubelet-kubepods-burstable-pod11112222_3333_4444_5555_666677778888.slice"},
};

static void write_cgroup(const char *hierarchy, const char *directory, const char *file,
                         const char *text)
{
	tmproot_write(keep_text(mem_format("/sys/fs/cgroup%s/%s/%s", hierarchy, directory,
	                                   file)),
	              text);
}

static void test_places(void **state)
{
	const struct place_row *row = *state;

	tmproot_write("/sys/fs/cgroup/cgroup.controllers", "memory\n");
	write_cgroup("", row->directory, "memory.max", "4096\n");
	tmproot_dir("/var/log/pods/default_db-0_" UID_1);
	assert_part(tree_text(node_get(take_pod("default/db-0"), "limits")),
	            "\"memory.max\": \"4096\"");
	assert_part(tree_text(node_get(take_pod(UID_1), "limits")), "4096");
	/* others: of nearly the same name */
	assert_string_equal(tree_text(take_pod("default/db")), "null");
	assert_string_equal(tree_text(take_pod("efault/db-0")), "null");
	assert_string_equal(tree_text(take_pod("11112222-3333-4444-5555-66667777888f")),
	                    "null");
}

static void test_version_1(void **state)
{
	const char *at = "kubepods/burstable/pod" UID_1;
	struct node *pod;

	(void)state;
	tmproot_dir("/var/log/pods/default_db-0_" UID_1);
	tmproot_write("/proc/vmstat", "nr_dirty_threshold 300\n"
	                              "nr_dirty_background_threshold 100\n");
	write_cgroup("/memory", at, "memory.limit_in_bytes", "1000\n");
	write_cgroup("/memory", at, "memory.usage_in_bytes", "900\n");
	write_cgroup("/memory", at, "memory.stat",
	             "cache 1\ntotal_cache 500\ntotal_dirty 7\ntotal_writeback 8\n");
	write_cgroup("/blkio", at, "blkio.throttle.write_bps_device", "");
	write_cgroup("/cpu", at, "cpu.shares", "2\n");
	pod = take_pod("default/db-0");
	assert_string_equal(
		tree_text(node_get(pod, "limits")),
		"{\"memory.limit_in_bytes\": \"1000\", \"cpu.shares\": \"2\", "
		"\"blkio.throttle.write_bps_device\": \"\", \"containers\": {}}");
	/* version 1 has only the thresholds of the node */
	assert_string_equal(
		tree_text(node_get(pod, "dirty")),
		"{\"used\": 900, \"cached\": 500, \"dirty\": 7, \"writeback\": 8, "
		"\"throttled_from\": 819200}");
	assert_string_equal(tree_text(node_get(pod, "cgroup_version")), "1");
}

/* A cgroup has the share of the thresholds that its memory is of the available memory. */
static void test_share(void **state)
{
	const char *stat = "file 1048576\nfile_dirty 4096\nfile_writeback 0\n";

	(void)state;
	tmproot_write("/proc/vmstat", "nr_dirty_threshold 3000\n"
	                              "nr_dirty_background_threshold 1000\n");
	tmproot_write("/proc/meminfo", "MemAvailable:  8192 kB\n");
	assert_part(tree_text(keep_node(dirty_of_cgroup(&tmproot.host, stat, false,
	                                                4 << 20, 3 << 20))),
	            "\"throttled_from\": 2048000");
	assert_part(tree_text(keep_node(dirty_of_cgroup(&tmproot.host, stat, false,
	                                                UINT64_MAX, 3 << 20))),
	            "\"throttled_from\": 8192000");
	/* a limit of which more is used than there is */
	assert_part(tree_text(keep_node(
			    dirty_of_cgroup(&tmproot.host, stat, false, 1, 3 << 20))),
	            "\"throttled_from\": 1024000");
}

static const struct pod_row {
	const char *name;
	bool valid;
} pod_rows[] = {
	{"default/db-0", true},
	{UID_1, true},
	{"0123456789abcdef0123456789abcdef", true},
	{"db-0", false},
	{"a/b/c", false},
	{"/b", false},
	{"a/", false},
	{"A/b", false},
	{"a/b\n", false},
	{"a/b c", false},
};

static void test_pod_names(void **state)
{
	const struct pod_row *row = *state;

	assert_int_equal(baseline_pod_fault(row->name) == NULL, row->valid);
}

/* A captured tree has no drive to measure. */
static void test_probe_refused(void **state)
{
	const char *before = tmproot_snapshot();
	struct err e = {0};

	(void)state;
	assert_int_equal(probe_check(&tmproot.host, "/", &e), -ENOTSUP);
	assert_part(tree_text(keep_node(probe_run(&tmproot.host, "/"))), "captured tree");
	assert_string_equal(tmproot_snapshot(), before);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "nothing", test_nothing);
	suite_test(&s, "interfaces", test_interfaces);
	suite_rows(&s, place_rows, test_places);
	suite_test(&s, "version 1", test_version_1);
	suite_test(&s, "share", test_share);
	suite_rows(&s, pod_rows, test_pod_names);
	suite_test(&s, "probe refused", test_probe_refused);
	return suite_run(&s);
}
