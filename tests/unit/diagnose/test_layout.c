/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Names of pods and containers in cgroups, and of volumes in paths. */
#include "diagnose/pods/layout.h"
#include "test.h"

#define UID   "3f1c8a52-7d0e-4b9b-9c55-0a1b2c3d4e5f"
#define UID_  "3f1c8a52_7d0e_4b9b_9c55_0a1b2c3d4e5f"
#define HASH  "0123456789abcdef0123456789abcdef"
#define ID    HASH HASH
#define SLICE "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod"

static const struct cgroup_row {
	const char *name, *text, *uid, *id; /* id NULL: no container */
	unsigned depth;
} cgroup_rows[] = {
	{"v2, systemd, containerd",
         "0::" SLICE UID_ ".slice/cri-containerd-" ID ".scope\n", UID, ID, 0},
	{"v2, systemd, CRI-O", "0::" SLICE UID_ ".slice/crio-" ID ".scope\n", UID, ID, 0},
	{"v2, cgroupfs", "0::/kubepods/besteffort/pod" UID "/" ID "\n", UID, ID, 0},
	{"v2, guaranteed", "0::/kubepods/pod" UID "/" ID, UID, ID, 0},
	{"v2, a cgroup below", "0::/kubepods/pod" UID "/" ID "/init/a\n", UID, ID, 2},
	{"v2, a container in a container",
         "0::/kubepods/pod" UID "/" ID "/docker/" ID "\n", UID, ID, 2},
	{"v2, seen from another namespace", "0::/../../kubepods/pod" UID "/" ID "\n", UID,
         ID, 0},
	{"v1",
         "12:pids:/\n5:cpu,cpuacct:/kubepods/burstable/pod" UID "/" ID
         "\n1:name=systemd:/x\n",
         UID, ID, 0},
	{"v1, systemd's name of a cgroupfs path",
         "4:memory:/system.slice/containerd.service/kubepods-pod" UID_
         ".slice:cri-containerd:" ID "\n",
         UID, ID, 0},
	{"a static pod", "0::/kubepods/pod" HASH "/" ID "\n", HASH, ID, 0},
	{"of no pod", "0::/system.slice/docker-" ID ".scope\n", "", ID, 0},
	{"the monitor of CRI-O", "0::" SLICE UID_ ".slice/crio-conmon-" ID ".scope\n", "",
         NULL, 0},
	{"the pod itself", "0::/kubepods/pod" UID "\n", "", NULL, 0},
	{"a service", "0::/system.slice/sshd.service\n", "", NULL, 0},
	{"the root", "0::/\n", "", NULL, 0},
	{"an ID that is too long", "0::/kubepods/pod" UID "/" ID "0\n", "", NULL, 0},
	{"an ID that is too short", "0::/kubepods/pod" UID "/" HASH "\n", "", NULL, 0},
	{"not hexadecimal", "0::/kubepods/pod" UID "/z" ID "\n", "", NULL, 0},
	{"a UID that is none", "0::/kubepods/podx" UID "/" ID "\n", "", ID, 0},
	{"no colons", ID "\n\n:\n::", "", NULL, 0},
	{"empty", "", "", NULL, 0},
};

static void test_cgroup(void **state)
{
	const struct cgroup_row *row = *state;
	struct pod_cgroup c;
	bool found = pod_cgroup_parse(row->text, &c);

	assert_int_equal(found, row->id != NULL);
	if (!found)
		return;
	assert_string_equal(c.uid, row->uid);
	assert_string_equal(c.container, row->id);
	assert_int_equal(c.depth, row->depth);
}

#define PODS "/var/lib/kubelet/pods/" UID

static const struct path_row {
	const char *name, *path, *plugin, *volume; /* plugin NULL: no volume */
	bool whole, generated;
} path_rows[] = {
	{"local", PODS "/volumes/kubernetes.io~local-volume/pv-1", "local-volume", "pv-1",
         true, false},
	{"CSI", PODS "/volumes/kubernetes.io~csi/pvc-1/mount", "csi", "pvc-1", true,
         false},
	{"CSI, its directory", PODS "/volumes/kubernetes.io~csi/pvc-1", "csi", "pvc-1",
         true, false},
	{"below a volume", PODS "/volumes/kubernetes.io~empty-dir/a/b", "empty-dir", "a",
         false, false},
	{"a secret", PODS "/volumes/kubernetes.io~secret/s", "secret", "s", true, true},
	{"a token", PODS "/volumes/kubernetes.io~projected/kube-api-access-x",
         "projected", "kube-api-access-x", true, true},
	{"a part of a volume", PODS "/volume-subpaths/pv-1/web/0", "subpath", "pv-1",
         true, false},
	{"a part, cut", PODS "/volume-subpaths/pv-1", NULL, NULL, false, false},
	{"another directory of kubelet", "/mnt/k/pods/" UID "/volumes/x~local-volume/v",
         "local-volume", "v", true, false},
	{"two pods in a path", "/pods/x" PODS "/volumes/a~b/c", "b", "c", true, false},
	{"the pod", PODS "/etc-hosts", NULL, NULL, false, false},
	{"no name", PODS "/volumes/kubernetes.io~csi", NULL, NULL, false, false},
	{"no pod", "/var/lib/kubelet/pods/x/volumes/kubernetes.io~csi/a", NULL, NULL,
         false, false},
	{"elsewhere", "/mnt/data", NULL, NULL, false, false},
};

static void test_path(void **state)
{
	const struct path_row *row = *state;
	struct kubelet_path p;
	bool found = kubelet_path_parse(row->path, &p);

	assert_int_equal(found, row->plugin != NULL);
	if (!found)
		return;
	assert_string_equal(p.uid, UID);
	assert_int_equal(p.plugin_len, strlen(row->plugin));
	assert_memory_equal(p.plugin, row->plugin, p.plugin_len);
	assert_int_equal(p.name_len, strlen(row->volume));
	assert_memory_equal(p.name, row->volume, p.name_len);
	assert_int_equal(p.whole, row->whole);
	assert_int_equal(kubelet_path_is_generated(&p), row->generated);
}

int main(void)
{
	struct suite s = {0};

	suite_rows(&s, cgroup_rows, test_cgroup);
	suite_rows(&s, path_rows, test_path);
	return suite_run(&s);
}
