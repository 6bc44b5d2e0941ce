/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a revert makes of Bottlerocket settings. */
#include "applied.h"
#include "base/mem.h"
#include "engine/undo/revert.h"
#include "journal/journal.h"
#include "stub.h"
#include "test.h"
#include "tmproot.h"

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
	assert_int_equal(applied_run(SETTINGS), 0);
	j = applied_journal(1);
	assert_part(applied_records(j),
	            "settings.kernel.sysctl.\"vm.swappiness\" - \"10\" \"60\";");
	assert_part(applied_records(j),
	            "settings.kernel.sysctl.\"vm.page-cluster\" \"3\" \"0\";");
	assert_part(applied_records(j), "settings.motd \"old\" \"new\";");
	assert_part(applied_records(j), "settings.ntp.time-servers - [\"10.0.0.1\"];");
	/* a reboot changes nothing of that */
	tmproot_write(APPLIED_BOOT_ID, "boot-2\n");
	said = applied_revert(j);
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
	assert_part(applied_revert(j), "settings.motd ok : ;");
}

/* Without the API, the rest is restored, and the journal is not done. */
static void test_no_api(void **state)
{
	struct journal *j;
	char *socket;

	(void)state;
	start_stub();
	assert_int_equal(applied_run(SETTINGS), 0);
	j = applied_journal(1);
	socket = TAKE_PTR(tmproot.host.api_socket);
	assert_part(applied_revert(j), "settings.motd skipped ApiUnused");
	assert_part(applied_revert(j), "not complete");
	assert_string_equal(tmproot_read("/proc/sys/vm/swappiness"), "60\n");
	tmproot.host.api_socket = socket;
	assert_part(applied_revert(j), "settings.motd changed Restored: new -> old;");
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
	assert_int_equal(applied_run(SETTINGS), 0);
	j = applied_journal(1);
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

/* One refused setting does not keep the others as they are. */
static void test_api_refuses_one(void **state)
{
	_free_ char *file = mem_format("%s/settings.json", tmproot.outside);
	const char *refuses[] = {"--settings", file,
	                         "--fault",    "PATCH /settings#1=status:400:no",
	                         "--fault",    "PATCH /settings#2=status:400:no",
	                         NULL};
	struct journal *j;
	const char *said;

	(void)state;
	start_stub();
	assert_int_equal(applied_run(SETTINGS), 0);
	j = applied_journal(1);
	stub_stop();
	tmproot_write("../outside/settings.json",
	              "{\"motd\":\"new\",\"kernel\":{\"sysctl\":{\"vm.page-cluster\":"
	              "\"0\"}}}");
	stub_start(refuses);
	said = applied_revert(j);
	assert_part(said, "settings.motd failed ApiRefused: PATCH /settings: 400: no;");
	assert_part(said,
	            "settings.kernel.sysctl.\"vm.page-cluster\" changed Restored: 0 "
	            "-> 3;");
	assert_part(said, "\nnot complete");
	/* what is left is tried again */
	said = applied_revert(j);
	assert_part(said, "settings.motd changed Restored: new -> old;");
	assert_part(said, "\ncomplete");
}

int main(void)
{
	static struct suite s;

	suite_fixture(applied_setup, applied_teardown);
	suite_test(&s, "test_settings", test_settings);
	suite_test(&s, "test_no_api", test_no_api);
	suite_test(&s, "test_api_refuses", test_api_refuses);
	suite_test(&s, "test_api_refuses_one", test_api_refuses_one);
	return suite_run(&s);
}
