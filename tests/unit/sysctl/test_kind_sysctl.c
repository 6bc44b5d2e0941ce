/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYS "/proc/sys/"
#define CC  SYS "net/ipv4/tcp_congestion_control"
#define LIB "/lib/modules/6.12.0-test/"

static int setup(void **state)
{
	(void)tmproot_setup(state);
	tmproot_write(SYS "vm/swappiness", "60\n");
	tmproot_write(SYS "vm/lowmem_reserve_ratio", "256\t256\t32\n");
	tmproot_write(SYS "net/core/rmem_max", "212992\n");
	tmproot_write(SYS "net/core/default_qdisc", "pfifo_fast\n");
	tmproot_write(SYS "net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
	tmproot_write(SYS "net/ipv4/conf/eth0.1/forwarding", "0\n");
	tmproot_write(SYS "net/ipv4/conf/all/rp_filter", "2\n");
	tmproot_write(SYS "net/ipv4/conf/all/of_a_newer_kernel", "2\n");
	tmproot_write(SYS "net/ipv4/conf/all/log_martians", "0\n");
	tmproot_write(SYS "net/ipv4/conf/default/log_martians", "1\n");
	tmproot_write(SYS "net/ipv4/conf/a0/log_martians", "0\n");
	tmproot_write(SYS "net/ipv4/conf/eth0.1/log_martians", "1\n");
	tmproot_write(SYS "kernel/core_pattern", "|/bin/dump  %p\n");
	tmproot_write(SYS "kernel/modprobe", "\n");
	tmproot_write(CC, "cubic\n");
	tmproot_write(SYS "net/ipv4/tcp_available_congestion_control", "reno cubic\n");
	tmproot_write("/proc/modules", "");
	tmproot_write(LIB "modules.dep", "kernel/net/ipv4/tcp_bbr.ko:\n"
	                                 "kernel/net/sched/sch_fq.ko:\n");
	return 0;
}

/* --- observing -------------------------------------------------------------------------
 */

static const struct observed {
	const char *yaml, *reported;
} observations[] = {
	{"vm.swappiness: 60", "ok  now=60: "},
	{"vm.swappiness: 074", "ok  now=60: "},
	{"vm.swappiness: 0x3c", "ok  now=60: "},
	{"vm.swappiness: 060", "drift LiveDiffers now=60: is 60, should be 060"},
	{"vm.swappiness: {min: 10, max: 20}",
         "drift LiveDiffers now=60: is 60, should be 10..20"},
	{"vm.swappiness: 10", "drift LiveDiffers now=60: is 60, should be 10"},
	{"vm.swappiness: {max: 10}", "drift LiveDiffers now=60: is 60, should be <=10"},
	{"vm.swappiness: {max: 60}", "ok  now=60: "},
	{"net.core.rmem_max: {min: 16MiB}",
         "drift LiveDiffers now=212992: is 212992, should be >=16777216"},
	{"net.core.rmem_max: {min: 4096, optional: true}", "ok  now=212992: "},
	{"net.ipv4.tcp_rmem: 4096 131072 6291456", "ok  now=4096 131072 6291456: "},
	{"net.ipv4.tcp_rmem: [4096, 131072, {min: 16MiB}]",
         "drift LiveDiffers now=4096 131072 6291456: is 4096 131072 6291456, "
         "should be 4096 131072 >=16777216"},
	{"vm.lowmem_reserve_ratio: 256",
         "failed ShapeDiffers now=256 256 32: has 3 values (256 256 32), but the profile gives 1"},
	{"net.ipv4.conf.all.of_a_newer_kernel: [1, 2]",
         "failed ShapeDiffers now=2: has 1 values (2), but the profile gives 2"},
	{"kernel.core_pattern: core",
         "drift LiveDiffers now=|/bin/dump %p: is |/bin/dump %p, "
         "should be core"},
	{"kernel.core_pattern: '|/bin/dump %p'", "ok  now=|/bin/dump %p: "},
	{"kernel.modprobe: /sbin/modprobe",
         "drift LiveDiffers now=: is empty, should be /sbin/modprobe"},
	{"vm.missing: 1", "failed NoSuchKey now=NULL: this kernel has no such key"},
	{"vm.watermark_scale_factor: 10",
         "failed NoSuchKey now=NULL: this kernel has no such key"},
	/* interfaces: those that have the key, "all" and "default" first */
	{"net.ipv4.conf.*.log_martians: {value: 1, persist: false}",
         "drift LiveDiffers now=0 (all a0), 1 (default eth0/1): is 0 (all a0), 1 "
         "(default eth0/1), should be 1"},
	{"net.ipv4.conf.eth*.log_martians: {value: 1, persist: false}", "ok  now=1: "},
	{"net.ipv4.conf.w*.log_martians: {value: 1, persist: false}",
         "failed NoSuchKey now=NULL: this kernel has no such key"},
	{"net.ipv6.conf.*.mtu: {value: 1500, persist: false, optional: true}",
         "skipped NotSupported now=NULL: this kernel has no such key, and the key is optional"},
	{"vm.swappiness.xyz: 1",
         "failed NoSuchKey now=NULL: this kernel has no such key"},
	{"vm.missing: {value: 1, optional: true}",
         "skipped NotSupported now=NULL: this kernel has no such key, and the key is optional"},
	{"net.ipv4: 1",
         "failed NotReadable now=NULL: read /proc/sys/net/ipv4: Is a directory"},
	/* values that name a module */
	{"net.ipv4.tcp_congestion_control: cubic", "ok  now=cubic: "},
	{"net.ipv4.tcp_congestion_control: reno",
         "drift LiveDiffers now=cubic: is cubic, should be reno"},
	{"net.ipv4.tcp_congestion_control: bbr",
         "drift LiveDiffers now=cubic: is cubic, should be bbr"},
	{"net.ipv4.tcp_congestion_control: bbrr",
         "failed ModuleMissing now=cubic: the kernel has no \"bbrr\"; available: reno cubic"},
	{"net.ipv4.tcp_congestion_control: cub",
         "failed ModuleMissing now=cubic: the kernel has no \"cub\"; available: reno cubic"},
	{"net.core.default_qdisc: fq",
         "drift LiveDiffers now=pfifo_fast: is pfifo_fast, should be fq"},
	{"net.core.default_qdisc: fqq",
         "failed ModuleMissing now=pfifo_fast: the kernel has no \"fqq\" (module sch_fqq)"},
};

static void test_observe(void **state)
{
	const struct observed *row = *state;
	struct resource *r = resource_new(&kind_sysctl, row->yaml, NULL);
	const char *before = tmproot_snapshot();

	assert_string_equal(resource_reported(r), row->reported);
	/* again: the same, and nothing was written */
	assert_string_equal(resource_reported(r), row->reported);
	assert_string_equal(tmproot_snapshot(), before);
}

/* Both spellings of an interface with a dot in its name mean the same file. */
static void test_dotted_interface(void **state)
{
	static const char *const texts[] = {"net.ipv4.conf.eth0/1.forwarding: 1",
	                                    "net/ipv4/conf/eth0.1/forwarding: 1"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct resource *r = resource_new(&kind_sysctl, texts[i], NULL);

		assert_string_equal(r->name, "net.ipv4.conf.eth0/1.forwarding");
		assert_string_equal(resource_reported(r),
		                    "drift LiveDiffers now=0: is 0, should be 1");
		assert_string_equal(r->run.change.remedy,
		                    "sysctl -w net.ipv4.conf.eth0/1.forwarding=1");
	}
}

/* A missing key that a module of the profile may provide is pending, not failed. */
static void test_waits(void **state)
{
	struct resource *r =
		resource_new(&kind_sysctl, "sunrpc.tcp_slot_table_entries: 64", NULL);

	(void)state;
	r->run.waits = r;
	assert_string_equal(
		resource_reported(r),
		"pending Waits now=NULL: does not exist yet: a module that the profile loads provides it");
	r->run.waits = NULL;
	assert_part(resource_reported(r), "failed NoSuchKey");
	assert_part(r->run.change.remedy,
	            "list the module that provides it under `modules:`");
}

/* Without lists of modules only a write finds out. */
static void test_unknown_modules(void **state)
{
	struct resource *r =
		resource_new(&kind_sysctl, "net.ipv4.tcp_congestion_control: bbrr", NULL);

	(void)state;
	tmproot_remove(LIB "modules.dep");
	assert_part(resource_reported(r), "drift LiveDiffers");
}

/* These are built into the kernel (net/sched/sch_generic.c, sch_fifo.c). */
static void test_builtin_qdiscs(void **state)
{
	static const char *const qdiscs[] = {"pfifo_fast", "pfifo", "bfifo"};

	(void)state;
	tmproot_write(SYS "net/core/default_qdisc", "fq_codel\n");
	for (size_t i = 0; i < ARRAY_SIZE(qdiscs); i++) {
		const char *text =
			keep_text(mem_format("net.core.default_qdisc: %s", qdiscs[i]));

		assert_part(resource_reported(resource_new(&kind_sysctl, text, NULL)),
		            "drift LiveDiffers");
	}
}

/* Even root cannot read a write-only file of /proc/sys; here the test drops its rights.
 */
static void test_write_only(void **state)
{
	struct resource *r = resource_new(&kind_sysctl, "vm.new_trigger: 1", NULL);
	const char *reported;

	(void)state;
	tmproot_write(SYS "vm/new_trigger", "");
	assert_int_equal(
		chmod(keep_text(mem_format("%s" SYS "vm/new_trigger", tmproot.path)),
	              0200),
		0);
	(void)setfsuid(65534);
	reported = resource_reported(r);
	(void)setfsuid(geteuid());
	assert_string_equal(
		reported,
		"refused WriteOnly now=NULL: write-only key: its current value cannot be read");
}

/* --- applying -------------------------------------------------------------------------
 */

static const struct act {
	const char *name, *yaml, *path, *after, *reverted;
} acts[] = {
	{"apply and revert a number", "vm.swappiness: 10", "vm/swappiness", "10\n",
         "60\n"},
	{"apply and revert a bound", "net.core.rmem_max: {min: 16MiB}",
         "net/core/rmem_max", "16777216\n", "212992\n"},
	{"apply and revert a vector",
         "net.ipv4.tcp_rmem: [4096, {min: 16}, {min: 16MiB}]", "net/ipv4/tcp_rmem",
         "4096 131072 16777216\n", "4096 131072 6291456\n"},
	{"apply and revert a word", "net.ipv4.tcp_congestion_control: bbr",
         "net/ipv4/tcp_congestion_control", "bbr\n", "cubic\n"},
	{"apply and revert an interface", "net.ipv4.conf.eth0/1.forwarding: 1",
         "net/ipv4/conf/eth0.1/forwarding", "1\n", "0\n"},
};

static void test_act(void **state)
{
	const struct act *row = *state;
	const char *path = keep_text(mem_format(SYS "%s", row->path));
	struct resource *r = resource_new(&kind_sysctl, row->yaml, NULL);
	struct err e;

	resource_observe(r);
	assert_int_equal(r->run.change.state, STATE_DRIFT);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	/* only the start: a captured file may keep the end of a longer value before */
	assert_int_equal(strncmp(tmproot_read(path), row->after, strlen(row->after)), 0);
	tmproot_write(path, row->after);
	resource_observe(r);
	assert_int_equal(r->run.change.state, STATE_OK);
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_int_equal(
		strncmp(tmproot_read(path), row->reverted, strlen(row->reverted)), 0);
}

static void test_refused(void **state)
{
	struct resource *r = resource_new(&kind_sysctl, "vm.swappiness: 10", NULL);
	enum reason reason;
	struct err e;

	(void)state;
	tmproot_protect(SYS "vm/swappiness");
	assert_part(resource_reported(r), "drift LiveDiffers now=60");
	assert_int_equal(resource_apply(r, &reason, &e), -ELOOP);
	assert_int_equal(reason, REASON_REFUSED_BY_KERNEL);
	assert_part(e.text, "open /proc/sys/vm/swappiness: ");
	assert_part(resource_reported(r), "now=60");
}

/* The kernel's ENOENT for a congestion control without a module is misleading. */
static void test_refused_module(void **state)
{
	struct resource *r =
		resource_new(&kind_sysctl, "net.ipv4.tcp_congestion_control: bbr", NULL);
	enum reason reason;
	struct err e;

	(void)state;
	resource_observe(r);
	tmproot_remove(CC);
	assert_int_equal(resource_apply(r, &reason, &e), -ENOENT);
	assert_int_equal(reason, REASON_MODULE_MISSING);
	assert_string_equal(e.text, "the kernel has no \"bbr\"; available: reno cubic");
}

/* dirty_bytes cannot be set to 0: revert writes the ratio that it replaced. */
static void test_excluding_pair(void **state)
{
	struct resource *r =
		resource_new(&kind_sysctl, "vm.dirty_bytes: 629145600", NULL);
	struct err e;

	(void)state;
	tmproot_write(SYS "vm/dirty_bytes", "0\n");
	tmproot_write(SYS "vm/dirty_ratio", "20\n");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(SYS "vm/dirty_bytes"), "629145600\n");
	tmproot_write(SYS "vm/dirty_ratio", "0\n"); /* as the kernel does */
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(SYS "vm/dirty_ratio"), "20\n");
	assert_string_equal(tmproot_read(SYS "vm/dirty_bytes"), "629145600\n");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, tmproot_teardown);
	suite_test(&s, "an interface with a dot", test_dotted_interface);
	suite_rows(&s, observations, test_observe);
	suite_test(&s, "waits for a module", test_waits);
	suite_test(&s, "no list of modules", test_unknown_modules);
	suite_test(&s, "qdiscs that are no modules", test_builtin_qdiscs);
	suite_test(&s, "write-only", test_write_only);
	suite_rows(&s, acts, test_act);
	suite_test(&s, "refused", test_refused);
	suite_test(&s, "refused because a module is missing", test_refused_module);
	suite_test(&s, "of two keys one is in effect", test_excluding_pair);
	return suite_run(&s);
}
