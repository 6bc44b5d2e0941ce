/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/log.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "engine/lock.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "profile/waive.h"
#include "stub.h"
#include "test.h"
#include "tmproot.h"
#include "watch/remediate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define LONG_MS 20000

static struct profile profile;
static struct remediation remediation;

/* The audit runs in a child: what it logs comes through a file. */
static void line(const struct log *t, enum log_level level, const char *text)
{
	_free_ char *path = mem_format("%s/messages", tmproot.outside);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	(void)t;
	(void)dprintf(fd, "%d %s;", (int)level, text);
	(void)close(fd);
}

static const struct log test_log = {.line = line, .most = LOG_NOTICE};

static const char *reported(void)
{
	const char *text = tmproot_read("../outside/messages");

	if (strcmp(text, "(none)") != 0)
		tmproot_remove("../outside/messages");
	return text;
}

static int setup(void **state)
{
	int r = tmproot_setup(state);

	tmproot_write("/proc/sys/vm/swappiness", "60\n");
	tmproot_write("/proc/sys/vm/page-cluster", "3\n");
	tmproot_write("/proc/sys/vm/dirty_ratio", "20\n");
	return r;
}

static int teardown(void **state)
{
	remediation_done(&remediation);
	profile_done(&profile);
	stub_stop();
	return tmproot_teardown(state);
}

static void load(const char *text)
{
	_free_ char *path = mem_format("%s/p.yaml", tmproot.outside);
	const char *names[] = {path};
	struct diagnostics *diag = new_diagnostics();
	struct facts facts = {.unknown = true};

	tmproot_write("../outside/p.yaml", text);
	(void)profile_load(&profile, names, 1, NULL, &facts, diag);
	assert_string_equal(diagnostics_text(diag), "");
	remediation_init(&remediation, &tmproot.host, &profile, &test_log);
}

static void audit(void)
{
	struct err e = {0};

	assert_int_equal(remediation_start(&remediation, &e), 0);
	assert_non_null(remediation.job);
	assert_int_equal(remediation_finish(&remediation, LONG_MS, &e), 0);
	assert_null(remediation.job);
	assert_string_equal(e.text, "");
}

#define THREE                                                                           \
	"version: 1\npersist: false\nsysctl:\n  vm.swappiness: 10\n  vm.page-cluster: " \
	"0\n  vm.dirty_ratio: 20\n"

static void test_remediate(void **state)
{
	(void)state;
	load(THREE);
	audit();
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
	assert_int_equal(remediation.counts[STATE_CHANGED], 2);
	assert_int_equal(remediation.counts[STATE_OK], 1);
	assert_int_equal(remediation.remediated, 2);
	assert_part(reported(), "2 fixed sysctl vm.swappiness: 60 -> 10 (");
	/* in sync: nothing is logged */
	audit();
	assert_int_equal(remediation.counts[STATE_OK], 3);
	assert_string_equal(reported(), "(none)");
	tmproot_write("/proc/sys/vm/swappiness", "70\n");
	audit();
	assert_int_equal(remediation.remediated, 3);
	assert_int_equal(remediation.audits, 3);
	assert_part(reported(), "70 -> 10");
}

/*
 * If one resource cannot be fixed, the others stay fixed, and the failure is logged once.
 */
static void test_one_fails(void **state)
{
	const char *first;

	(void)state;
	load(THREE);
	tmproot_protect("/proc/sys/vm/page-cluster");
	audit();
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
	assert_int_equal(remediation.counts[STATE_FAILED], 1);
	first = reported();
	assert_part(first, "1 failed sysctl vm.page-cluster: ");
	audit();
	assert_int_equal(remediation.counts[STATE_FAILED], 1);
	assert_string_equal(reported(), "(none)");
}

static void test_held(void **state)
{
	struct err e = {0};
	int lock;

	(void)state;
	load(THREE);
	lock = lock_take(&tmproot.host, &e);
	audit();
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	assert_int_equal(remediation.counts[STATE_DRIFT], 2);
	(void)close(lock);
	audit();
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
	/* the audit released the lock */
	lock = lock_take(&tmproot.host, &e);
	assert_true(lock >= 0);
	(void)close(lock);
}

static void test_dry(void **state)
{
	const char *before;

	(void)state;
	load(THREE);
	remediation.dry = true;
	before = tmproot_snapshot();
	audit();
	assert_string_equal(tmproot_snapshot(), before);
	assert_int_equal(remediation.counts[STATE_DRIFT], 2);
	assert_part(reported(), "1 drift sysctl vm.swappiness: ");
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	audit();
	assert_part(reported(), "2 in sync again: sysctl vm.swappiness");
}

/* A waiver: logged once, not fixed, and counted for itself. */
static void test_waived(void **state)
{
	(void)state;
	load(THREE "waive: [{resource: sysctl vm.swappiness, reason: agreed, until: "
	           "2999-01-01}]\n");
	audit();
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	assert_string_equal(tmproot_read("/proc/sys/vm/page-cluster"), "0\n");
	assert_int_equal(remediation.n_waived, 1);
	assert_int_equal(remediation.counts[STATE_CHANGED], 1);
	assert_int_equal(remediation.counts[STATE_OK], 1);
	assert_int_equal(remediation.counts[STATE_DRIFT], 0);
	assert_true(remediation.waived[0]);
	assert_int_equal(remediation.states[0], STATE_DRIFT);
	assert_part(reported(), "2 waived: sysctl vm.swappiness: is 60, should be 10");
	audit();
	assert_string_equal(reported(), "(none)");
	/* in sync, it is not needed */
	tmproot_write("/proc/sys/vm/swappiness", "10\n");
	audit();
	assert_int_equal(remediation.n_waived, 0);
	assert_int_equal(remediation.counts[STATE_OK], 3);
}

/* A waiver that expires while the watch runs: drift is fixed, and the waiver is news. */
static void test_waiver_expires(void **state)
{
	struct waiver *w;

	(void)state;
	load(THREE "waive: [{resource: sysctl vm.swappiness, reason: agreed, until: "
	           "2999-01-01}]\n");
	audit();
	assert_int_equal(remediation.n, 3);
	(void)reported();
	w = CONTAINER_OF(profile.resources[3], struct waiver, r);
	w->over_s = 1;
	audit();
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
	assert_int_equal(remediation.n_waived, 0);
	assert_int_equal(remediation.n, 4);
	assert_int_equal(remediation.states[3], STATE_PENDING);
	assert_int_equal(remediation.counts[STATE_PENDING], 1);
	assert_part(reported(), "1 pending waiver sysctl vm.swappiness: expired on");
}

/* Pods that already run do not see a file system that is mounted now. */
static void test_not_drives(void **state)
{
	(void)state;
	load("version: 1\npersist: false\nstorage:\n  - name: data\n    disks: {count: 1}\n"
	     "    mount: /mnt/data\n    required: true\nsysctl: {vm.swappiness: 10}\n");
	audit();
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
	assert_int_equal(remediation.counts[STATE_CHANGED], 1);
}

static void test_killed(void **state)
{
	struct err e = {0};

	(void)state;
	load(THREE);
	audit();
	assert_int_equal(remediation_start(&remediation, &e), 0);
	/* started once, even if requested again */
	assert_int_equal(remediation_start(&remediation, &e), 0);
	(void)remediation_finish(&remediation, 0, &e);
	assert_null(remediation.job);
	/* another profile: its states are unknown */
	remediation_set_profile(&remediation, &profile);
	assert_false(remediation.known);
}

static size_t times(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

/*
 * A setting that the server stores as another value is sent once: each commit restarts
 * services of the host. Another profile, or another value there, is another change.
 */
static void test_rewritten(void **state)
{
	static const char *const options[] = {
		"--fault", "GET /settings=wrongtype:{\"motd\":\"X\"}", NULL};

	(void)state;
	stub_start(options);
	load("version: 1\nsettings: {motd: x}\nsysctl: {vm.swappiness: {value: 10, "
	     "persist: false}}\n");
	audit();
	assert_int_equal(times(stub_asked(), "commit"), 1);
	assert_int_equal(remediation.counts[STATE_FAILED], 1);
	assert_part(reported(),
	            "1 failed setting settings.motd: the server stored x as X");
	audit();
	audit();
	assert_int_equal(times(stub_asked(), "commit"), 1);
	assert_int_equal(times(stub_asked(), "PATCH"), 1);
	assert_int_equal(remediation.counts[STATE_FAILED], 1);
	assert_string_equal(reported(), "(none)");
	/* the rest is still fixed, and this not sent with it */
	tmproot_write("/proc/sys/vm/swappiness", "70\n");
	audit();
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "10\n");
	remediation_set_profile(&remediation, &profile);
	audit();
	assert_int_equal(times(stub_asked(), "commit"), 1);
}

/* A setting that the server refuses does not keep the others from being stored. */
static void test_refused(void **state)
{
	static const char *const options[] = {NULL};

	(void)state;
	stub_start(options);
	load("version: 1\nsettings: {motd: x, nonsense: 1}\n");
	audit();
	assert_int_equal(remediation.counts[STATE_CHANGED], 1);
	assert_int_equal(remediation.counts[STATE_FAILED], 1);
	assert_part(reported(),
	            "1 failed setting settings.nonsense: PATCH /settings: 400: ");
	assert_part(stub_asked(), "commit");
}

/* At the end of the watch: the audit ends by itself, in good order. */
static void test_asked_to_end(void **state)
{
	struct err e = {0};
	sigset_t set;

	(void)state;
	load(THREE);
	/* as in the watch */
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	assert_int_equal(remediation_start(&remediation, &e), 0);
	remediation_ask_to_end(&remediation);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	assert_int_equal(remediation_finish(&remediation, LONG_MS, &e), 0);
	assert_true(remediation.known);
	/* without one, nothing happens */
	remediation_ask_to_end(&remediation);
}

static void test_api_absent(void **state)
{
	(void)state;
	mem_set(&tmproot.host.api_socket, mem_dup("/nowhere"));
	tmproot.host.api_named = true;
	load("version: 1\nsysctl: {vm.swappiness: 60}\n");
	audit();
	assert_int_equal(remediation.api, PERSIST_ABSENT);
	assert_false(remediation.api_failed);
	profile_done(&profile);
	remediation_done(&remediation);
	load("version: 1\npersist: true\nsysctl: {vm.swappiness: 60}\n");
	audit();
	assert_int_equal(remediation.api, PERSIST_ABSENT);
	assert_true(remediation.api_failed);
	assert_int_equal(remediation.counts[STATE_OK], 1);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "drift is fixed and logged", test_remediate);
	suite_test(&s, "one resource fails", test_one_fails);
	suite_test(&s, "while the lock is held", test_held);
	suite_test(&s, "a dry run", test_dry);
	suite_test(&s, "a waiver", test_waived);
	suite_test(&s, "a waiver that expires", test_waiver_expires);
	suite_test(&s, "drives are not changed", test_not_drives);
	suite_test(&s, "an audit that is killed", test_killed);
	suite_test(&s, "a setting that the server rewrites", test_rewritten);
	suite_test(&s, "a setting that the server refuses", test_refused);
	suite_test(&s, "an API that is required and absent", test_api_absent);
	suite_test(&s, "an audit that is asked to end", test_asked_to_end);
	return suite_run(&s);
}
