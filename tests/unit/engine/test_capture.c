/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Capture the current state as a profile, without the API (see tests/vm/capture.sh). */
#include "base/mem.h"
#include "base/num.h"
#include "doc/json.h"
#include "doc/node.h"
#include "drives.h"
#include "engine/capture/capture.h"
#include "engine/plan.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "test.h"
#include "tmproot.h"

#define PROFILES_MAX 3

#define SYS  "/proc/sys/"
#define NFSD "/proc/fs/nfsd/"

static const struct facts no_facts = {.unknown = true};
static struct profile profiles[PROFILES_MAX], again;
static struct capture capture;

static void forget(void)
{
	capture_done(&capture);
	profile_done(&again);
	for (size_t i = 0; i < PROFILES_MAX; i++)
		profile_done(&profiles[i]);
}

static int teardown(void **state)
{
	forget();
	return tmproot_teardown(state);
}

static void load(struct profile *p, const char *text)
{
	const char *name = keep_text(mem_format("%s/profile.yaml", tmproot.outside));
	struct diagnostics *diag = new_diagnostics();

	tmproot_write("../outside/profile.yaml", text);
	profile_done(p);
	(void)profile_load(p, &name, 1, NULL, &no_facts, diag);
	assert_int_equal(diag_count_errors(diag), 0);
}

/* The purpose of a capture: its text, loaded as a profile, is in sync with the node. */
static void assert_in_sync(void)
{
	struct plan plan;

	load(&again, keep_text(node_json_format(capture.tree, true)));
	plan_init(&plan, &again);
	plan_observe(&plan, &tmproot.host);
	/* the drive is a file here, so its health is unknown */
	assert_int_equal(plan.counts[STATE_OK] + plan.counts[STATE_SKIPPED], plan.n);
}

/* Format a section of the captured profile and what was skipped: "{...}\n- reason\n". */
static const char *captured(size_t n, const char *section)
{
	const char *text;

	capture_read(&capture, profiles, n, false, &tmproot.host);
	assert_in_sync();
	text = tree_text(node_get(capture.tree, section));
	for (size_t i = 0; i < capture.excluded.n; i++)
		text = keep_text(
			mem_format("%s\n- %s", text, capture.excluded.list[i].text));
	return text;
}

/* --- without drives -------------------------------------------------------------------
 */

static const struct row {
	const char *name;
	const char *files[5][2];
	const char *profile; /* follows "version: 1" */
	const char *section, *want;
} rows[] = {
	{"a number, a vector, a word",
         {{SYS "vm/swappiness", "60\n"},
          {SYS "net/ipv4/tcp_rmem", "4096\t131072\t6291456\n"},
          {SYS "net/ipv4/tcp_congestion_control", "cubic\n"}},
         "sysctl: {vm.swappiness: 10, net.ipv4.tcp_rmem: [1, 2, {min: 3}],\n"
         "  net.ipv4.tcp_congestion_control: bbr}\n",
         "sysctl",
         "{\"vm.swappiness\": 60, \"net.ipv4.tcp_rmem\": [4096, 131072, 6291456], "
         "\"net.ipv4.tcp_congestion_control\": \"cubic\"}"},
	{"bounds, formulas and options become values",
         {{SYS "vm/a", "7\n"}, {SYS "vm/b", "8\n"}, {SYS "vm/c", "9\n"}},
         "sysctl: {vm.a: {min: 9}, vm.b: = cpus, vm.c: {value: 1, optional: true}}\n",
         "sysctl",
         "{\"vm.a\": 7, \"vm.b\": 8, \"vm.c\": 9}"},
	{"texts that look like something else stay texts",
         {{SYS "vm/a", "010\n"},
          {SYS "vm/b", "16k\n"},
          {SYS "vm/c", "true\n"},
          {SYS "vm/d", "a: b # c\n"},
          {SYS "vm/e", "18446744073692774399\n"}},
         "sysctl: {vm.a: 1, vm.b: 1, vm.c: 1, vm.d: 1, vm.e: 1}\n",
         "sysctl",
         "{\"vm.a\": \"010\", \"vm.b\": \"16k\", \"vm.c\": \"true\", \"vm.d\": \"a: b # c\", "
         "\"vm.e\": \"18446744073692774399\"}"},
	{"names are written one way",
         {{SYS "net/ipv4/conf/eth0.1/forwarding", "1\n"}},
         "sysctl: {net/ipv4/conf/eth0.1/forwarding: 0}\n",
         "sysctl",
         "{\"net.ipv4.conf.eth0/1.forwarding\": 1}"},
	{"what is missing is reported",
         {{SYS "vm/a", "1\n"}, {SYS "vm/empty", "\n"}, {SYS "vm/bytes", "\xff\n"}},
         "sysctl: {vm.a: 1, vm.none: 1, vm.empty: 1, vm.bytes: x}\n",
         "sysctl",
         "{\"vm.a\": 1}\n"
         "- sysctl vm.bytes: its value is empty or not ASCII\n"
         "- sysctl vm.empty: its value is empty or not ASCII\n"
         "- sysctl vm.none: this kernel has no such key"},
	{"the one in force of two that exclude each other",
         {{SYS "vm/dirty_bytes", "0\n"}, {SYS "vm/dirty_ratio", "20\n"}},
         "sysctl: {vm.dirty_bytes: 629145600}\n",
         "sysctl",
         "{\"vm.dirty_ratio\": 20}\n"
         "- sysctl vm.dirty_bytes: vm.dirty_ratio is in effect instead"},
	{"neither of two is in force",
         {{SYS "vm/dirty_bytes", "0\n"}, {SYS "vm/dirty_ratio", "0\n"}},
         "sysctl: {vm.dirty_bytes: 629145600}\n",
         "sysctl",
         "(none)\n- sysctl vm.dirty_bytes: is 0, which cannot be written"},
	{"a value that a profile must not have",
         {{SYS "vm/min_free_kbytes", "100\n"}, {SYS "vm/swappiness", "60\n"}},
         "sysctl: {vm.min_free_kbytes: 2048, vm.swappiness: 10}\n",
         "sysctl",
         "{\"vm.swappiness\": 60}\n"
         "- sysctl vm.min_free_kbytes \"100\": must be 1024 or more (lower values can deadlock: vm.rst)"},
	{"what no profile may say of two together",
         {{SYS "vm/dirty_bytes", "8192\n"}, {SYS "vm/dirty_background_bytes", "9000\n"}},
         "sysctl: {vm.dirty_background_bytes: 1, vm.dirty_bytes: 9999}\n",
         "sysctl",
         "{\"vm.dirty_bytes\": 8192}\n"
         "- sysctl vm.dirty_background_bytes: 9000 must be below vm.dirty_bytes, which is 8192 "
         "(the kernel would use half of that)"},
	{"loaded and built-in modules",
         {{"/proc/modules", "nfsd 1 0 - Live 0x0\n"},
          {"/lib/modules/6.12.0-test/modules.builtin", "kernel/net/unix.ko\n"},
          {"/lib/modules/6.12.0-test/modules.dep", "kernel/net/tcp_bbr.ko:\n"}},
         "modules: [nfsd, unix, tcp-bbr, no_such]\n",
         "modules",
         "[\"nfsd\", \"unix\"]\n"
         "- module no_such: this kernel has no module \"no_such\"\n"
         "- module tcp_bbr: not loaded"},
	{"a running server",
         {{NFSD "threads", "64\n"},
          {NFSD "versions", "-2 +3 +4 -4.0 +4.1 +4.2\n"},
          {"/sys/module/sunrpc/parameters/pool_mode", "global\n"}},
         "nfsd: {threads: 8, start: true, versions: [4.2], pool-mode: auto}\n",
         "nfsd",
         "{\"versions\": [\"3\", \"4.1\", \"4.2\"], \"pool-mode\": \"global\", "
         "\"threads\": 64, \"start\": false}"},
	{"only the named keys of a running server",
         {{NFSD "threads", "64\n"}, {NFSD "versions", "+3 -4\n"}},
         "nfsd: {threads: 8}\n",
         "nfsd",
         "{\"threads\": 64, \"start\": false}"},
	{"a stopped server",
         {{NFSD "threads", "0\n"}},
         "nfsd: {threads: 8, start: true}\n",
         "nfsd",
         "(none)\n- nfsd: no NFS server is running"},
	{"settings need the API",
         {{SYS "vm/a", "1\n"}},
         "sysctl: {vm.a: 1}\nsettings: {kernel: {lockdown: none}}\n",
         "settings",
         "(none)\n- setting settings.kernel.lockdown: the API is not used"},
	{"an empty profile", {{0}}, "", "persist", "false"},
};

static void test_row(void **state)
{
	const struct row *row = *state;

	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i][0]; i++)
		tmproot_write(row->files[i][0], row->files[i][1]);
	load(&profiles[0], keep_text(mem_format("version: 1\n%s", row->profile)));
	assert_string_equal(captured(1, row->section), row->want);
}

static void test_min_threads(void **state)
{
	(void)state;
	tmproot.host.kernel = NUM_VERSION(7, 0);
	tmproot_write(NFSD "threads", "64\n");
	tmproot_write(NFSD "min_threads", "4\n");
	load(&profiles[0], "version: 1\nnfsd: {threads: 8}\n");
	assert_string_equal(captured(1, "nfsd"),
	                    "{\"threads\": 64, \"min-threads\": 4, \"start\": false}");
}

static void test_several_profiles(void **state)
{
	(void)state;
	tmproot_write(SYS "vm/a", "1\n");
	tmproot_write(SYS "vm/b", "2\n");
	tmproot_write(SYS "vm/c", "3\n");
	load(&profiles[0], "version: 1\nsysctl: {vm.b: 5, vm.a: 1}\n");
	load(&profiles[1], "version: 1\nsysctl: {vm.c: 3, vm.a: 1}\n");
	/* the profile that the node matches comes first, and no value appears twice */
	assert_string_equal(captured(2, "sysctl"),
	                    "{\"vm.c\": 3, \"vm.a\": 1, \"vm.b\": 2}");
}

static void test_writes_nothing(void **state)
{
	const char *before;

	(void)state;
	tmproot_write(SYS "vm/a", "1\n");
	load(&profiles[0], "version: 1\nsysctl: {vm.a: 5}\n");
	before = tmproot_snapshot();
	(void)captured(1, "sysctl");
	assert_string_equal(tmproot_snapshot(), before);
}

/* --- drives ---------------------------------------------------------------------------
 */

#define MOUNTED_AS(minor, target)                                                    \
	"30 1 259:" minor " / " target                                               \
	" rw,noatime,nodiratime shared:2 - xfs /dev/x rw,attr2,inode64,logbsize=32k" \
	",noquota\n"
#define OPTIONS                                                                      \
	"\"options\": [\"noatime\", \"nodiratime\", \"inode64\", \"logbsize=32k\", " \
	"\"noquota\"]"
#define DISKS(serial) \
	"\"disks\": {\"model\": \"" INSTANCE_STORE "\", \"serial\": \"" serial "\"}"

static void load_storage(size_t i, const char *name, const char *mount)
{
	load(&profiles[i],
	     keep_text(mem_format("version: 1\nstorage: [{name: %s, label: ephemeral, "
	                          "mount: %s, disks: {count: 1}}]\n",
	                          name, mount)));
}

static void test_mounted(void **state)
{
	const char *table = MOUNTED_AS("1", "/mnt/data");

	(void)state;
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 1);
	drive_format("nvme1n1", "ephemeral");
	drives_mounts(table, "");
	load_storage(0, "local", "/mnt/disks/local");
	load_storage(1, "data", "/mnt/data");
	/* named as in the profile that the node matches */
	assert_string_equal(
		captured(2, "storage"),
		"[{\"name\": \"data\", " DISKS(
			"AWS1") ", \"label\": "
				"\"ephemeral\", \"mount\": \"/mnt/data\", " OPTIONS "}]");
}

static void test_other_label(void **state)
{
	const char *table = MOUNTED_AS("1", "/mnt/scratch");

	(void)state;
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 1);
	drive_add("nvme2n1", INSTANCE_STORE, "AWS2", 2);
	drive_add("nvme3n1", INSTANCE_STORE, "AWS3", 3);
	drive_format("nvme1n1", "scratch");
	drive_format("nvme2n1", "other");
	drives_mounts(table, "");
	load_storage(0, "data", "/mnt/data");
	assert_string_equal(
		captured(1, "storage"),
		"[{\"name\": \"data\", " DISKS(
			"AWS1") ", \"label\": "
				"\"scratch\", \"mount\": \"/mnt/scratch\", " OPTIONS
				"}]\n"
				"- storage: nvme2n1 AWS2: xfs label other, not mounted\n"
				"- storage: nvme3n1 AWS3: holds no signature");
}

/* An audit could not distinguish the drives; the captured profile can, by serial. */
static void test_several_ours(void **state)
{
	(void)state;
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 1);
	drive_add("nvme2n1", INSTANCE_STORE, "AWS2", 2);
	drive_format("nvme1n1", "ephemeral");
	drive_format("nvme2n1", "ephemeral");
	load_storage(0, "data", "/mnt/data");
	assert_string_equal(
		captured(1, "storage"),
		"[{\"name\": \"data\", " DISKS(
			"AWS1") ", \"label\": \"ephemeral\"}, "
				"{\"name\": \"ephemeral\", " DISKS(
					"AWS2") ", \"label\": \"ephemeral\"}]\n"
						"- storage: nvme1n1 AWS1: is not mounted\n"
						"- storage: nvme2n1 AWS2: is not mounted");
}

/* --- their queues ---------------------------------------------------------------------
 */

static void add_queue(const char *device, const char *scheduler, const char *rq_affinity)
{
	drive_set(device, "queue/scheduler", scheduler);
	drive_set(device, "queue/read_ahead_kb", "128");
	drive_set(device, "queue/rq_affinity", rq_affinity);
	drive_set(device, "queue/nomerges", "0");
}

static void load_queue(size_t i, const char *name, const char *serial, const char *queue)
{
	load(&profiles[i],
	     keep_text(mem_format("version: 1\nstorage: [{name: %s, label: ephemeral, "
	                          "disks: {serial: %s}, queue: %s}]\n",
	                          name, serial, queue)));
}

#define LABEL "\"label\": \"ephemeral\""

/* Each profile adds what it names, to the drives that it selects. */
static void test_queues(void **state)
{
	(void)state;
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 1);
	drive_add("nvme2n1", INSTANCE_STORE, "AWS2", 2);
	drive_format("nvme1n1", "ephemeral");
	drive_format("nvme2n1", "ephemeral");
	add_queue("nvme1n1", "[none] kyber", "1");
	add_queue("nvme2n1", "none [kyber]", "2");
	load_queue(0, "one", "AWS1", "{scheduler: kyber, read-ahead: 0, nr-requests: 4}");
	load_queue(1, "two", "AWS2", "{scheduler: none}");
	load_queue(2, "three", "[AWS1, AWS2]", "{rq-affinity: 0}");
	assert_string_equal(
		captured(3, "storage"),
		"[{\"name\": \"one\", " DISKS(
			"AWS1") ", " LABEL ", \"queue\": {\"scheduler\": \"none\", "
				"\"read-ahead\": \"128KiB\", \"rq-affinity\": 1}}, "
				"{\"name\": \"two\", " DISKS(
					"AWS2") ", " LABEL ", \"queue\": {\"scheduler\": "
						"\"kyber\", \"rq-affinity\": 2}}]\n"
						"- queue: nvme1n1 has no nr-requests on "
						"this kernel");
}

/* One value of a profile sets all paths: what differs would not be in sync. */
static void test_queue_of_paths(void **state)
{
	(void)state;
	drive_add("nvme2n1", INSTANCE_STORE, "AWS2", 2);
	drive_format("nvme2n1", "ephemeral");
	drive_set("nvme2n1", "queue/read_ahead_kb", "130");
	add_queue("nvme2c0n1", "[none] kyber", "1");
	add_queue("nvme2c1n1", "[none] kyber", "2");
	load_queue(0, "data", "AWS2",
	           "{scheduler: kyber, rq-affinity: 0, read-ahead: 0}");
	assert_string_equal(
		captured(1, "storage"),
		"[{\"name\": \"data\", " DISKS(
			"AWS2") ", " LABEL ", \"queue\": {\"scheduler\": \"none\"}}]\n"
				"- queue: nvme2c0n1: the paths to the drive differ in "
				"rq-affinity\n"
				"- queue: nvme2n1: read-ahead \"130KiB\": must be a "
				"multiple of 4KiB");
}

/* Without a profile, what differs from the kernel's default. */
static void test_queue_survey(void **state)
{
	(void)state;
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 1);
	drive_add("nvme2n1", INSTANCE_STORE, "AWS2", 2);
	drive_format("nvme1n1", "ephemeral");
	drive_format("nvme2n1", "ephemeral");
	add_queue("nvme1n1", "[none]", "1");
	add_queue("nvme2n1", "[none]", "2");
	load_storage(0, "data", "/mnt/data");
	capture_read(&capture, profiles, 1, true, &tmproot.host);
	assert_in_sync();
	assert_string_equal(
		tree_text(node_get(capture.tree, "storage")),
		"[{\"name\": \"data\", " DISKS(
			"AWS1") ", " LABEL
				"}, {\"name\": \"ephemeral\", " DISKS(
					"AWS2") ", " LABEL
						", \"queue\": {\"rq-affinity\": 2}}]");
}

static void test_no_label(void **state)
{
	const char *table = MOUNTED_AS("1", "/mnt/data");

	(void)state;
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 1);
	drive_format("nvme1n1", "");
	drives_mounts(table, "");
	load_storage(0, "data", "/mnt/data");
	assert_string_equal(captured(1, "storage"),
	                    "(none)\n- storage: nvme1n1 AWS1: has no label, which a "
	                    "profile needs to identify it");
}

static void test_no_drives(void **state)
{
	(void)state;
	drive_add("nvme0n1", "Amazon Elastic Block Store", "vol1", 1);
	load_storage(0, "data", "/mnt/data");
	load_storage(1, "local", "/mnt/local");
	assert_string_equal(captured(2, "storage"),
	                    "(none)\n- storage: no drive of model \"" INSTANCE_STORE
	                    "\" found");
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, teardown);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "a minimum of threads", test_min_threads);
	suite_test(&s, "several profiles", test_several_profiles);
	suite_test(&s, "writes nothing", test_writes_nothing);
	suite_test(&s, "a mounted drive", test_mounted);
	suite_test(&s, "a drive with another label", test_other_label);
	suite_test(&s, "several drives owned by hosttune", test_several_ours);
	suite_test(&s, "queues of drives", test_queues);
	suite_test(&s, "the queues of a drive with several paths", test_queue_of_paths);
	suite_test(&s, "queues without a profile", test_queue_survey);
	suite_test(&s, "a drive without a label", test_no_label);
	suite_test(&s, "no drives", test_no_drives);
	return suite_run(&s);
}
