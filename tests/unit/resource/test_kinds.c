/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What every kind guarantees, checked for the real list of kinds: an audit writes
 * nothing; an audit after an apply is empty; a second apply writes nothing; a step that
 * fails leaves the host unchanged; what is not named is not changed; each fault of a
 * profile has its place.
 *
 * Here on files, as far as files can show it. tests/vm/kinds.sh shows it of each kind on
 * a real kernel: none is exempt, and its table is read here.
 */
#include "base/mem.h"
#include "engine/apply.h"
#include "engine/plan.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

/* No node: formulas are only checked. */
static const struct facts no_facts = {.unknown = true};

#define SYS  "/proc/sys/"
#define NFSD "/proc/fs/nfsd/"
#define MM   "/sys/kernel/mm/"
#define THP  MM "transparent_hugepage/"

/* A captured host on which a profile can be applied, as far as files alone allow it. */
static const struct world {
	const char *name, *kind;
	const char *profile;     /* what follows "version: 1" */
	const char *files[8][2]; /* path and text */
	bool audit_only;         /* apply needs more than files */
	const char *refusing[4]; /* files whose write may fail, in the order of steps */
} worlds[] = {
	{.name = "sysctl",
         .kind = "sysctl",
         /* as long as the current value: captured files keep their length */
         .profile =
                 "sysctl:\n  vm.swappiness: 10\n  net.core.rmem_max: {min: 999999}\n"
                 "  net.ipv4.tcp_rmem: [4096, 131072, {min: 9999999}]\n  vm.laptop: 5\n",
         .files = {{SYS "vm/swappiness", "60\n"},
                   {SYS "net/core/rmem_max", "212992\n"},
                   {SYS "net/ipv4/tcp_rmem", "4096 131072 6291456\n"},
                   {SYS "vm/laptop", "5\n"},
                   {SYS "vm/other", "1\n"}},
         .refusing = {SYS "vm/swappiness", SYS "net/core/rmem_max",
                      SYS "net/ipv4/tcp_rmem"}},
	{.name = "link",
         .kind = "link",
         .profile = "network:\n  - {name: n, interfaces: {name: eth0}, mtu: 9001, "
                    "txqueuelen: {min: 5000}}\n"
                    "  - {name: o, interfaces: {name: eth1}, mtu: 1500}\n",
         .files = {{"/sys/class/net/eth0/mtu", "1500\n"},
                   {"/sys/class/net/eth0/tx_queue_len", "1000\n"},
                   {"/sys/class/net/eth1/mtu", "1500\n"},
                   {"/sys/class/net/eth1/tx_queue_len", "1000\n"}},
         .refusing = {"/sys/class/net/eth0/mtu", "/sys/class/net/eth0/tx_queue_len"}},
	{.name = "memory",
         .kind = "thp",
         .profile = "memory: {thp: madvise, thp-defrag: defer+madvise, thp-shmem: never, "
                    "hugepages: {2MiB: 512}, ksm: false}\nnfsd: {threads: 32}\n",
         /* files have no choices: a write replaces all that they show */
         .files = {{THP "enabled", "always\n"},
                   {THP "defrag", "defer+madvise\n"},
                   {THP "shmem_enabled", "force\n"},
                   {MM "hugepages/hugepages-2048kB/nr_hugepages", "512\n"},
                   {MM "ksm/run", "1\n"},
                   {NFSD "threads", "64\n"}},
         .refusing = {NFSD "threads"}},
	{.name = "sysfs",
         .kind = "sysfs",
         .profile = "sysfs: {/sys/a/one: 16, /sys/a/two: true, \"/sys/b/*/mask\": 0f}\n"
                    "nfsd: {threads: 32}\n",
         .files = {{"/sys/a/one", "32\n"},
                   {"/sys/a/two", "N\n"},
                   {"/sys/b/x/mask", "f0\n"},
                   {"/sys/b/y/mask", "0f\n"},
                   {"/sys/b/z/other", "1\n"},
                   {NFSD "threads", "64\n"}},
         .refusing = {NFSD "threads"}},
	{.name = "module",
         .kind = "module",
         .profile = "modules: [nfsd, tcp_bbr, unix, no-such]\n",
         .files = {{"/proc/modules", "nfsd 1 0 - Live 0x0\n"},
                   {"/lib/modules/6.12.0-test/modules.builtin", "kernel/net/unix.ko\n"},
                   {"/lib/modules/6.12.0-test/modules.dep", "kernel/net/tcp_bbr.ko:\n"}},
         .audit_only = true},
	{.name = "nfsd, running",
         .kind = "nfsd",
         .profile = "nfsd: {threads: 32}\n",
         .files = {{NFSD "threads", "64\n"}, {NFSD "versions", "+3 +4 +4.1 +4.2\n"}},
         .refusing = {NFSD "threads"}},
	{.name = "nfsd, stopped and to be started",
         .kind = "nfsd",
         .profile = "nfsd: {threads: 8, start: true}\n",
         .files = {{NFSD "threads", "0\n"}, {NFSD "versions", "+3 +4 +4.1 +4.2\n"}},
         .refusing = {NFSD "threads"}},
	{.name = "nfsd, set up and started",
         .kind = "nfsd-setup",
         .profile = "nfsd: {threads: 8, start: true, pool-mode: percpu, "
                    "max-block-size: 64KiB}\n",
         .files = {{NFSD "threads", "0\n"},
                   {NFSD "versions", "+3 +4 +4.1 +4.2\n"},
                   {NFSD "max_block_size", "1048576\n"},
                   {"/sys/module/sunrpc/parameters/pool_mode", "global\n"}},
         .refusing = {"/sys/module/sunrpc/parameters/pool_mode", NFSD "max_block_size",
                      NFSD "threads"}},
	{.name = "sysctl and nfsd",
         .kind = "nfsd",
         .profile = "nfsd: {threads: 32}\nsysctl: {vm.swappiness: 10, vm.a: 2}\n",
         .files = {{NFSD "threads", "64\n"},
                   {SYS "vm/swappiness", "60\n"},
                   {SYS "vm/a", "1\n"}},
         .refusing = {SYS "vm/swappiness", SYS "vm/a", NFSD "threads"}},
	{.name = "nothing there",
         .kind = "sysctl",
         .profile =
                 "sysctl: {vm.a: {value: 1, optional: true}}\nnfsd: {threads: 8}\n"
                 "modules: [x]\nstorage: [{name: s, label: s, mount: /mnt/s, required: "
                 "false}]\n",
         .files = {{"/proc/modules", ""}},
         .audit_only = true},
};

static struct profile profile;
static struct plan plan;

static void load(const char *text, struct diagnostics *diag)
{
	const char *name = keep_text(mem_format("%s/profile.yaml", tmproot.outside));

	tmproot_write("../outside/profile.yaml", text);
	profile_done(&profile);
	(void)profile_load(&profile, &name, 1, NULL, &no_facts, diag);
}

static void enter(const struct world *w)
{
	struct diagnostics *diag = new_diagnostics();

	for (size_t i = 0; i < ARRAY_SIZE(w->files) && w->files[i][0]; i++)
		tmproot_write(w->files[i][0], w->files[i][1]);
	load(keep_text(mem_format("version: 1\n%s", w->profile)), diag);
	assert_string_equal(diagnostics_text(diag), "");
}

static void audit(void)
{
	plan_init(&plan, &profile);
	plan_observe(&plan, &tmproot.host);
}

static int teardown(void **state)
{
	profile_done(&profile);
	return tmproot_teardown(state);
}

static void test_audit_writes_nothing(void **state)
{
	const char *before;

	enter(*state);
	before = tmproot_snapshot();
	audit();
	audit();
	assert_string_equal(tmproot_snapshot(), before);
}

static void test_apply(void **state)
{
	const char *after;

	enter(*state);
	audit();
	assert_true(plan.counts[STATE_DRIFT] > 0);
	assert_int_equal(plan_apply(&plan, &tmproot.host), 0);
	assert_true(plan.counts[STATE_CHANGED] > 0);
	assert_int_equal(plan.counts[STATE_CHANGED] + plan.counts[STATE_OK], plan.n);
	audit();
	assert_int_equal(plan.counts[STATE_OK], plan.n);
	after = tmproot_snapshot();
	assert_int_equal(plan_apply(&plan, &tmproot.host), 0);
	assert_int_equal(plan.counts[STATE_OK], plan.n);
	assert_string_equal(tmproot_snapshot(), after);
}

/* Each step in turn fails; the host is then as before, though it was written to. */
static void test_failing_step(void **state)
{
	const struct world *w = *state;

	for (size_t k = 0; k < ARRAY_SIZE(w->refusing) && w->refusing[k]; k++) {
		const char *before;

		enter(w);
		tmproot_protect(w->refusing[k]);
		before = tmproot_contents();
		audit();
		assert_int_equal(plan.counts[STATE_FAILED], 0);
		assert_int_equal(plan_apply(&plan, &tmproot.host), -1);
		assert_int_equal(plan.counts[STATE_FAILED], 1);
		assert_int_equal(plan.counts[STATE_CHANGED], 0);
		assert_string_equal(tmproot_contents(), before);
		tmproot_remove(w->refusing[k]);
		tmproot_remove(keep_text(mem_format("%s.real", w->refusing[k])));
	}
}

/* If a part of the plan cannot be applied, nothing is started. */
static void test_held_back(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	const char *before;

	(void)state;
	enter(&worlds[0]);
	load("version: 1\nsysctl: {vm.swappiness: 10, vm.no_such_key: 1}\n", diag);
	assert_int_equal(diag->n, 0);
	before = tmproot_snapshot();
	audit();
	assert_int_equal(plan_apply(&plan, &tmproot.host), -1);
	assert_string_equal(tmproot_snapshot(), before);
}

static void test_not_named(void **state)
{
	struct diagnostics *diag = new_diagnostics();
	const char *before;

	enter(*state);
	before = tmproot_snapshot();
	load("version: 1\nmodules: []\nsysctl: {}\nstorage: []\nsettings: {}\n", diag);
	assert_int_equal(diag->n, 0);
	audit();
	assert_int_equal(plan.n, 0);
	assert_int_equal(plan_apply(&plan, &tmproot.host), 0);
	assert_string_equal(tmproot_snapshot(), before);
}

/* --- faults of a profile, for every kind ----------------------------------------------
 */

static const struct bad {
	const char *name, *kind;
	const char *profile; /* follows "version: 1" */
	unsigned line, col;
} bads[] = {
	{"module", "module", "modules:\n  - nfsd\n  - 'a b'\n", 4, 5},
	{"sysctl, key", "sysctl", "sysctl:\n  ../../x: 1\n", 3, 3},
	{"sysctl, value", "sysctl", "sysctl:\n  vm.a: {min: x}\n", 3, 15},
	{"channels", "channels",
         "network:\n  - name: n\n    interfaces: {name: a}\n    channels: {rx: x}\n", 5,
         20},
	{"rings", "rings",
         "network:\n  - name: n\n    interfaces: {name: a}\n    rings: {rx: 0}\n", 5, 17},
	{"coalesce", "coalesce",
         "network:\n  - name: n\n    interfaces: {name: a}\n    coalesce: {rx: 1}\n", 5,
         16},
	{"link", "link", "network:\n  - name: n\n    interfaces: {name: a}\n    mtu: 1\n",
         5, 10},
	{"thp", "thp", "memory:\n  thp: sometimes\n", 3, 8},
	{"hugepages", "hugepages", "memory:\n  hugepages:\n    2MiB: many\n", 4, 11},
	{"ksm", "ksm", "memory:\n  ksm: 2\n", 3, 8},
	{"sysfs, path", "sysfs", "sysfs:\n  /sys/../etc/passwd: 1\n", 3, 3},
	{"sysfs, an action", "sysfs", "sysfs:\n  /sys/block/sda/device/delete: 1\n", 3,
         3},
	{"sysfs, value", "sysfs", "sysfs:\n  /sys/a: {min: x}\n", 3, 17},
	{"array", "array",
         "storage:\n  - name: s\n    label: -s\n    array: raid0\n    mount: /m\n", 4,
         12},
	{"file system", "filesystem",
         "storage:\n  - name: s\n    label: a label that is far too long for XFS\n"
         "    mount: /m\n",
         4, 12},
	{"file system, nested", "filesystem",
         "storage:\n  - name: s\n    label: s\n    mount: /m\n    disks: {count: many}\n",
         6, 20},
	{"mount", "mount",
         "storage:\n  - name: s\n    label: s\n    mount: /mnt/../etc\n", 5, 12},
	{"mount, options", "mount",
         "storage:\n  - name: s\n    label: s\n    mount: /m\n    options: [noatime, nonsense]\n",
         6, 24},
	{"directory", "directory",
         "storage:\n  - name: s\n    label: s\n    mount: /m\n    mode: 0788\n", 6, 11},
	{"guard", "guard",
         "storage:\n  - name: s\n    label: s\n    mount: /m\n    guard: maybe\n", 6, 12},
	{"guard, no mount", "guard",
         "storage:\n  - name: s\n    label: s\n    guard: true\n", 5, 12},
	{"bind", "bind",
         "storage:\n  - name: s\n    label: s\n    mount: /m\n    bind: [/a, b]\n", 6,
         16},
	{"bind, list", "bind",
         "storage:\n  - name: s\n    label: s\n    mount: /m\n    bind: {a: b}\n", 6, 11},
	{"queue", "queue",
         "storage:\n  - name: s\n    label: s\n    queue:\n      read-ahead: 5000\n", 6,
         19},
	{"drive-health", "drive-health",
         "storage:\n  - name: s\n    label: s\n    health: no\n", 5, 13},
	{"features", "features",
         "network:\n  - name: n\n    interfaces: {name: a}\n    features: {gro: 1}\n", 5,
         21},
	{"qdisc", "qdisc",
         "network:\n  - name: n\n    interfaces: {name: a}\n    qdisc: fqq\n", 5, 12},
	{"rps", "rps", "network:\n  - name: n\n    interfaces: {name: a}\n    rps: 1-\n",
         5, 10},
	{"xps", "xps", "network:\n  - name: n\n    interfaces: {name: a}\n    xps: on\n",
         5, 10},
	{"rfs", "rfs", "network:\n  - name: n\n    interfaces: {name: a}\n    rfs: 0\n",
         5, 10},
	{"nfsd", "nfsd", "nfsd:\n  threads: 0\n", 3, 12},
	{"nfsd, setup", "nfsd-setup", "nfsd:\n  threads: 8\n  versions: [5]\n", 4, 14},
	{"setting", "setting", "settings:\n  a:\n    b:\n", 4, 7},
};

static void test_bad(void **state)
{
	const struct bad *row = *state;
	struct diagnostics *diag = new_diagnostics();

	load(keep_text(mem_format("version: 1\n%s", row->profile)), diag);
	assert_true(diag->n > 0);
	for (size_t i = 0; i < diag->n; i++) {
		assert_part(diag->list[i].file, "profile.yaml");
		assert_int_equal(diag->list[i].line, row->line);
		assert_int_equal(diag->list[i].col, row->col);
		assert_true(*diag->list[i].text);
	}
}

/* --- the list itself ------------------------------------------------------------------
 */

/* "row KIND ROW FATE": a row of the table in tests/vm/kinds.sh, seen from the checkout.
 */
#define VM_TABLE "tests/vm/kinds.sh"
#define VM_ROWS  64

static size_t read_vm_rows(char kind[VM_ROWS][32])
{
	FILE *f = fopen(VM_TABLE, "re");
	char line[256];
	size_t n = 0;

	if (!f)
		fail_msg("%s: cannot be read: run this from the checkout", VM_TABLE);
	while (n < VM_ROWS && fgets(line, sizeof(line), f))
		n += sscanf(line, "row %31[a-z-]", kind[n]) == 1;
	(void)fclose(f);
	return n;
}

static bool has_vm_row(const char *kind)
{
	char rows[VM_ROWS][32];
	size_t n = read_vm_rows(rows);

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i], kind) == 0)
			return true;
	return false;
}

static bool has_bad(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(bads); i++)
		if (strcmp(bads[i].kind, kind) == 0)
			return true;
	return false;
}

/* A new kind must have a row in that table and a row above. */
static void test_no_kind_forgotten(void **state)
{
	(void)state;
	for (const struct kind *const *k = kinds; *k; k++)
		if (!has_vm_row((*k)->name) || !has_bad((*k)->name))
			fail_msg("kind %s has no row in %s", (*k)->name,
			         has_vm_row((*k)->name) ? "bads" : VM_TABLE);
}

/* A row of a kind that is gone, or misspelt, shows nothing. */
static void test_rows_name_kinds(void **state)
{
	char rows[VM_ROWS][32];
	size_t n = read_vm_rows(rows);

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (!kinds_named(rows[i]))
			fail_msg("%s: row of \"%s\", which is no kind", VM_TABLE,
			         rows[i]);
	for (size_t i = 0; i < ARRAY_SIZE(worlds); i++)
		assert_non_null(kinds_named(worlds[i].kind));
}

static void test_kinds_are_whole(void **state)
{
	(void)state;
	for (const struct kind *const *k = kinds; *k; k++) {
		const struct kind *kind = *k;

		assert_true(*kind->name && *kind->section);
		assert_true(kind->size >= sizeof(struct resource));
		assert_true(kind->parse && kind->observe && kind->diff);
		/* irreversible kinds and read-only checks have their flag */
		assert_int_equal(!kind->apply, !!(kind->flags & KIND_READ_ONLY));
		assert_int_equal(!kind->revert,
		                 !!(kind->flags & (KIND_IRREVERSIBLE | KIND_READ_ONLY)));
		/* a table where keys are read */
		if (kind->shape == SECTION_ITEMS || kind->shape == SECTION_OBJECT)
			assert_non_null(kind->fields);
		assert_string_equal(kinds_find(kind->section)->section, kind->section);
	}
	assert_null(kinds_find("version"));
	assert_null(kinds_find(""));
}

/* The kind in `after` is earlier in the list: the engine searches only there. */
static void test_order(void **state)
{
	(void)state;
	for (const struct kind *const *k = kinds; *k; k++) {
		bool before = !(*k)->after;

		for (const struct kind *const *other = kinds; *other != *k; other++) {
			before |= (*k)->after && strcmp((*other)->name, (*k)->after) == 0;
			assert_string_not_equal((*other)->name, (*k)->name);
		}
		assert_true(before);
	}
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, teardown);
	suite_rows(&s, worlds, test_audit_writes_nothing);
	for (size_t i = 0; i < ARRAY_SIZE(worlds); i++) {
		if (worlds[i].audit_only)
			continue;
		suite_some(&s, &worlds[i], 1, test_apply);
		suite_some(&s, &worlds[i], 1, test_failing_step);
	}
	suite_test(&s, "what cannot be applied stops everything", test_held_back);
	suite_rows(&s, worlds, test_not_named);
	suite_rows(&s, bads, test_bad);
	suite_test(&s, "no kind is forgotten", test_no_kind_forgotten);
	suite_test(&s, "rows name kinds", test_rows_name_kinds);
	suite_test(&s, "kinds are complete", test_kinds_are_whole);
	suite_test(&s, "order of kinds", test_order);
	return suite_run(&s);
}
