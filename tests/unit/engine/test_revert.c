/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The journal of an apply, and what a revert makes of it. */
#include "base/buf.h"
#include "base/mem.h"
#include "doc/json.h"
#include "doc/node.h"
#include "engine/apply.h"
#include "engine/journaling.h"
#include "engine/persist/apply.h"
#include "engine/persist/persist.h"
#include "engine/undo/revert.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "stub.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static struct profile profile;
static struct plan plan;
static struct persist persist;
static struct journaling journaling;
static const char *command; /* whose journal it is */
static char *dir;           /* of the journals, outside of the root */

static int setup(void **state)
{
	int r = tmproot_setup(state);

	command = "apply";
	dir = mem_format("%s/journal", tmproot.outside);
	tmproot_write(BOOT_ID, "boot-1\n");
	tmproot_write("/etc/machine-id", "machine-1\n");
	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	tmproot_write("/proc/sys/vm/page-cluster", "3\n");
	tmproot_write("/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/rp_filter", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/eth0/rp_filter", "1\n");
	tmproot_write("/proc/sys/net/ipv4/conf/lo/rp_filter", "2\n");
	return r;
}

static void forget_run(void)
{
	journaling_done(&journaling);
	persist_done(&persist);
	profile_done(&profile);
	profile = (struct profile){0};
}

static int teardown(void **state)
{
	forget_run();
	mem_set(&dir, NULL);
	stub_stop();
	return tmproot_teardown(state);
}

static void load(const char *text)
{
	_free_ char *path = mem_format("%s/p.yaml", tmproot.outside);
	const char *names[] = {path};
	struct diagnostics *diag = new_diagnostics();
	struct facts facts = {.unknown = true};

	forget_run();
	tmproot_write("../outside/p.yaml", text);
	(void)profile_load(&profile, names, 1, NULL, &facts, diag);
	assert_string_equal(diagnostics_text(diag), "");
	plan_init(&plan, &profile);
	journaling = (struct journaling){.command = command, .profile = "p", .dir = dir};
	plan.journal = &journaling;
	plan_observe(&plan, &tmproot.host);
	persist_observe(&persist, &plan, &profile, &tmproot.host);
}

/* Apply as the command does. Return: of plan_apply(). */
static int apply(const char *text)
{
	struct err e = {0};
	int r;

	load(text);
	r = plan_apply(&plan, &tmproot.host);
	if (r == 0)
		persist_apply(&persist, &plan, &tmproot.host);
	assert_int_equal(journaling_end(&journaling, persist.live, &tmproot.host, &e), 0);
	return r;
}

/* The journal with that id; 0: there must be none at all. */
static struct journal *journal_of(unsigned id)
{
	static struct journal j;
	_journal_store_ struct journal_store s = {.fd = -1};
	struct err e = {0};
	int r = journal_store_open(&s, &tmproot.host, dir, false, &e);

	journal_done(&j);
	if (id == 0) {
		unsigned *ids = NULL;
		size_t n = 0;

		if (r == 0)
			assert_int_equal(journal_store_list(&s, &ids, &n, &e), 0);
		free(ids);
		assert_int_equal(n, 0);
		return NULL;
	}
	assert_int_equal(r, 0);
	assert_int_equal(journal_store_load(&s, id, &j, &e), 0);
	return &j;
}

/* "vm.swappiness 60 10;" for each record. */
static const char *records(const struct journal *j)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < j->n; i++) {
		const struct journal_record *r = &j->records[i];
		_free_ char *previous = r->previous ? node_json_line(r->previous)
		                                    : mem_dup("-"),
			    *desired = r->desired ? node_json_line(r->desired)
		                                  : mem_dup("-"),
			    *instead =
				    r->instead ? node_json_line(r->instead) : mem_dup("");

		buf_addf(&b, "%s %s %s%s%s;", r->object, previous, desired,
		         *instead ? " " : "", instead);
	}
	return keep_text(buf_take(&b));
}

/* Revert the journal. Return: "vm.swappiness changed Restored: 10 -> 60;" for each. */
static const char *revert(const struct journal *j)
{
	struct revert v;
	struct err e = {0};
	_buf_ struct buf b = {0};

	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), 0);
	(void)revert_apply(&v);
	for (size_t i = 0; i < v.plan.n; i++) {
		const struct resource *r = v.plan.resources[i];

		buf_addf(&b, "%s %s %s: %s;\n", r->name, state_word(r->run.change.state),
		         reason_word(r->run.change.reason),
		         r->run.change.message ? r->run.change.message : "");
	}
	buf_add(&b, revert_is_complete(&v) ? "complete" : "not complete");
	revert_done(&v);
	return keep_text(buf_take(&b));
}

#define THREE                                                                       \
	"version: 1\npersist: false\nsysctl:\n  vm.swappiness: {max: 10}\n"         \
	"  vm.page-cluster: 3\n  net.ipv4.tcp_rmem: [4096, 131072, {min: 16MiB}]\n" \
	"  net.ipv4.conf.*.rp_filter: 2\n"

/* A bound and a pattern have the values that were written; what was in sync has none. */
static void test_apply_and_revert(void **state)
{
	const char *before = tmproot_contents();
	struct journal *j;

	(void)state;
	assert_int_equal(apply(THREE), 0);
	j = journal_of(1);
	assert_string_equal(j->boot, "boot-1");
	assert_string_equal(j->machine, "machine-1");
	assert_int_equal(j->state, JOURNAL_APPLIED);
	assert_string_equal(records(j), "vm.swappiness \"60\" \"10\";"
	                                "net.ipv4.tcp_rmem \"4096 131072 6291456\" "
	                                "\"4096 131072 16777216\";"
	                                "net.ipv4.conf.all.rp_filter \"0\" \"2\";"
	                                "net.ipv4.conf.eth0.rp_filter \"1\" \"2\";");
	assert_string_equal(
		revert(j),
		"net.ipv4.conf.eth0.rp_filter changed Restored: 2 -> 1;\n"
		"net.ipv4.conf.all.rp_filter changed Restored: 2 -> 0;\n"
		"net.ipv4.tcp_rmem changed Restored: 4096 131072 16777216 -> 4096 131072 "
		"6291456;\n"
		"vm.swappiness changed Restored: 10 -> 60;\n"
		"complete");
	tmproot_write("/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
	assert_string_equal(tmproot_contents(), before);
	/* once more: all is as before */
	assert_part(revert(j), "vm.swappiness ok : ;\ncomplete");
	assert_string_equal(tmproot_contents(), before);
}

/* A text gets back all of its blanks. */
static void test_text(void **state)
{
	static const char *const values[] = {" |/bin/dump  %p  x \n", "core\n"};
	const struct journal *j;

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
		tmproot_write("/proc/sys/kernel/core_pattern", values[i]);
		/* no shorter: captured files keep their length */
		assert_int_equal(apply("version: 1\npersist: false\nsysctl: "
		                       "{kernel.core_pattern: core.%e.of.%p.at.%t}\n"),
		                 0);
		j = journal_of(i + 1);
		assert_string_equal(tmproot_read("/proc/sys/kernel/core_pattern"),
		                    "core.%e.of.%p.at.%t\n");
		assert_part(revert(j), "complete");
		assert_string_equal(tmproot_read("/proc/sys/kernel/core_pattern"),
		                    values[i]);
	}
}

static void test_text_with_tab(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/kernel/core_pattern", "\ta\t b\n");
	assert_int_equal(apply("version: 1\npersist: false\nsysctl: "
	                       "{kernel.core_pattern: core.%e}\n"),
	                 0);
	assert_part(revert(journal_of(1)), "complete");
	assert_string_equal(tmproot_read("/proc/sys/kernel/core_pattern"), "a b\n");
}

/* A run that changes nothing, or whose changes were rolled back, leaves no journal. */
static void test_nothing(void **state)
{
	(void)state;
	assert_int_equal(
		apply("version: 1\npersist: false\nsysctl: {vm.swappiness: 60}\n"), 0);
	assert_int_equal(access(dir, F_OK), -1);
	tmproot_protect("/proc/sys/vm/page-cluster");
	assert_int_equal(apply("version: 1\npersist: false\nsysctl: {vm.swappiness: 10, "
	                       "vm.page-cluster: 0}\n"),
	                 -1);
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	(void)journal_of(0);
}

/* Without a journal, nothing is written: the directory is a file. */
static void test_cannot_write(void **state)
{
	(void)state;
	tmproot_write("../outside/journal", "");
	load(THREE);
	assert_int_equal(plan_apply(&plan, &tmproot.host), -1);
	assert_string_equal(reason_word(plan.resources[0]->run.change.reason),
	                    "NotJournaled");
	assert_string_equal(reason_word(plan.resources[2]->run.change.reason),
	                    "NotAttempted");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	/* on-failure: continue does not change that */
	load("version: 1\non-failure: continue\npersist: false\n"
	     "sysctl: {vm.swappiness: 10, vm.page-cluster: 0}\n");
	(void)plan_apply(&plan, &tmproot.host);
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	assert_string_equal(tmproot_read("/proc/sys/vm/page-cluster"), "3\n");
}

/* The run died: all is in the journal, some was written. */
static void test_interrupted(void **state)
{
	struct err e = {0};
	struct journal *j;

	(void)state;
	load(THREE);
	assert_int_equal(journaling_plan(&journaling, &plan, &tmproot.host, &e), 0);
	j = journal_of(1);
	assert_int_equal(j->state, JOURNAL_APPLYING);
	assert_int_equal(j->n, 4);
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_part(revert(j), "net.ipv4.conf.all.rp_filter ok : ;\n"
	                       "net.ipv4.tcp_rmem ok : ;\n"
	                       "vm.swappiness changed Restored: 10 -> 60;\ncomplete");
}

static void test_changed_since(void **state)
{
	struct journal *j;

	(void)state;
	assert_int_equal(apply(THREE), 0);
	tmproot_write("/proc/sys/vm/swappiness", "30\n");
	tmproot_remove("/proc/sys/net/ipv4/conf/eth0/rp_filter");
	j = journal_of(1);
	assert_string_equal(
		revert(j),
		"net.ipv4.conf.eth0.rp_filter skipped ChangedSince: does not exist any "
		"more;\n"
		"net.ipv4.conf.all.rp_filter changed Restored: 2 -> 0;\n"
		"net.ipv4.tcp_rmem changed Restored: 4096 131072 16777216 -> 4096 131072 "
		"6291456;\n"
		"vm.swappiness skipped ChangedSince: is 30: hosttune set 10, and it was 60 "
		"before;\n"
		"complete");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "30\n");
}

/* Two applies are undone one after the other. */
static void test_two(void **state)
{
	(void)state;
	assert_int_equal(
		apply("version: 1\npersist: false\nsysctl: {vm.swappiness: 10}\n"), 0);
	assert_int_equal(
		apply("version: 1\npersist: false\nsysctl: {vm.swappiness: 20}\n"), 0);
	assert_part(revert(journal_of(2)), "vm.swappiness changed Restored: 20 -> 10;");
	assert_part(revert(journal_of(1)), "vm.swappiness changed Restored: 10 -> 60;");
}

/* Values of the running kernel do not outlive a reboot, and another machine has its own.
 */
static void test_other_boot(void **state)
{
	struct journal *j;
	struct revert v;
	struct err e = {0};

	(void)state;
	assert_int_equal(apply(THREE), 0);
	j = journal_of(1);
	tmproot_write(BOOT_ID, "boot-2\n");
	assert_part(revert(j),
	            "vm.swappiness skipped OtherBoot: was set to 10 before the "
	            "last reboot, which undid it;\ncomplete");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
	tmproot_write("/etc/machine-id", "machine-2\n");
	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), -EXDEV);
	assert_part(e.text, "is of another machine");
	revert_done(&v);
	/* unknown is not the same */
	tmproot_remove("/etc/machine-id");
	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), -EXDEV);
	assert_part(e.text, "the machine id of this host is unknown");
	revert_done(&v);
}

/* A running host whose boot id cannot be read: nobody knows what a reboot has undone. */
static void test_unknown_boot(void **state)
{
	(void)state;
	tmproot_remove(BOOT_ID);
	assert_int_equal(apply(THREE), 0);
	tmproot.host.live = true;
	assert_part(revert(journal_of(1)), "vm.swappiness skipped OtherBoot");
	tmproot.host.live = false;
	assert_part(revert(journal_of(1)), "vm.swappiness changed Restored");
}

/* A value that cannot be written fails; the others are restored, and it can be repeated.
 */
static void test_fails(void **state)
{
	struct journal *j;

	(void)state;
	assert_int_equal(apply(THREE), 0);
	j = journal_of(1);
	tmproot_protect("/proc/sys/net/ipv4/tcp_rmem");
	assert_part(revert(j), "net.ipv4.tcp_rmem failed RefusedByKernel");
	assert_part(revert(j), "not complete");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
}

/* --- settings ------------------------------------------------------------------------
 */

static void start_stub(void)
{
	_free_ char *file = mem_format("%s/settings.json", tmproot.outside);
	const char *options[] = {"--settings", file, NULL};

	tmproot_write("../outside/settings.json",
	              "{\"motd\":\"old\",\"kernel\":{\"sysctl\":{\"vm.page-cluster\":"
	              "\"3\"}}}");
	stub_start(options);
}

#define SETTINGS                                                           \
	"version: 1\nsysctl:\n  vm.swappiness: 10\n  vm.page-cluster: 0\n" \
	"settings:\n  motd: new\n  ntp: {time-servers: [10.0.0.1]}\n"

/* Set back where they can be; what the API cannot unset is named. */
static void test_settings(void **state)
{
	struct journal *j;
	const char *said;

	(void)state;
	start_stub();
	assert_int_equal(apply(SETTINGS), 0);
	j = journal_of(1);
	assert_part(records(j),
	            "settings.kernel.sysctl.\"vm.swappiness\" - \"10\" \"60\";");
	assert_part(records(j),
	            "settings.kernel.sysctl.\"vm.page-cluster\" \"3\" \"0\";");
	assert_part(records(j), "settings.motd \"old\" \"new\";");
	assert_part(records(j), "settings.ntp.time-servers - [\"10.0.0.1\"];");
	/* a reboot changes nothing of that */
	tmproot_write(BOOT_ID, "boot-2\n");
	said = revert(j);
	assert_part(said, "settings.motd changed Restored: new -> old;");
	assert_part(said,
	            "settings.kernel.sysctl.\"vm.page-cluster\" changed Restored: 0 "
	            "-> 3;");
	assert_part(said,
	            "settings.kernel.sysctl.\"vm.swappiness\" changed CannotUnset: 10 "
	            "-> 60; the API cannot unset it: 60 has the same effect;");
	assert_part(said,
	            "settings.ntp.time-servers skipped CannotUnset: remains "
	            "[\"10.0.0.1\"]: it was not set before, and the API cannot unset "
	            "a setting;");
	assert_part(said, "\ncomplete");
	assert_part(revert(j), "settings.motd ok : ;");
}

/* Without the API, the rest is restored, and the journal is not done. */
static void test_no_api(void **state)
{
	struct journal *j;
	char *socket;

	(void)state;
	start_stub();
	assert_int_equal(apply(SETTINGS), 0);
	j = journal_of(1);
	socket = TAKE_PTR(tmproot.host.api_socket);
	assert_part(revert(j), "settings.motd skipped ApiUnused");
	assert_part(revert(j), "not complete");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	tmproot.host.api_socket = socket;
	assert_part(revert(j), "settings.motd changed Restored: new -> old;");
}

/* A watch keeps one journal, without what is gone: pods come and go. */
static void test_watch(void **state)
{
	const char *text = "version: 1\npersist: false\nsysctl:\n"
			   "  net.ipv4.conf.*.rp_filter: 2\n";

	(void)state;
	command = "watch";
	assert_int_equal(apply(text), 0);
	assert_string_equal(records(journal_of(1)),
	                    "net.ipv4.conf.all.rp_filter \"0\" \"2\";"
	                    "net.ipv4.conf.eth0.rp_filter \"1\" \"2\";");
	tmproot_remove("/proc/sys/net/ipv4/conf/eth0/rp_filter");
	tmproot_write("/proc/sys/net/ipv4/conf/lo/rp_filter", "1\n");
	assert_int_equal(apply(text), 0);
	assert_string_equal(records(journal_of(1)),
	                    "net.ipv4.conf.all.rp_filter \"0\" \"2\";"
	                    "net.ipv4.conf.lo.rp_filter \"1\" \"2\";");
}

/* What the API refused is not done, and the report says whose fault it is. */
static void test_api_refuses(void **state)
{
	_free_ char *file = mem_format("%s/settings.json", tmproot.outside);
	const char *refuses[] = {"--settings", file, "--fault",
	                         "PATCH /settings=status:400:no", NULL};
	struct revert v;
	struct err e = {0};
	struct journal *j;

	(void)state;
	start_stub();
	assert_int_equal(apply(SETTINGS), 0);
	j = journal_of(1);
	stub_stop();
	tmproot_write("../outside/settings.json", "{\"motd\":\"new\"}");
	stub_start(refuses);
	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), 0);
	assert_false(revert_apply(&v));
	assert_int_equal(v.persist.state, PERSIST_REFUSED);
	assert_non_null(plan_find(&v.plan, STATE_FAILED, REASON_API_REFUSED));
	assert_false(revert_is_complete(&v));
	revert_done(&v);
}

/* --- several journals ----------------------------------------------------------------
 */

/* With the other journals in view, mark it, and return what it says. */
static const char *revert_among(unsigned id)
{
	_journal_store_ struct journal_store s = {.fd = -1};
	_journal_ struct journal j = {0};
	_buf_ struct buf b = {0};
	struct err e = {0};
	struct revert v;

	assert_int_equal(journal_store_open(&s, &tmproot.host, dir, false, &e), 0);
	assert_int_equal(journal_store_load(&s, id, &j, &e), 0);
	assert_int_equal(revert_observe(&v, &j, &s, &tmproot.host, &e), 0);
	(void)revert_apply(&v);
	for (size_t i = 0; i < v.plan.n; i++)
		buf_addf(&b, "%s: %s;\n", v.plan.resources[i]->name,
		         v.plan.resources[i]->run.change.message
		                 ? v.plan.resources[i]->run.change.message
		                 : "as before");
	assert_int_equal(revert_mark(&v, &s, &j, &e), 0);
	buf_add(&b, journal_state_word(j.state));
	revert_done(&v);
	return keep_text(buf_take(&b));
}

#define SWAPPINESS(n) "version: 1\npersist: false\nsysctl:\n  vm.swappiness: " #n "\n"

/*
 * Out of order: what a later run changed again waits for that one, even where it has the
 * value of the older run, or the one before both. In the end all is as it was.
 */
static void test_older_first(void **state)
{
	static const char *const middle[] = {SWAPPINESS(20), SWAPPINESS(60)};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(middle); i++) {
		unsigned first = (unsigned)i * 3 + 1;
		_free_ char *waits = NULL;

		assert_int_equal(apply(SWAPPINESS(10) "  vm.page-cluster: 0\n"), 0);
		assert_int_equal(apply(middle[i]), 0);
		assert_int_equal(apply(SWAPPINESS(10)), 0);
		waits = mem_format("vm.page-cluster: 0 -> 3;\n"
		                   "vm.swappiness: is 10: journal %u changed it again, "
		                   "and is not reverted;\napplied",
		                   first + 2);
		assert_string_equal(revert_among(first), waits);
		assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
		assert_part(revert_among(first + 2), "reverted");
		assert_part(revert_among(first), "journal");
		assert_part(revert_among(first + 1), "reverted");
		assert_part(revert_among(first), "reverted");
		assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
		assert_string_equal(tmproot_read("/proc/sys/vm/page-cluster"), "3\n");
	}
}

/* A reboot undid what the later run did, and so that one has nothing to restore. */
static void test_later_boot(void **state)
{
	(void)state;
	assert_int_equal(apply(SWAPPINESS(10)), 0);
	tmproot_write(BOOT_ID, "boot-2\n");
	assert_int_equal(apply(SWAPPINESS(20)), 0);
	tmproot_write(BOOT_ID, "boot-1\n");
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_string_equal(revert_among(1), "vm.swappiness: 10 -> 60;\nreverted");
}

/* --- hostile journals ----------------------------------------------------------------
 */

static const struct hostile {
	const char *name, *kind, *object, *value, *says;
	bool stored;
} hostile[] = {
	{"above", "sysctl", "kernel.../../../etc/passwd", "x", "failed NotReadable",
         false},
	{"absolute", "sysctl", "/etc/passwd", "x", "failed NotReadable", false},
	{"pattern", "sysctl", "vm.*", "x", "failed NotReadable", false},
	{"action", "sysctl", "vm.drop_caches", "3", "failed NotReadable", false},
	{"queue above", "queue", "../../etc scheduler", "x", "failed NotReadable", false},
	{"queue other", "queue", "nvme0n1 uevent", "x", "failed NotReadable", false},
	{"sysfs, an action", "sysfs", "/sys/block/sda/device/delete", "1",
         "failed NotReadable", false},
	{"sysfs above", "sysfs", "/sys/../etc/passwd", "1", "failed NotReadable", false},
	{"sysfs, a pattern", "thp", "/sys/kernel/mm/*", "1", "failed NotReadable", false},
	{"rings above", "rings", "../../etc rings rx", "1", "failed NotReadable", false},
	{"link other", "link", "lo link address", "x", "failed NotReadable", false},
	{"nfsd other", "nfsd", "portlist", "x", "failed NotReadable", false},
	{"kind", "shell", "rm -rf /", "x", "failed Failed", false},
	{"storage", "filesystem", "data", "x", "skipped Remains", false},
	{"no setting", "setting", "motd", "x", "failed NotReadable", true},
	{"empty segment", "setting", "settings..a", "x", "failed NotReadable", true},
};

/* Whoever wrote it: what is no object of a kind is not read, nor written. */
static void test_hostile(void **state)
{
	const struct hostile *h = *state;
	struct journal_record r = {.kind = mem_dup(h->kind),
	                           .object = mem_dup(h->object),
	                           .stored = h->stored,
	                           .previous = node_new_text(h->value),
	                           .desired = node_new_text("y")};
	_journal_ struct journal j = {.boot = mem_dup("boot-1"),
	                              .machine = mem_dup("machine-1"),
	                              .command = mem_dup("apply"),
	                              .profile = mem_dup("p")};
	const char *before;

	tmproot_write("/etc/passwd", "y\n");
	tmproot_write("/proc/sys/vm/drop_caches", "y\n");
	tmproot_write("/sys/block/nvme0n1/uevent", "y\n");
	before = tmproot_snapshot();
	(void)journal_add(&j, &r);
	assert_part(revert(&j), h->says);
	assert_string_equal(tmproot_snapshot(), before);
}

/* What the kernel changes with a key, the profile need not name. */
static void test_sets_others(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/net/ipv4/ip_forward", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/forwarding", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/eth0.1/forwarding", "1\n");
	tmproot_write("/proc/sys/net/ipv4/conf/lo/forwarding", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/accept_redirects", "0\n");
	assert_int_equal(
		apply("version: 1\npersist: false\nsysctl: {net.ipv4.ip_forward: 1}\n"),
		0);
	assert_string_equal(records(journal_of(1)),
	                    "net.ipv4.conf.eth0/1.forwarding \"1\" \"1\";"
	                    "net.ipv4.conf.all.accept_redirects \"0\" \"0\";"
	                    "net.ipv4.ip_forward \"0\" \"1\";");
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(setup, teardown);
	suite_test(&s, "test_apply_and_revert", test_apply_and_revert);
	suite_test(&s, "test_text", test_text);
	suite_test(&s, "test_text_with_tab", test_text_with_tab);
	suite_test(&s, "test_nothing", test_nothing);
	suite_test(&s, "test_cannot_write", test_cannot_write);
	suite_test(&s, "test_interrupted", test_interrupted);
	suite_test(&s, "test_changed_since", test_changed_since);
	suite_test(&s, "test_two", test_two);
	suite_test(&s, "test_other_boot", test_other_boot);
	suite_test(&s, "test_unknown_boot", test_unknown_boot);
	suite_test(&s, "test_fails", test_fails);
	suite_test(&s, "test_settings", test_settings);
	suite_test(&s, "test_no_api", test_no_api);
	suite_test(&s, "test_watch", test_watch);
	suite_test(&s, "test_api_refuses", test_api_refuses);
	suite_test(&s, "test_sets_others", test_sets_others);
	suite_test(&s, "test_older_first", test_older_first);
	suite_test(&s, "test_later_boot", test_later_boot);
	suite_rows(&s, hostile, test_hostile);
	return suite_run(&s);
}
