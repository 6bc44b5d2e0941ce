/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What each kind needs, and what a plan of them does. */
#include "engine/capabilities.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "engine/plan.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define C(name) CAPABILITY(name)

/* Each kind has a row: what it needs to observe, and to act. */
static const struct row {
	const char *title, *kind, *name;
	uint64_t observes, acts;
} rows[] = {
	{"module", "module", "nfsd", 0, C(SYS_MODULE) | C(SYS_CHROOT)},
	{"sysctl of the network", "sysctl", "net.core.somaxconn", 0, C(NET_ADMIN)},
	{"sysctl of BPF", "sysctl", "net.core.bpf_jit_harden", C(SYS_ADMIN),
         C(SYS_ADMIN)},
	{"sysctl of memory", "sysctl", "vm.swappiness", 0, 0},
	{"sysctl of the lowest address", "sysctl", "vm.mmap_min_addr", 0, C(SYS_RAWIO)},
	{"sysctl of the kernel", "sysctl", "kernel.printk", 0, C(SYS_ADMIN)},
	{"sysctl of ptrace", "sysctl", "kernel.yama.ptrace_scope", 0, C(SYS_PTRACE)},
	{"sysctl of users", "sysctl", "user.max_user_namespaces", C(SYS_RESOURCE),
         C(SYS_RESOURCE)},
	{"sysctl of files", "sysctl", "fs.file-max", 0, C(SYS_ADMIN)},
	{"sysctl of an unknown key", "sysctl", "vm.no_such_key",
         C(SYS_ADMIN) | C(SYS_RESOURCE) | C(MAC_ADMIN),
         C(SYS_ADMIN) | C(SYS_RESOURCE) | C(NET_ADMIN) | C(SYS_RAWIO) | C(SYS_PTRACE) |
                 C(SYS_MODULE) | C(SETPCAP) | C(MAC_ADMIN) | C(CHECKPOINT_RESTORE)},
	{"array", "array", "data", C(SYS_ADMIN) | C(SYS_CHROOT),
         C(SYS_ADMIN) | C(SYS_CHROOT) | C(MKNOD) | C(SYS_MODULE)},
	{"filesystem", "filesystem", "data", C(SYS_ADMIN) | C(SYS_CHROOT),
         C(SYS_ADMIN) | C(SYS_CHROOT)},
	{"mount", "mount", "/mnt/data", C(SYS_ADMIN), C(SYS_ADMIN) | C(SYS_CHROOT)},
	{"guard", "guard", "/mnt/data", C(SYS_ADMIN) | C(LINUX_IMMUTABLE),
         C(SYS_ADMIN) | C(LINUX_IMMUTABLE)},
	{"directory", "directory", "/mnt/data", 0, C(CHOWN) | C(FOWNER) | C(FSETID)},
	{"bind", "bind", "/var/lib/kubelet", C(SYS_ADMIN),
         C(SYS_ADMIN) | C(SYS_CHROOT) | C(CHOWN) | C(FOWNER) | C(FSETID) | C(MKNOD) |
                 C(SETFCAP) | C(SYS_RESOURCE)},
	{"queue", "queue", "data", C(SYS_ADMIN), C(SYS_ADMIN)},
	{"drive-health", "drive-health", "data", C(SYS_ADMIN), C(SYS_ADMIN)},
	{"nfsd-setup", "nfsd-setup", "nfsd", C(SYS_ADMIN) | C(SYS_PTRACE),
         C(SYS_ADMIN) | C(SYS_PTRACE) | C(NET_ADMIN) | C(NET_BIND_SERVICE) |
                 C(SYS_MODULE) | C(SYS_CHROOT)},
	{"nfsd", "nfsd", "nfsd", C(SYS_ADMIN) | C(SYS_PTRACE),
         C(SYS_ADMIN) | C(SYS_PTRACE) | C(NET_ADMIN) | C(NET_BIND_SERVICE) |
                 C(SYS_MODULE) | C(SYS_CHROOT)},
	{"link", "link", "primary", 0, C(NET_ADMIN)},
	{"channels", "channels", "primary", 0, C(NET_ADMIN)},
	{"rings", "rings", "primary", 0, C(NET_ADMIN)},
	{"coalesce", "coalesce", "primary", 0, C(NET_ADMIN)},
	{"features", "features", "primary", 0, C(NET_ADMIN)},
	{"qdisc", "qdisc", "primary", 0, C(NET_ADMIN)},
	{"rps", "rps", "primary", 0, C(NET_ADMIN)},
	{"xps", "xps", "primary", 0, C(NET_ADMIN)},
	{"rfs", "rfs", "primary", 0, C(NET_ADMIN)},
	{"thp", "thp", "memory", 0, C(SYS_ADMIN) | C(NET_ADMIN)},
	{"hugepages", "hugepages", "memory", 0, C(SYS_ADMIN) | C(NET_ADMIN)},
	{"ksm", "ksm", "memory", 0, C(SYS_ADMIN) | C(NET_ADMIN)},
	{"sysfs", "sysfs", "/sys/block/sda/device/timeout", 0,
         C(SYS_ADMIN) | C(NET_ADMIN)},
	{"setting", "setting", "kernel.lockdown", 0, 0},
};

static void test_kind_needs(void **state)
{
	const struct row *row = *state;
	const struct kind *kind = kinds_named(row->kind);

	assert_non_null(kind);
	assert_int_equal(kind->capabilities(row->name, false), row->observes);
	assert_int_equal(kind->capabilities(row->name, true), row->acts);
	/* any resource of the kind */
	assert_int_equal(kind->capabilities(NULL, false) & row->observes, row->observes);
	assert_int_equal(kind->capabilities(NULL, true) & row->acts, row->acts);
	assert_int_equal(capabilities_of_kinds(true) & row->acts, row->acts);
	assert_int_equal(capabilities_of_kinds(false) & row->observes, row->observes);
}

static void test_each_kind_declares(void **state)
{
	(void)state;
	for (const struct kind *const *k = kinds; *k; k++) {
		size_t n = 0;

		assert_non_null((*k)->capabilities);
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			n += strcmp(rows[i].kind, (*k)->name) == 0;
		assert_true(n > 0);
		/* acting includes observing; a check never acts */
		assert_int_equal((*k)->capabilities(NULL, false) &
		                         ~(*k)->capabilities(NULL, true),
		                 0);
		if ((*k)->flags & KIND_READ_ONLY)
			assert_int_equal((*k)->capabilities(NULL, true),
			                 (*k)->capabilities(NULL, false));
	}
	/* none of them loads firmware, sets the clock, or reboots */
	assert_int_equal(capabilities_of_kinds(true) &
	                         (C(SYS_BOOT) | C(SYS_TIME) | C(NET_RAW) | C(SYS_NICE) |
	                          C(SETUID) | C(SETGID) | C(KILL) | C(AUDIT_CONTROL)),
	                 0);
}

/* Only kinds with undo: storage is never undone, no module is unloaded. */
static void test_revert_needs(void **state)
{
	(void)state;
	assert_int_equal(capabilities_to_revert(),
	                 kinds_named("sysctl")->capabilities(NULL, true) |
	                         kinds_named("nfsd")->capabilities(NULL, true) |
	                         kinds_named("queue")->capabilities(NULL, true) |
	                         kinds_named("rings")->capabilities(NULL, true));
}

/* A plan of a module, a sysctl and a bind. */
static const struct plan_row {
	const char *title;
	enum state states[3];
	bool aside, excluded, acts;
	uint64_t needs;
} plan_rows[] = {
	{"an audit only observes",
         {STATE_DRIFT, STATE_DRIFT, STATE_DRIFT},
         .needs = C(SYS_ADMIN)},
	{"all is coming",
         {STATE_DRIFT, STATE_DRIFT, STATE_DRIFT},
         .acts = true,
         .needs = C(SYS_ADMIN) | C(SYS_CHROOT) | C(CHOWN) | C(FOWNER) | C(FSETID) |
                  C(MKNOD) | C(SETFCAP) | C(SYS_RESOURCE) | C(SYS_MODULE) | C(NET_ADMIN)},
	{"what is in sync is observed; a sysctl may be written again",
         {STATE_OK, STATE_OK, STATE_OK},
         .acts = true,
         .needs = C(SYS_ADMIN) | C(NET_ADMIN)},
	{"only the module",
         {STATE_DRIFT, STATE_OK, STATE_OK},
         .acts = true,
         .needs = C(SYS_ADMIN) | C(NET_ADMIN) | C(SYS_MODULE) | C(SYS_CHROOT)},
	{"what is set aside is no part",
         {STATE_SKIPPED, STATE_SKIPPED, STATE_SKIPPED},
         .aside = true,
         .acts = true,
         .needs = 0},
	{"what a condition excludes is no part",
         {STATE_DRIFT, STATE_DRIFT, STATE_DRIFT},
         .excluded = true,
         .acts = true,
         .needs = 0},
};

static void test_plan_needs(void **state)
{
	static const char *const names[][2] = {{"module", "nfsd"},
	                                       {"sysctl", "net.core.somaxconn"},
	                                       {"bind", "/var/lib/kubelet"}};
	const struct plan_row *row = *state;
	struct resource r[3] = {{0}}, *list[3];
	const struct plan p = {.resources = list, .n = 3};

	for (size_t i = 0; i < 3; i++) {
		r[i].kind = kinds_named(names[i][0]);
		r[i].name = (char *)(uintptr_t)names[i][1];
		r[i].run.change.state = row->states[i];
		r[i].run.aside = row->aside;
		r[i].spec.excluded = row->excluded;
		list[i] = &r[i];
	}
	assert_int_equal(plan_capabilities(&p, row->acts), row->needs);
}

/* --- the units of systemd -------------------------------------------------------------
 */

#define N(name)                       \
	{                             \
		"CAP_" #name, C(name) \
	}

static const struct {
	const char *name;
	uint64_t bit;
} names[] = {
	N(CHOWN),
	N(DAC_OVERRIDE),
	N(DAC_READ_SEARCH),
	N(FOWNER),
	N(FSETID),
	N(KILL),
	N(SETGID),
	N(SETUID),
	N(SETPCAP),
	N(LINUX_IMMUTABLE),
	N(NET_BIND_SERVICE),
	N(NET_BROADCAST),
	N(NET_ADMIN),
	N(NET_RAW),
	N(IPC_LOCK),
	N(IPC_OWNER),
	N(SYS_MODULE),
	N(SYS_RAWIO),
	N(SYS_CHROOT),
	N(SYS_PTRACE),
	N(SYS_PACCT),
	N(SYS_ADMIN),
	N(SYS_BOOT),
	N(SYS_NICE),
	N(SYS_RESOURCE),
	N(SYS_TIME),
	N(SYS_TTY_CONFIG),
	N(MKNOD),
	N(LEASE),
	N(AUDIT_WRITE),
	N(AUDIT_CONTROL),
	N(SETFCAP),
	N(MAC_OVERRIDE),
	N(MAC_ADMIN),
	N(SYSLOG),
	N(WAKE_ALARM),
	N(BLOCK_SUSPEND),
	N(AUDIT_READ),
	N(PERFMON),
	N(BPF),
	N(CHECKPOINT_RESTORE),
};

static uint64_t bit_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].bit;
	fail_msg("%s: no such capability", name);
	return 0;
}

/* The set of the line CapabilityBoundingSet= of a unit. */
static uint64_t bounding_set(const char *unit)
{
	static const char key[] = "CapabilityBoundingSet=";
	_free_ char *path = mem_format("packaging/systemd/%s", unit);
	FILE *in = fopen(path, "re");
	char line[2048] = "";
	uint64_t set = 0;

	assert_non_null(in);
	while (fgets(line, sizeof(line), in) && strncmp(line, key, strlen(key)) != 0)
		;
	(void)fclose(in);
	assert_int_equal(strncmp(line, key, strlen(key)), 0);
	line[strcspn(line, "\n")] = '\0';
	for (char *at = line + strlen(key), *word; (word = strsep(&at, " "));)
		set |= bit_named(word);
	return set;
}

static void assert_unit(const char *unit, uint64_t needs)
{
	_buf_ struct buf line = {0};

	if (bounding_set(unit) == needs)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (needs & names[i].bit)
			buf_join(&line, " ", names[i].name);
	fail_msg("%s needs CapabilityBoundingSet=%s", unit, line.text);
}

/* What a unit allows is what the command keeps at its start (cmd/power.c). */
static void test_units(void **state)
{
	const uint64_t always = CAPABILITIES_TO_READ | C(SETPCAP);

	(void)state;
	assert_unit("hosttune-apply.service", always | capabilities_of_kinds(true));
	/* it diagnoses, too */
	assert_unit("hosttune-watch.service", always | capabilities_of_kinds(true) |
	                                              C(SYS_PTRACE) | C(SYS_ADMIN) |
	                                              C(SYS_CHROOT) | C(NET_ADMIN));
	/* ProtectKernelLogs= takes CAP_SYSLOG away */
	assert_unit("hosttune-audit.service",
	            (always & ~C(SYSLOG)) | capabilities_of_kinds(false));
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_kind_needs);
	suite_test(&s, "each kind declares", test_each_kind_declares);
	suite_test(&s, "what a revert needs", test_revert_needs);
	suite_rows(&s, plan_rows, test_plan_needs);
	suite_test(&s, "the units of systemd", test_units);
	return suite_run(&s);
}
