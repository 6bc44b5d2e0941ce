/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Comparing two documents; tests/cases/baseline-* have whole ones. */
#include "baseline/compare.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "baseline/cause.h"
#include "test.h"

#define HEAD "{kind: baseline, version: 1, "

/* "Word subject: was -> now;" for each change, and "(what: why)" for each note. */
static const char *results(const char *was, const char *now, unsigned tolerance)
{
	struct baseline_comparison c;
	struct buf b = {0};

	baseline_compare(yaml(keep_text(mem_format(HEAD "%s}", was))),
	                 yaml(keep_text(mem_format(HEAD "%s}", now))), tolerance, &c);
	for (size_t i = 0; i < c.n; i++)
		buf_addf(&b, "%s%s %s: %s -> %s;",
		         c.changes[i].type == CHANGE_BETTER ? "+" : "",
		         c.changes[i].cause->word, c.changes[i].subject,
		         c.changes[i].was ? c.changes[i].was : "-",
		         c.changes[i].now ? c.changes[i].now : "-");
	for (size_t i = 0; i < c.n_notes; i++)
		/* of the parts that a row does not have */
		if (!strstr(c.notes[i].why, "the baseline does not have it"))
			buf_addf(&b, "(%s%s: %s)", c.notes[i].unread ? "!" : "",
			         c.notes[i].what, c.notes[i].why);
	baseline_comparison_done(&c);
	return keep_text(buf_take(&b));
}

#define OPTIONS(list) "mounts: {/d: {options: '" list "'}}"
#define KERNEL(line)  "kernel: {release: '6.1', command_line: '" line "'}"
#define SYSCTL(v)     "sysctls: {net.ipv4.tcp_mem: '" v "'}"
#define CACHED(n)     "files: {/f: {bytes: 1000, cached: " n "}}"
#define PROBE(c, w)                                                             \
	"probe: {directory: /d, cold: {calls: 8, p50_us: " c ", fsync_us: 8}, " \
	"warm: {calls: 8, p50_us: " w ", fsync_us: 8}}"

static const struct compare_row {
	const char *name, *was, *now, *want;
} compare_rows[] = {
	{"same options", OPTIONS("rw,noatime"), OPTIONS("noatime,rw"), ""},
	{"one option for another", OPTIONS("rw,noatime"), OPTIONS("rw,relatime"),
         "MountAtime mount /d: noatime -> relatime;"},
	{"an option that is gone", OPTIONS("rw,noatime"), OPTIONS("rw"),
         "MountAtime mount /d: noatime -> -;"},
	{"a new option", OPTIONS("rw"), OPTIONS("rw,sync"),
         "MountSync mount /d: - -> sync;"},
	{"a value", OPTIONS("rw,logbsize=32k"), OPTIONS("rw,logbsize=256k"),
         "MountLog mount /d: logbsize=32k -> logbsize=256k;"},
	{"a comma in a value", OPTIONS("rw,context=\"a,b\""),
         OPTIONS("rw,context=\"a,c\""),
         "MountOption mount /d: context=\"a,b\" -> context=\"a,c\";"},
	{"read-only", OPTIONS("rw"), OPTIONS("ro"), "MountReadOnly mount /d: rw -> ro;"},
	{"what NFS fills in", OPTIONS("vers=4.2,clientaddr=1.1.1.1,mountport=1"),
         OPTIONS("vers=4.2,clientaddr=1.1.1.2,mountport=2"), ""},
	{"a mount that is gone", "mounts: {/d: {device: A}}", "mounts: {}",
         "MountGone mount /d: A -> -;"},
	{"a new mount", "mounts: {}", "mounts: {/d: {device: A}}",
         "MountNew mount /d: - -> A;"},
	{"unread now", "mounts: {/d: {device: A}}", "mounts: {missing: EACCES}",
         "(!mounts: cannot be read: EACCES)"},
	{"unread then", "mounts: {missing: EACCES}", "mounts: {/d: {device: A}}",
         "(mounts: missing in the baseline: EACCES)"},
	{"names of drives", "drives: {A: {name: nvme0n1, bytes: 1}}",
         "drives: {A: {name: nvme9n1, bytes: 1}}", ""},
	{"another drive of the same kind", "drives: {A: {model: m, bytes: 1}}",
         "drives: {B: {model: m, bytes: 1}}", "DriveReplaced drive A: A -> B;"},
	{"another drive of another kind", "drives: {A: {model: m, bytes: 1}}",
         "drives: {B: {model: m, bytes: 2}}",
         "DriveGone drive A: present -> -;DriveNew drive B: - -> present;"},
	{"the device of a replaced drive",
         "drives: {A: {model: m}}, mounts: {/d: {device: A partition 1}}",
         "drives: {B: {model: m}}, mounts: {/d: {device: B partition 1}}",
         "DriveReplaced drive A: A -> B;"},
	{"blanks in a name", "mounts: {/d: {device: 'loop /a  b '}}",
         "mounts: {/d: {device: 'loop /a  b '}}", ""},
	{"another node",
         "host: {name: a}, drives: {A: {model: m, queue: {scheduler: none}}}",
         "host: {name: b}, drives: {B: {model: m, queue: {scheduler: bfq}}}",
         "QueueScheduler drive B: none -> bfq;(node: the baseline is of a, this is b: "
         "drives are matched by model and size, and ids of file systems are not "
         "compared)"},
	{"a queue setting that another kernel lacks",
         "drives: {A: {queue: {wbt_lat_usec: 0, io_timeout: 1}}}",
         "drives: {A: {queue: {wbt_lat_usec: 0}}}", ""},
	{"the boot loader's words", KERNEL("BOOT_IMAGE=a initrd=b quiet"),
         KERNEL("quiet BOOT_IMAGE=c"), ""},
	{"a word of the command line", KERNEL("quiet psi=1"), KERNEL("quiet"),
         "KernelCommandLine kernel command line: psi=1 -> -;"},
	{"computed at boot", SYSCTL("188331 251111 376662"),
         SYSCTL("188000 251000 376000"), ""},
	{"not computed", SYSCTL("188331 251111 376662"), SYSCTL("188331 251111 999999"),
         "Sysctl sysctl net.ipv4.tcp_mem: 188331 251111 376662 -> 188331 251111 999999;"},
	{"fewer words", SYSCTL("188331 251111 376662"), SYSCTL("188331 251111"),
         "Sysctl sysctl net.ipv4.tcp_mem: 188331 251111 376662 -> 188331 251111;"},
	{"an interface that is gone", "sysctls: {net.ipv4.conf.veth1.rp_filter: '1'}",
         "sysctls: {net.ipv4.conf.veth1.rp_filter: null}", ""},
	{"a key that is gone", "sysctls: {net.core.x: '1'}",
         "sysctls: {net.core.x: null}", "Sysctl sysctl net.core.x: 1 -> -;"},
	{"within the tolerance", CACHED("1000"), CACHED("500"), ""},
	{"beyond the tolerance", CACHED("1000"), CACHED("499"),
         "FileCold file /f: 1 of 1 KiB cached, 100 % -> 1 of 1 KiB cached, 50 %;"},
	{"more is cached", CACHED("100"), CACHED("1000"),
         "+FileCold file /f: 1 of 1 KiB cached, 10 % -> 1 of 1 KiB cached, 100 %;"},
	{"a file that is gone", CACHED("1000"), "files: {/f: null}",
         "FileGone file /f: present -> -;"},
	{"copies", PROBE("40000", "15000"), PROBE("59000", "22400"), ""},
	{"slower copies", PROBE("40000", "15000"), PROBE("61000", "733000"),
         "CopyCold copy in /d: 40.0 ms -> 61.0 ms;"
         "CopyWarm copy in /d: 15.0 ms -> 733.0 ms;"},
	{"below the noise", PROBE("40000", "1000"), PROBE("40000", "5000"), ""},
	{"no probe", PROBE("1", "1"), "probe: {missing: no space}",
         "(!copy probe: cannot be read: no space)"},
	{"throttled", "dirty: {dirty: 1, writeback: 1, throttled_from: 1048576}",
         "dirty: {dirty: 1048575, writeback: 1, throttled_from: 1048576}",
         "NodeThrottled node: 0 MiB dirty, throttled from 1 MiB on -> 1 MiB dirty, "
         "throttled from 1 MiB on;"},
	{"throttled then, too", "dirty: {dirty: 9, writeback: 1, throttled_from: 1}",
         "dirty: {dirty: 9, writeback: 1, throttled_from: 1}", ""},
	{"a pod",
         "pods: {a/b: {uid: x, limits: {io.max: '', containers: {cpu.max: '1'}}}}",
         "pods: {a/b: {uid: x, limits: {io.max: A, containers: {cpu.max: '2'}}}}",
         "PodIoLimit pod a/b:  -> A;PodLimit pod a/b containers: 1 -> 2;"},
	{"a pod that is gone", "pods: {a/b: {uid: x}}", "pods: {a/b: null}",
         "PodGone pod a/b: running -> -;"},
	{"a pod that did not run", "pods: {a/b: null}", "pods: {a/b: {uid: x}}", ""},
	{"another version of cgroups", "pods: {a/b: {cgroup_version: 1}}",
         "pods: {a/b: {cgroup_version: 2}}",
         "(pod a/b limits: the node uses version 2 of cgroups, not 1)"},
};

static void test_compare(void **state)
{
	const struct compare_row *row = *state;

	assert_string_equal(results(row->was, row->now, BASELINE_TOLERANCE), row->want);
}

static void test_tolerance(void **state)
{
	(void)state;
	assert_string_equal(results(CACHED("1000"), CACHED("100"), 100), "");
	assert_part(results(CACHED("1000"), CACHED("999"), 0), "FileCold");
	assert_string_equal(results(CACHED("1000"), CACHED("1000"), 0), "");
}

/* Two mounts at one place differ in what they were: the same order, whichever was read
 * first.
 */
static void test_order(void **state)
{
	static const char *const was[] = {"c", "a", "b"};

	(void)state;
	for (size_t first = 0; first < ARRAY_SIZE(was); first++) {
		struct baseline_comparison c = {0};

		for (size_t i = 0; i < ARRAY_SIZE(was); i++)
			baseline_changes_add(
				&c, (struct baseline_change){
					    .type = CHANGE_BETTER,
					    .subject = mem_dup("mount /data"),
					    .was = mem_dup(
						    was[(first + i) % ARRAY_SIZE(was)])});
		baseline_changes_sort(&c);
		assert_string_equal(c.changes[0].was, "a");
		assert_string_equal(c.changes[2].was, "c");
		baseline_comparison_done(&c);
	}
}

int main(void)
{
	struct suite s = {0};

	suite_rows(&s, compare_rows, test_compare);
	suite_test(&s, "tolerance", test_tolerance);
	suite_test(&s, "order of changes", test_order);
	return suite_run(&s);
}
