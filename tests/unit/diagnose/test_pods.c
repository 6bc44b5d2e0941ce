/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What containers have mounted, against the host: captured nodes, and bundles of them. */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "collect/add.h"
#include "collect/pods.h"
#include "diagnose/pods/spec.h"
#include "host/file.h"
#include "host/open.h"
#include "pods.h"
#include "test.h"
#include "tmproot.h"

static const struct row {
	const char *name, *host, *container, *spec, *problems;
} rows[] = {
	{"in time", ROOT DRIVE NEW, HAS_NEW, BIND(PV, RBIND), ""},
	{"the drive is not mounted yet", ROOT OLD, HAS_OLD, BIND(PV, RBIND), ""},
	{"stale", ROOT DRIVE OLD, HAS_OLD, BIND(PV, RBIND), "mount_cover " COVER},
	{"stale, stacked", ROOT DRIVE OLD UPPER, HAS_OLD, BIND(PV, RBIND),
         "mount_cover " COVER "stacked 2\n"},
	{"propagated", ROOT DRIVE OLD UPPER,
         HAS_OLD "902 901 259:1 / /data rw,noatime - xfs /dev/x rw\n", BIND(PV, RBIND),
         "stacked 2\n"},
	{"stale, without a runtime's file", ROOT DRIVE OLD, HAS_OLD, NULL,
         "mount_cover " COVER},
	{"stale, without kubelet's mount", ROOT DRIVE, HAS_OLD, NULL,
         "mount_cover " COVER},
	{"only kubelet's mount is stale", ROOT DRIVE OLD, HAS_NEW, BIND(PV, RBIND),
         "volume_cover " COVER},
	{"the drive is unmounted again: kubelet has both", ROOT OLD UPPER, HAS_OLD,
         BIND(PV, RBIND),
         "mount_cover xfs on /dev/nvme1n1 (259:1), rw,noatime, mounted at " PV
         "\nstacked 2\n"},
	{"a directory above was covered",
         ROOT "20 1 259:1 / /mnt rw,noatime - xfs "
              "/dev/nvme1n1 rw\n",
         HAS("8:1", "/mnt/d/sub", "rw,relatime"), BIND("/mnt/d/sub", RBIND),
         "mount_cover xfs on /dev/nvme1n1 (259:1), rw,noatime, mounted at /mnt\n"},
	{"of two binds of the data partition, one is covered",
         ROOT "10 1 8:2 / /local rw,noatime - xfs /dev/sda2 rw\n"
              "11 1 8:2 /mnt /mnt rw,noatime - xfs /dev/sda2 rw\n"
              "20 11 259:1 / /mnt/d rw,noatime - xfs /dev/nvme1n1 rw\n",
         HAS("8:2", "/mnt/d", "rw,noatime"), NULL, "mount_cover " COVER},
	{"a path that still shows it",
         ROOT "10 1 8:2 / /local rw,noatime - xfs /dev/sda2 rw\n"
              "11 1 8:2 /mnt /mnt rw,noatime - xfs /dev/sda2 rw\n"
              "20 11 259:1 / /mnt/d rw,noatime - xfs /dev/nvme1n1 rw\n",
         HAS("8:2", "/mnt/d", "rw,noatime"), BIND("/local/mnt/d", RBIND), ""},
	{"a mask is no device",
         ROOT "10 1 9:0 / /mnt/e rw - xfs /dev/md0 rw\n"
              "11 10 0:44 / /mnt/e/k ro - tmpfs t ro\n"
              "12 1 9:0 /k /var/lib/kubelet rw - xfs /dev/md0 rw\n",
         HAS("9:0", "/k/pods/" UID "/volumes/kubernetes.io~empty-dir/e", "rw"),
         BIND(PODS "/volumes/kubernetes.io~empty-dir/e", RBIND), ""},
	{"a directory of kubelet, covered later",
         ROOT "20 1 9:0 / /var/lib/kubelet rw,noatime - xfs /dev/md0 rw\n",
         HAS("8:1", PODS "/volumes/kubernetes.io~empty-dir/e", "rw,relatime"),
         BIND(PODS "/volumes/kubernetes.io~empty-dir/e", RBIND),
         "mount_cover xfs on /dev/md0 (9:0), rw,noatime, mounted at /var/lib/kubelet\n"},
	{"a link on the way to the source",
         ROOT "10 1 0:30 / /run rw,nosuid,relatime - tmpfs tmpfs rw\n",
         HAS("0:30", "/a", "rw,relatime"), BIND("/var/run/a", RBIND), ""},
	{"files of kubelet, a token", ROOT DRIVE OLD,
         "901 900 8:1 /mnt/d /etc/hosts rw,relatime - ext4 /dev/sda1 rw\n",
         "{\"mounts\": [{\"destination\": \"/etc/hosts\", \"source\": \"" PODS
         "/etc-hosts\", \"options\": [" RBIND "]}]}",
         "volume_cover " COVER},
	{"a removed directory", ROOT, HAS("8:1", "/mnt/d//deleted", "rw,relatime"),
         BIND(PV, RBIND), ""},
	{"missed", ROOT DRIVE, HAS("8:1", "/mnt", "ro,relatime"),
         BIND("/mnt", RBIND ",\"ro\""), "mount_missed /mnt/d\n"},
	{"missed, two",
         ROOT DRIVE "24 1 259:2 / /mnt/e rw - xfs /dev/nvme2n1 rw\n"
                    "25 1 259:3 / /mnt-x rw - xfs /dev/nvme3n1 rw\n",
         HAS("8:1", "/mnt", "rw,relatime"), BIND("/mnt", RBIND),
         "mount_missed /mnt/d and 1 more\n"},
	{"not missed", ROOT DRIVE,
         HAS("8:1", "/mnt", "rw,relatime") "902 901 259:1 / /data/d rw - xfs x rw\n",
         BIND("/mnt", RBIND), ""},
	{"not asked for", ROOT DRIVE, HAS("8:1", "/mnt", "rw,relatime"),
         BIND("/mnt", "\"bind\""), ""},
	{"volumes that come and go",
         ROOT NEW "26 1 259:1 / /var/lib/kubelet/plugins/kubernetes.io/csi/x/globalmount "
                  "rw,noatime - xfs /dev/nvme1n1 rw\n",
         HAS("8:1", "/", "ro,relatime"), BIND("/", RBIND ",\"ro\""), ""},
	{"volumes of other pods, in an agent", ROOT DRIVE,
         HAS("8:1", "/", "ro,relatime") "902 901 259:1 / /data/mnt/d rw - xfs x rw\n"
                                        "903 901 8:1 /mnt/d /data/x rw - ext4 x rw\n"
                                        "904 900 8:1 /mnt/d " PV " rw - ext4 x rw\n",
         BIND("/", RBIND ",\"ro\""), ""},
	{"options", ROOT DRIVE NEW, HAS("259:1", "/", "rw,relatime"), BIND(PV, RBIND),
         "mount_options noatime on the host, relatime in the container\n"},
	{"oldest access times", ROOT DRIVE NEW, HAS("259:1", "/", "rw"), BIND(PV, RBIND),
         "mount_options noatime on the host, strictatime in the container\n"},
	{"read-only, as asked for", ROOT DRIVE NEW, HAS("259:1", "/", "ro,noatime"),
         BIND(PV, RBIND ",\"ro\""), ""},
	{"read-only, not asked for", ROOT DRIVE NEW, HAS("259:1", "/", "ro,noatime"),
         BIND(PV, RBIND), "mount_options rw on the host, ro in the container\n"},
	{"read-only, unknown who asked", ROOT DRIVE NEW, HAS("259:1", "/", "ro,noatime"),
         NULL, ""},
	{"read-only on the host",
         ROOT "20 1 259:1 / /mnt/d ro,noatime - xfs /dev/x rw\n" NEW, HAS_NEW,
         BIND(PV, RBIND), "mount_options ro on the host, rw in the container\n"},
	{"a mount point with escapes", ROOT DRIVE,
         "901 900 8:1 /mnt/d /a\\012\\033[2J rw,relatime - xfs /dev/x rw\n", NULL,
         "mount_cover " COVER},
	{"a spec that is no JSON", ROOT DRIVE OLD, HAS_OLD, "{\"mounts\": [",
         "mount_cover " COVER "? pod UID " UID ": read " POD_SPECS_DIR "/" ID
         "/config.json: "},
	{"a spec of another shape", ROOT DRIVE NEW, HAS_NEW,
         "{\"annotations\": 3, \"mounts\": [1, {\"source\": [], \"destination\": 2}, "
         "{\"options\": {}}]}",
         ""},
	{"a spec that is a list", ROOT DRIVE NEW, HAS_NEW, "[]",
         "? pod UID " UID ": read " POD_SPECS_DIR "/" ID
         "/config.json: is a list, should be a mapping\n"},
	{"the sandbox of a pod", ROOT DRIVE OLD, HAS_OLD,
         "{\"annotations\": {\"io.kubernetes.cri.container-type\": \"sandbox\"}}",
         "volume_cover " COVER},
	{"a table of another form", ROOT, "nonsense\n", NULL,
         "? pod UID " UID ": read /proc/77/mountinfo: "},
};

static void test_pod(void **state)
{
	const struct row *row = *state;
	const char *got;

	tmproot_write("/proc/1/mountinfo", row->host);
	pods_container(77, UID, ID, row->container);
	if (row->spec)
		pods_spec(ID, row->spec);
	got = pods_problems();
	/* what the system adds to a reason may change */
	if (strlen(got) > strlen(row->problems) && strstr(row->problems, "? "))
		assert_memory_equal(got, row->problems, strlen(row->problems));
	else
		assert_string_equal(got, row->problems);
}

/* --- bundles -------------------------------------------------------------------------
 */

/* What is collected of the node, as a host. */
static void collect(struct host *ret)
{
	struct bundle *b = bundle_new();
	struct host h = tmproot.host;
	struct err e;

	h.record = b;
	host_describe(&h);
	collect_cover(&h, "/proc/1/mountinfo");
	collect_path(&h, "/proc/1/mountinfo");
	collect_pods(&h);
	assert_null(bundle_seal(b));
	assert_int_equal(host_open_bundle(ret, b, &e), 0);
}

/* A bundle says the same as the node. */
static void test_bundle(void **state)
{
	const struct row *row = *state;
	const char *live, *from_bundle;
	struct host h;

	tmproot_write("/proc/1/mountinfo", row->host);
	pods_container(77, UID, ID, row->container);
	if (row->spec)
		pods_spec(ID, row->spec);
	tmproot_write("/var/log/pods/a_b_" UID "/0.log", "");
	live = pods_problems();
	collect(&h);
	measures_done(&pods_run.measures);
	diagnosis_done(&pods_diagnosis);
	pods_run.h = &h;
	from_bundle = pods_problems();
	host_close(&h);
	assert_string_equal(from_bundle, live);
}

static const char *collected(const struct host *h, const char *path)
{
	char *text = NULL;
	struct err e;

	if (host_file_read(h, path, 1U << 20, &text, &e) < 0)
		return keep_text(mem_dup(e.text));
	return keep_text(text);
}

/* Names of servers, users and images are nobody's business. */
static void test_bundle_has_no_secrets(void **state)
{
	struct host h;

	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	pods_container(
		77, UID, ID,
		"901 900 0:80 / /n ro,relatime master:3 - nfs4 server.corp:/home "
		"rw,sync,addr=10.1.2.3\n"
		"902 900 0:81 / /o rw - overlay o rw,lowerdir=/secret-image\n"
		"903 900 259:1 / /data\\040- rw,noatime - xfs /dev/nvme1n1 rw,x\n");
	pods_spec(ID,
	          "{\"process\": {\"env\": [\"KEY=secret\"], \"args\": [\"secret\"]}, "
	          "\"annotations\": {\"secret\": \"secret\"}, "
	          "\"mounts\": [{\"destination\": \"/data\", \"source\": \"" PV
	          "\", \"options\": [\"rbind\", \"secret\"]}]}");
	tmproot_write("/var/log/pods/a_b_" UID "/web/0.log", "secret");
	collect(&h);
	assert_string_equal(
		collected(&h, "/proc/77/mountinfo"),
		"900 800 0:70 / / rw - overlay none rw\n"
		"901 900 0:80 / /n ro,relatime master:3 - nfs4 none rw,sync\n"
		"902 900 0:81 / /o rw - overlay none rw\n"
		"903 900 259:1 / /data\\040- rw,noatime - xfs /dev/nvme1n1 rw,x\n");
	assert_string_equal(collected(&h, POD_SPECS_DIR "/" ID "/config.json"),
	                    "{\"annotations\": {\"io.kubernetes.cri.container-type\": "
	                    "\"container\"}, \"mounts\": [{\"destination\": \"/data\", "
	                    "\"source\": \"" PV "\", \"options\": [\"rbind\"]}]}");
	assert_part(collected(&h, "/var/log/pods/a_b_" UID "/web/0.log"),
	            "the bundle lacks");
	host_close(&h);
}

/* What could not be read on the node is not checked in the bundle, either. */
static void test_bundle_of_unread(void **state)
{
	struct host h;

	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT);
	tmproot_dir("/proc/77/cgroup");
	collect(&h);
	pods_run.h = &h;
	assert_part(pods_problems(), "? processes: read /proc/77/cgroup: Is a directory");
	host_close(&h);
}

/* A bundle that was made without them: nothing is known, so nothing is fine. */
static void test_bundle_without(void **state)
{
	struct bundle *b = bundle_new();
	struct host h = {.bundle = b};

	(void)state;
	pods_run.h = &h;
	assert_part(pods_problems(), "? the bundle lacks /proc");
	bundle_free(b);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(pods_setup, pods_teardown);
	suite_rows(&s, rows, test_pod);
	suite_rows(&s, rows, test_bundle);
	suite_test(&s, "a bundle has no secrets", test_bundle_has_no_secrets);
	suite_test(&s, "a bundle of what was unread", test_bundle_of_unread);
	suite_test(&s, "a bundle without it", test_bundle_without);
	return suite_run(&s);
}
