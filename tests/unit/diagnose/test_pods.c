/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What containers have mounted, against the host: captured nodes, and hostile ones. */
#include "base/buf.h"
#include "base/mem.h"
#include "bundle/bundle.h"
#include "collect/add.h"
#include "collect/pods.h"
#include "diagnose/pods/pods.h"
#include "diagnose/pods/spec.h"
#include "host/file.h"
#include "host/open.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <time.h>

#define UID  "3f1c8a52-7d0e-4b9b-9c55-0a1b2c3d4e5f"
#define ID   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PODS "/var/lib/kubelet/pods/" UID
#define PV   PODS "/volumes/kubernetes.io~local-volume/pv"

static struct diagnosis d;
static struct diagnose_run run;

static int setup(void **state)
{
	int r = tmproot_setup(state);

	run = (struct diagnose_run){.h = &tmproot.host, .d = &d};
	return r;
}

static int teardown(void **state)
{
	measures_done(&run.measures);
	diagnosis_done(&d);
	return tmproot_teardown(state);
}

static void write_file(int pid, const char *name, const char *text)
{
	_free_ char *path = mem_format("/proc/%d/%s", pid, name);

	tmproot_write(path, text);
}

static void write_spec(const char *id, const char *text)
{
	_free_ char *path = pod_spec_path(id);

	tmproot_write(path, text);
}

/* A process in the pod, and its mounts besides its root. */
static void write_container(int pid, const char *uid, const char *id, const char *mounts)
{
	_free_ char *cgroup = mem_format("0::/kubepods/pod%s/%s\n", uid, id);
	_free_ char *table =
		mem_format("900 800 0:70 / / rw - overlay overlay rw\n%s", mounts);

	write_file(pid, "cgroup", cgroup);
	write_file(pid, "mountinfo", table);
}

/* "NAME VALUE" of each measure that is a problem, and "? WHY" for each doubt. */
static const char *problems(void)
{
	struct buf b = {0};

	source_pods.end(&run, NULL);
	for (size_t i = 0; i < run.measures.n; i++) {
		const struct measure *m = &run.measures.list[i];
		const char *name = measure_defs[m->id].name;

		if (m->id == MEASURE_VOLUME_STACKED && m->value > 1)
			buf_addf(&b, "stacked %d\n", (int)m->value);
		if (m->text && *m->text && !strstr(name, "_pod") &&
		    !strstr(name, "_has") && !strstr(name, "_directory"))
			buf_addf(&b, "%s %s\n", name, m->text);
	}
	for (size_t i = 0; i < d.n_unchecked; i++)
		buf_addf(&b, "? %s\n", d.unchecked[i].why);
	return keep_text(buf_take(&b));
}

#define ROOT "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
/* the drive at /mnt/d, kubelet's mount of the directory from before, and after */
#define DRIVE "20 1 259:1 / /mnt/d rw,noatime - xfs /dev/nvme1n1 rw\n"
#define OLD   "21 1 8:1 /mnt/d " PV " rw,relatime - ext4 /dev/sda1 rw\n"
#define NEW   "22 1 259:1 / " PV " rw,noatime - xfs /dev/nvme1n1 rw\n"
#define UPPER "23 21 259:1 / " PV " rw,noatime - xfs /dev/nvme1n1 rw\n"
/* what the container has at /data */
#define HAS(device, root, options) \
	"901 900 " device " " root " /data " options " - xfs /dev/x rw\n"
#define HAS_OLD HAS("8:1", "/mnt/d", "rw,relatime")
#define HAS_NEW HAS("259:1", "/", "rw,noatime")
#define BIND(source, options)                                              \
	"{\"mounts\": [{\"destination\": \"/data\", \"source\": \"" source \
	"\", \"options\": [" options "]}]}"
#define RBIND "\"rbind\", \"rprivate\", \"rw\""
#define COVER "xfs on /dev/nvme1n1 (259:1), rw,noatime, mounted at /mnt/d\n"

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
	write_container(77, UID, ID, row->container);
	if (row->spec)
		write_spec(ID, row->spec);
	got = problems();
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
	write_container(77, UID, ID, row->container);
	if (row->spec)
		write_spec(ID, row->spec);
	tmproot_write("/var/log/pods/a_b_" UID "/0.log", "");
	live = problems();
	collect(&h);
	measures_done(&run.measures);
	diagnosis_done(&d);
	run.h = &h;
	from_bundle = problems();
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
	write_container(
		77, UID, ID,
		"901 900 0:80 / /n ro,relatime master:3 - nfs4 server.corp:/home "
		"rw,sync,addr=10.1.2.3\n"
		"902 900 0:81 / /o rw - overlay o rw,lowerdir=/secret-image\n"
		"903 900 259:1 / /data\\040- rw,noatime - xfs /dev/nvme1n1 rw,x\n");
	write_spec(ID,
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
	run.h = &h;
	assert_part(problems(), "? processes: read /proc/77/cgroup: Is a directory");
	host_close(&h);
}

/* A bundle that was made without them: nothing is known, so nothing is fine. */
static void test_bundle_without(void **state)
{
	struct bundle *b = bundle_new();
	struct host h = {.bundle = b};

	(void)state;
	run.h = &h;
	assert_part(problems(), "? the bundle lacks /proc");
	bundle_free(b);
}

/* --- names ---------------------------------------------------------------------------
 */

static void test_names(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	write_container(77, UID, ID, HAS_OLD);
	write_spec(ID,
	           "{\"annotations\": {\"io.kubernetes.cri.sandbox-namespace\": \"a\", "
	           "\"io.kubernetes.cri.sandbox-name\": \"b\", "
	           "\"io.kubernetes.cri.container-name\": \"c\"}, \"mounts\": []}");
	(void)problems();
	assert_string_equal(run.measures.list[0].subject,
	                    "pod a/b, container c, volume pv at /data");
	assert_string_equal(run.measures.list[6].subject, "pod a/b, volume pv");
}

static void test_names_of_logs(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	write_container(77, UID, ID, HAS_OLD);
	tmproot_dir("/var/log/pods");
	tmproot_write("/var/log/pods/x_y_z/0.log", "");
	tmproot_write("/var/log/pods/a_b_c_" UID "/0.log", "");
	tmproot_write("/var/log/pods/a_B_" UID "/0.log", "");
	tmproot_write("/var/log/pods/kube-system_web-0_" UID "/0.log", "");
	(void)problems();
	assert_string_equal(run.measures.list[0].text, "kube-system/web-0");
}

/* Links that kubelet makes name the container, too; they need not lead anywhere. */
static void test_names_of_links(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	write_container(77, UID, ID, HAS_OLD);
	tmproot_link("/var/log/containers/a_b_c-d-" ID ".log", "/nowhere");
	tmproot_link("/var/log/containers/a_b_" ID ".log", "/nowhere");
	tmproot_link("/var/log/containers/a_b_X-" ID ".log", "/nowhere");
	tmproot_link("/var/log/containers/a_b_c-" ID, "/nowhere");
	tmproot_link("/var/log/containers/a.log", "/nowhere");
	(void)problems();
	assert_string_equal(run.measures.list[0].subject,
	                    "pod b/a, container c-d, volume pv at /data");
}

static void test_names_that_are_none(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	write_container(77, UID, ID, HAS_OLD);
	write_spec(
		ID,
		"{\"annotations\": {\"io.kubernetes.cri.sandbox-namespace\": \"a\\n\", "
		"\"io.kubernetes.cri.sandbox-name\": \"\\u001b[31m\"}}");
	(void)problems();
	assert_string_equal(
		run.measures.list[0].subject,
		"pod a\\n/\\x1b[31m, container 0123456789ab, volume pv at /data");
}

/* --- what cannot be read -------------------------------------------------------------
 */

static void test_no_pods(void **state)
{
	(void)state;
	write_file(77, "cgroup", "0::/system.slice/a.service\n");
	write_file(77, "mountinfo", "nonsense");
	assert_string_equal(problems(), "");
	assert_int_equal(run.measures.n, 0);
}

static void test_no_host_table(void **state)
{
	(void)state;
	write_container(77, UID, ID, HAS_OLD);
	assert_part(problems(), "? open /proc/1/mountinfo: No such file");
}

/* Kubelet is there, so that there may be pods. */
static void test_no_containers(void **state)
{
	(void)state;
	tmproot_dir("/var/lib/kubelet/pods");
	assert_part(problems(), "? open /proc/1/mountinfo: No such file");
}

/* Reading a directory as a file fails: so would reading what is denied. */
static void test_unread_cgroup(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT);
	tmproot_dir("/proc/77/cgroup");
	assert_part(problems(), "? processes: read /proc/77/cgroup: Is a directory");
}

static void test_unread_mounts(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT);
	write_container(77, UID, ID, "");
	tmproot_remove("/proc/77/mountinfo");
	tmproot_dir("/proc/77/mountinfo");
	assert_part(problems(),
	            "? pod UID " UID ": read /proc/77/mountinfo: Is a directory");
}

/* The first process has ended; the next one of the container is asked. */
static void test_ended(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	write_file(70, "cgroup", "0::/kubepods/pod" UID "/" ID "\n");
	write_container(77, UID, ID, HAS_OLD);
	write_file(77, "cgroup", "0::/kubepods/pod" UID "/" ID "/below\n");
	assert_string_equal(problems(), "mount_cover " COVER);
	assert_string_equal(run.measures.list[0].where, "/proc/77/mountinfo");
}

static void test_all_ended(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE);
	write_file(70, "cgroup", "0::/kubepods/pod" UID "/" ID "\n");
	assert_string_equal(problems(), "");
}

static void test_long_table(void **state)
{
	_buf_ struct buf b = {0};

	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT);
	while (b.len < (4U << 20))
		buf_add(&b, HAS_OLD HAS_OLD HAS_OLD HAS_OLD HAS_OLD HAS_OLD HAS_OLD);
	write_container(77, UID, ID, b.text);
	assert_part(problems(), "? pod UID " UID ": read /proc/77/mountinfo: more than");
}

static void test_long_spec(void **state)
{
	_buf_ struct buf b = {0};

	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	write_container(77, UID, ID, HAS_OLD);
	buf_add(&b, "{\"mounts\": [");
	while (b.len < (1U << 20))
		buf_add(&b, "{\"source\": \"/\"}, ");
	write_spec(ID, b.text);
	assert_part(problems(), "mount_cover " COVER "? pod UID " UID ": read");
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
	write_container(77, UID, ID, theirs.text);
	buf_add(&spec, "]}");
	write_spec(ID, spec.text);
	assert_string_equal(problems(), "");
	assert_non_null(run.measures.list[4].absent);
}

static void test_too_many_binds(void **state)
{
	_buf_ struct buf spec = {0};

	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE);
	write_container(77, UID, ID, HAS_OLD);
	for (int i = 0; i < 513; i++)
		buf_addf(&spec,
		         "%s{\"destination\": \"/%d\", \"source\": \"/\", \"options\": "
		         "[\"rbind\"]}",
		         i ? "," : "{\"mounts\": [", i);
	buf_add(&spec, "]}");
	write_spec(ID, spec.text);
	assert_string_equal(problems(),
	                    "? pod UID " UID ": its container has too many mounts\n");
}

static void test_deadline(void **state)
{
	(void)state;
	tmproot_write("/proc/1/mountinfo", ROOT DRIVE OLD);
	write_container(77, UID, ID, HAS_OLD);
	tmproot.host.deadline = deadline_in_ms(0);
	assert_part(problems(), "? deadline exceeded");
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
		write_container(2000 + pod, uid, id, theirs.text);
	}
	tmproot_write("/proc/1/mountinfo", host.text);
	start = clock();
	source_pods.end(&run, NULL);
	start = clock() - start;
	assert_int_equal(run.measures.n, pods * MOUNTS_MANY * (6 + 5));
	measures_done(&run.measures);
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

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_pod);
	suite_rows(&s, rows, test_bundle);
	suite_test(&s, "a bundle has no secrets", test_bundle_has_no_secrets);
	suite_test(&s, "a bundle of what was unread", test_bundle_of_unread);
	suite_test(&s, "a bundle without it", test_bundle_without);
	suite_test(&s, "names", test_names);
	suite_test(&s, "names of logs", test_names_of_logs);
	suite_test(&s, "names of links", test_names_of_links);
	suite_test(&s, "names that are none", test_names_that_are_none);
	suite_test(&s, "no pods", test_no_pods);
	suite_test(&s, "no host table", test_no_host_table);
	suite_test(&s, "no containers", test_no_containers);
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
