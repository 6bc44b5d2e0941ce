/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Persistence on a host without the API: what is stored, refused, undone. */
#include "base/buf.h"
#include "base/mem.h"
#include "engine/apply.h"
#include "engine/journaling.h"
#include "engine/persist/apply.h"
#include "engine/persist/files.h"
#include "engine/persist/persist.h"
#include "engine/undo/revert.h"
#include "engine/undo/unpersist.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "stored/stored.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYSCTL_FILE  "/etc/sysctl.d/90-hosttune-p.conf"
#define MODULES_FILE "/etc/modules-load.d/hosttune-p.conf"
#define PROFILE_FILE "/etc/hosttune/boot/p.yaml"
#define UNIT_FILE    "/etc/systemd/system/hosttune-boot-p.service"
#define LINK         "/etc/systemd/system/multi-user.target.wants/hosttune-boot-p.service"
#define ONE          "version: 1\nsysctl: {vm.swappiness: 10}\n"
#define BY_UNIT \
	"version: 1\nsysctl:\n  vm.swappiness: 10\n  net.ipv4.conf.*.rp_filter: 2\n"

static struct profile profile;
static struct plan plan;
static struct persist persist;
static struct journaling journaling;
static char *dir;

static int setup(void **state)
{
	int r = tmproot_setup(state);

	dir = mem_format("%s/journal", tmproot.outside);
	tmproot.host.live = true;
	tmproot.host.no_api = "--no-api";
	tmproot_write("/proc/sys/kernel/random/boot_id", "boot-1\n");
	tmproot_write("/etc/machine-id", "machine-1\n");
	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	tmproot_write("/proc/sys/vm/page-cluster", "3\n");
	tmproot_write("/proc/sys/vm/dirty_bytes", "1048576\n");
	tmproot_write("/proc/sys/vm/dirty_ratio", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/rp_filter", "0\n");
	tmproot_write("/proc/sys/net/ipv4/conf/eth0/rp_filter", "0\n");
	tmproot_write("/proc/modules", "loop 1 0 - Live 0x0\n");
	tmproot_dir("/run/systemd/system");
	tmproot_dir("/etc/sysctl.d");
	tmproot_dir("/etc/systemd/system/multi-user.target.wants");
	tmproot_dir("/etc/modules-load.d");
	return r;
}

static void remove_dir(const char *path)
{
	_free_ char *full = mem_format("%s%s", tmproot.path, path);

	assert_return_code(rmdir(full), errno);
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
	return tmproot_teardown(state);
}

/* Audit the profile p.yaml. */
static void audit(const char *text)
{
	_free_ char *path = mem_format("%s/p.yaml", tmproot.outside);
	const char *names[] = {path};
	struct diagnostics *diag = new_diagnostics();
	struct facts facts = {.unknown = true};

	forget_run();
	tmproot_write("../outside/p.yaml", text);
	(void)profile_load(&profile, names, 1, NULL, &facts, diag);
	assert_int_equal(diag_count_errors(diag), 0);
	plan_init(&plan, &profile);
	journaling = (struct journaling){.command = "apply", .profile = "p", .dir = dir};
	plan.journal = &journaling;
	plan_observe(&plan, &tmproot.host);
	persist_observe(&persist, &plan, &profile, &tmproot.host);
}

/* "drift NotPersisted: not in ...;" for each resource that is not in sync. */
static const char *reported(void)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < plan.n; i++) {
		const struct change *c = &plan.resources[i]->run.change;

		if (c->state != STATE_OK)
			buf_addf(&b, "%s %s: %s;", state_word(c->state),
			         reason_word(c->reason), c->message);
	}
	return keep_text(b.len ? buf_take(&b) : mem_dup(""));
}

static const char *audited(const char *text)
{
	audit(text);
	return reported();
}

static const char *applied(const char *text)
{
	struct err e = {0};

	audit(text);
	if (plan_apply(&plan, &tmproot.host) == 0)
		persist_apply(&persist, &plan, &tmproot.host);
	assert_int_equal(journaling_end(&journaling, persist.live, &tmproot.host, &e), 0);
	return reported();
}

/* What a file has after the lines of its head. */
static const char *body(const char *path)
{
	const char *text = tmproot_read(path);

	return strcmp(text, "(none)") == 0 ? text : owned_body(text);
}

/* Revert a journal. Return: "/etc/x changed Restored;" for each. */
static const char *undo(const struct journal *j)
{
	struct revert v;
	struct err e = {0};
	_buf_ struct buf b = {0};

	assert_int_equal(revert_observe(&v, j, NULL, &tmproot.host, &e), 0);
	(void)revert_apply(&v);
	for (size_t i = 0; i < v.plan.n; i++) {
		const struct resource *r = v.plan.resources[i];

		buf_addf(&b, "%s %s %s;", r->name, state_word(r->run.change.state),
		         reason_word(r->run.change.reason));
	}
	revert_done(&v);
	return keep_text(b.len ? buf_take(&b) : mem_dup(""));
}

static const char *reverted(unsigned id)
{
	_journal_store_ struct journal_store s = {.fd = -1};
	_journal_ struct journal j = {0};
	struct err e = {0};

	assert_int_equal(journal_store_open(&s, &tmproot.host, dir, false, &e), 0);
	assert_int_equal(journal_store_load(&s, id, &j, &e), 0);
	return undo(&j);
}

static const char *unpersisted(void)
{
	_journal_ struct journal j = {0};
	struct err e = {0};

	assert_int_equal(unpersist_list(&j, &tmproot.host, NULL, 0, &e), 0);
	return undo(&j);
}

/* --- sysctls and modules -------------------------------------------------------------
 */

static void test_stored(void **state)
{
	const char *before;

	(void)state;
	assert_string_equal(audited(ONE), "drift LiveDiffers: is 60, should be 10;");
	assert_string_equal(applied(ONE), "changed Applied: 60 -> 10;");
	assert_string_equal(body(SYSCTL_FILE), "vm.swappiness = 10\n");
	before = tmproot_snapshot();
	assert_string_equal(audited(ONE), "");
	assert_string_equal(plan.resources[0]->seen.persisted, "10");
	assert_string_equal(applied(ONE), "");
	assert_string_equal(tmproot_snapshot(), before);
}

/* An audit alone is quiet, unless the profile asks for persistence. */
static void test_asked(void **state)
{
	const char *live = "version: 1\nsysctl: {vm.page-cluster: 3}\n";
	const char *asks = "version: 1\npersist: true\nsysctl: {vm.page-cluster: 3}\n";
	const char *never = "version: 1\npersist: false\nsysctl: {vm.page-cluster: 3}\n";
	const char *own = "version: 1\nsysctl: {vm.page-cluster: {value: 3, persist: "
			  "false}}\n";

	(void)state;
	assert_string_equal(audited(live), "");
	assert_string_equal(audited(asks), "drift NotPersisted: not in " SYSCTL_FILE
	                                   ": lost at the next boot;");
	assert_string_equal(applied(never), "");
	assert_string_equal(applied(own), "");
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
	assert_string_equal(applied(asks), "changed Applied: stored in " SYSCTL_FILE ";");
	assert_string_equal(audited(asks), "");
	/* from then on, it is asked for */
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_string_equal(
		audited("version: 1\nsysctl: {vm.page-cluster: 3, vm.swappiness: 10}\n"),
		"drift NotPersisted: not in " SYSCTL_FILE ": lost at the next boot;");
	tmproot_write("/proc/sys/vm/page-cluster", "5\n");
	assert_string_equal(audited("version: 1\nsysctl: {vm.page-cluster: 5}\n"),
	                    "drift PersistedDiffers: " SYSCTL_FILE " holds 3;");
}

static void test_modules(void **state)
{
	(void)state;
	assert_string_equal(applied("version: 1\nmodules: [loop]\n"),
	                    "changed Applied: stored in " MODULES_FILE ";");
	assert_string_equal(body(MODULES_FILE), "loop\n");
	assert_string_equal(applied(ONE), "changed Applied: 60 -> 10;");
	/* what the profile does not name any more goes */
	assert_string_equal(tmproot_read(MODULES_FILE), "(none)");
}

/* --- files of others -----------------------------------------------------------------
 */

static void test_edited(void **state)
{
	const char *before;

	(void)state;
	(void)applied(ONE);
	tmproot_write(SYSCTL_FILE, keep_text(mem_format("%svm.swappiness = 3\n",
	                                                tmproot_read(SYSCTL_FILE))));
	before = tmproot_contents();
	assert_string_equal(
		applied(ONE),
		"refused FileEdited: " SYSCTL_FILE
		" was edited since hosttune wrote it: it is not overwritten;");
	assert_string_equal(unpersisted(), SYSCTL_FILE " skipped ChangedSince;");
	assert_string_equal(reverted(1), SYSCTL_FILE
	                    " skipped ChangedSince;vm.swappiness changed Restored;");
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	assert_string_equal(tmproot_contents(), before);
}

static void make_file(void)
{
	tmproot_write(SYSCTL_FILE, "vm.swappiness = 5\n");
}

static void make_link(void)
{
	tmproot_write("/etc/other", "vm.swappiness = 5\n");
	tmproot_link(SYSCTL_FILE, "../other");
}

static void make_dir(void)
{
	tmproot_dir(SYSCTL_FILE);
}

static const struct foreign {
	const char *name;
	void (*make)(void);
} foreigns[] = {{"a file", make_file}, {"a link", make_link}, {"a directory", make_dir}};

static void test_foreign(void **state)
{
	const struct foreign *row = *state;
	const char *before;

	row->make();
	before = tmproot_contents();
	assert_string_equal(applied(ONE),
	                    "refused FileForeign: " SYSCTL_FILE
	                    " was not written by hosttune: it is not overwritten;");
	assert_string_equal(unpersisted(), SYSCTL_FILE " skipped ChangedSince;");
	assert_string_equal(tmproot_contents(), before);
}

/* Which file wins at boot. */
static const struct winner {
	const char *name, *path, *text, *reported;
} winners[] = {
	{"a later file", "/etc/sysctl.d/99-x.conf", "\nvm.swappiness=5",
         "drift PersistedOverridden: /etc/sysctl.d/99-x.conf:2 sets 5 at each boot, "
         "after " SYSCTL_FILE ";"},
	{"a later file of the vendor", "/usr/lib/sysctl.d/95-x.conf", "vm/swappiness=5",
         "drift PersistedOverridden: /usr/lib/sysctl.d/95-x.conf:1 sets 5 at each boot, "
         "after " SYSCTL_FILE ";"},
	{"an earlier file", "/usr/lib/sysctl.d/50-x.conf", "vm.swappiness=5", ""},
	{"a later file with the same value", "/etc/sysctl.d/99-x.conf",
         "vm.swappiness = 10", ""},
	{"a file that systemd does not read", "/etc/sysctl.conf", "vm.swappiness = 5",
         ""},
	{"a line that excludes the key", "/etc/sysctl.d/99-x.conf", "-vm.swappiness",
         "drift PersistedOverridden: /etc/sysctl.d/99-x.conf:1 excludes the key: no boot "
         "sets it, nor does " SYSCTL_FILE ";"},
	{"a line whose failure is ignored", "/etc/sysctl.d/99-x.conf", "-vm.swappiness=5",
         "drift PersistedOverridden: /etc/sysctl.d/99-x.conf:1 sets 5 at each boot, after " SYSCTL_FILE
         ";"},
	{"a pattern", "/etc/sysctl.d/99-x.conf", "vm.swapp* = 5", ""},
};

static void test_winner(void **state)
{
	const struct winner *row = *state;

	(void)applied(ONE);
	tmproot_write(row->path, row->text);
	assert_string_equal(audited(ONE), row->reported);
	assert_string_equal(applied(ONE), row->reported);
}

/* A key that excludes ours, set after it. */
static void test_excluded(void **state)
{
	const char *bytes = "version: 1\nsysctl: {vm.dirty_bytes: 1048576}\n";

	(void)state;
	(void)applied(bytes);
	tmproot_write("/etc/sysctl.d/10-x.conf", "vm.dirty_ratio = 20\n");
	assert_string_equal(audited(bytes), "");
	tmproot_write("/etc/sysctl.d/91-x.conf", "vm.dirty_ratio = 20\n");
	assert_string_equal(
		audited(bytes),
		"drift PersistedOverridden: /etc/sysctl.d/91-x.conf:1 sets 20 at "
		"each boot, after " SYSCTL_FILE ";");
}

/* What another file sets already is not lost, though hosttune did not store it. */
static void test_set_anyway(void **state)
{
	(void)state;
	tmproot_write("/etc/sysctl.d/50-x.conf", "vm.page-cluster = 3\n");
	assert_string_equal(
		audited("version: 1\npersist: true\nsysctl: {vm.page-cluster: 3}\n"), "");
}

/* Where files cannot be read, nobody knows what the next boot sets. */
static void test_unknown(void **state)
{
	(void)state;
	(void)applied(ONE);
	for (int i = 0; i < 10000; i++)
		tmproot_write(keep_text(mem_format("/usr/lib/sysctl.d/%d.conf", i)), "");
	assert_string_equal(
		audited(ONE),
		"failed NotReadable: in sync, but it is unknown what the next "
		"boot sets: there are more than 1024 files of sysctl.d;");
}

/* --- hosts that cannot store ---------------------------------------------------------
 */

static void test_without_systemd(void **state)
{
	(void)state;
	remove_dir("/run/systemd/system");
	tmproot.host.no_api = NULL;
	mem_set(&tmproot.host.api_socket, mem_dup("/nowhere"));
	assert_string_equal(applied(ONE), "changed Applied: 60 -> 10;");
	assert_part(persist.message, "; this host does not run systemd");
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
	assert_string_equal(
		applied("version: 1\npersist: true\nsysctl: {vm.page-cluster: 3}\n"),
		"failed NotStored: in effect, but not persisted: this host does not run "
		"systemd;");
}

/* A link in the place of the directory: nothing is written through it. */
static void test_unwritable(void **state)
{
	(void)state;
	remove_dir("/etc/sysctl.d");
	tmproot_dir("/elsewhere");
	tmproot_link("/etc/sysctl.d", "../elsewhere");
	assert_string_equal(applied(ONE), "changed Applied: 60 -> 10;");
	assert_part(persist.message, "/etc/sysctl.d");
	assert_string_equal(tmproot_read("/elsewhere/90-hosttune-p.conf"), "(none)");
	assert_part(applied("version: 1\npersist: true\nsysctl: {vm.page-cluster: 3}\n"),
	            "failed NotStored: in effect, but not persisted: ");
}

static void test_bottlerocket(void **state)
{
	(void)state;
	tmproot_write("/etc/os-release", "ID=bottlerocket\n");
	assert_string_equal(applied(ONE), "changed Applied: 60 -> 10;");
	assert_null(persist.files);
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
}

static void test_captured(void **state)
{
	(void)state;
	tmproot.host.live = false;
	assert_string_equal(applied(ONE), "changed Applied: 60 -> 10;");
	assert_string_equal(tmproot_read(SYSCTL_FILE), "(none)");
}

/* --- the unit ------------------------------------------------------------------------
 */

/* The program of the package, as root installs it. Return: whether this can be root. */
static bool install(void)
{
	_free_ char *path = mem_format("%s/usr/bin/hosttune", tmproot.path);

	tmproot_write("/usr/bin/hosttune", "");
	assert_return_code(chmod(path, 0755), errno);
	return geteuid() == 0;
}

static void test_unit(void **state)
{
	const char *before;

	(void)state;
	if (!install())
		skip();
	assert_part(applied(BY_UNIT), "changed Applied: ");
	assert_part(tmproot_read(PROFILE_FILE), "net.ipv4.conf.*.rp_filter: 2\n");
	assert_part(tmproot_read(UNIT_FILE),
	            "\nExecStart=/usr/bin/hosttune apply " PROFILE_FILE "\n");
	assert_part(tmproot_read(UNIT_FILE), "\nConditionPathExists=" PROFILE_FILE "\n");
	assert_string_equal(tmproot_read(LINK), tmproot_read(UNIT_FILE));
	before = tmproot_snapshot();
	assert_string_equal(applied(BY_UNIT), "");
	assert_string_equal(tmproot_snapshot(), before);
	tmproot_remove(LINK);
	assert_string_equal(
		audited(BY_UNIT),
		"drift PersistedDiffers: hosttune-boot-p.service: the unit is not "
		"enabled;");
	assert_part(applied(BY_UNIT), "hosttune-boot-p.service applies it at each boot;");
	assert_string_equal(tmproot_contents(), tmproot_contents());
	tmproot_remove(PROFILE_FILE);
	assert_part(audited(BY_UNIT), "the stored profile is missing or another one");
}

/* A value for this boot only is not set by the unit either. */
static void test_unit_skips(void **state)
{
	(void)state;
	if (!install())
		skip();
	(void)applied(
		"version: 1\nsysctl:\n  vm.swappiness: {value: 10, persist: false}\n"
		"  net.ipv4.conf.*.rp_filter: 2\n");
	assert_part(tmproot_read(UNIT_FILE), "apply --skip sysctl:vm.swappiness /etc/");
	assert_part(audited(BY_UNIT), "another profile, or another program, is applied");
}

/* Whoever can change the program would be root at the next boot. */
static void test_unsafe_program(void **state)
{
	_free_ char *path = mem_format("%s/usr/bin/hosttune", tmproot.path);

	(void)state;
	(void)install();
	assert_return_code(chmod(path, 0777), errno);
	assert_part(applied(BY_UNIT), "changed Applied: ");
	assert_string_equal(tmproot_read(UNIT_FILE), "(none)");
	assert_string_equal(body(SYSCTL_FILE), "vm.swappiness = 10\n");
	assert_part(persist.message,
	            "the host has no hosttune that only root can change");
	assert_string_equal(audited(BY_UNIT), "");
	assert_part(audited("version: 1\npersist: true\nsysctl: "
	                    "{net.ipv4.conf.*.rp_filter: 2}\n"),
	            "drift NotPersisted: no hosttune-boot-p.service applies it at boot");
}

/* The administrator's own unit applies the profile already. */
static void test_service(void **state)
{
	(void)state;
	audit(BY_UNIT);
	mem_set(&profile.names[0], mem_dup("/etc/hosttune/profile.yaml"));
	tmproot_link("/etc/systemd/system/multi-user.target.wants/hosttune-apply.service",
	             "/usr/lib/systemd/system/hosttune-apply.service");
	persist_done(&persist);
	persist_observe(&persist, &plan, &profile, &tmproot.host);
	assert_int_equal(plan_apply(&plan, &tmproot.host), 0);
	persist_apply(&persist, &plan, &tmproot.host);
	assert_string_equal(tmproot_read("/etc/hosttune/boot/profile.yaml"), "(none)");
	assert_string_equal(body("/etc/sysctl.d/90-hosttune-profile.conf"),
	                    "vm.swappiness = 10\n");
}

/* --- undone --------------------------------------------------------------------------
 */

static void test_revert(void **state)
{
	const char *before, *first;

	(void)state;
	if (!install())
		skip();
	before = tmproot_contents();
	(void)applied(BY_UNIT);
	first = tmproot_contents();
	(void)applied("version: 1\nsysctl:\n  vm.swappiness: 20\n"
	              "  net.ipv4.conf.*.rp_filter: 2\n");
	(void)reverted(2);
	assert_string_equal(tmproot_contents(), first);
	(void)reverted(1);
	assert_string_equal(tmproot_contents(), before);
}

static void test_unpersist(void **state)
{
	const char *before;

	(void)state;
	if (!install())
		skip();
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	tmproot_write("/proc/sys/net/ipv4/conf/all/rp_filter", "2\n");
	tmproot_write("/proc/sys/net/ipv4/conf/eth0/rp_filter", "2\n");
	before = tmproot_contents();
	(void)applied(BY_UNIT);
	assert_string_equal(unpersisted(), SYSCTL_FILE
	                    " changed Restored;" LINK " changed Restored;" UNIT_FILE
	                    " changed Restored;" PROFILE_FILE " changed Restored;");
	assert_string_equal(tmproot_contents(), before);
	assert_string_equal(unpersisted(), "");
}

/* Killed after the journal and any number of files: a revert and an apply converge. */
static void test_killed(void **state)
{
	const char *before, *after;

	(void)state;
	if (!install())
		skip();
	before = tmproot_contents();
	(void)applied(BY_UNIT);
	after = tmproot_contents();
	for (unsigned n = 0; n <= STORED_FILES; n++) {
		_free_ char *texts[STORED_FILES] = {NULL};
		struct err e = {0};

		for (enum stored_what what = 0; what < STORED_FILES; what++) {
			texts[what] = mem_dup(persist.files->have[what].text);
			if (what >= n)
				(void)stored_write(&tmproot.host, what, "p", NULL, &e);
		}
		(void)reverted(1);
		assert_string_equal(tmproot_contents(), before);
		for (enum stored_what what = 0; what < n && what < STORED_FILES; what++)
			if (texts[what])
				assert_int_equal(stored_write(&tmproot.host, what, "p",
				                              texts[what], &e),
				                 0);
		(void)applied(BY_UNIT);
		assert_string_equal(tmproot_contents(), after);
		for (enum stored_what what = 0; what < STORED_FILES; what++)
			mem_set(&texts[what], NULL);
	}
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "stored, and nothing is written again", test_stored);
	suite_test(&s, "drift only where persistence was asked for", test_asked);
	suite_test(&s, "modules", test_modules);
	suite_test(&s, "an edited file", test_edited);
	suite_rows(&s, foreigns, test_foreign);
	suite_rows(&s, winners, test_winner);
	suite_test(&s, "a key that excludes it", test_excluded);
	suite_test(&s, "set by another file anyway", test_set_anyway);
	suite_test(&s, "10,000 files", test_unknown);
	suite_test(&s, "without systemd", test_without_systemd);
	suite_test(&s, "a link for a directory", test_unwritable);
	suite_test(&s, "Bottlerocket", test_bottlerocket);
	suite_test(&s, "a captured root", test_captured);
	suite_test(&s, "the unit", test_unit);
	suite_test(&s, "the unit skips what is not persisted", test_unit_skips);
	suite_test(&s, "a program that others can change", test_unsafe_program);
	suite_test(&s, "the administrator's unit", test_service);
	suite_test(&s, "revert", test_revert);
	suite_test(&s, "unpersist leaves no trace", test_unpersist);
	suite_test(&s, "killed", test_killed);
	return suite_run(&s);
}
