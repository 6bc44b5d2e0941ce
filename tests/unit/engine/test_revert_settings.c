/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a revert makes of Bottlerocket settings. */
#include "applied.h"
#include "base/mem.h"
#include "bottlerocket/api.h"
#include "doc/json.h"
#include "doc/node.h"
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

/* What a watch stored, and another process changed since, is not its own any more. */
static void test_watch(void **state)
{
	_free_ char *file = mem_format("%s/settings.json", tmproot.outside);
	const char *again[] = {"--settings", file, NULL};

	(void)state;
	start_stub();
	applied.command = "watch";
	assert_int_equal(applied_run("version: 1\nsettings: {motd: new}\n"), 0);
	stub_stop();
	tmproot_write("../outside/settings.json", "{\"motd\":\"theirs\"}");
	stub_start(again);
	assert_int_equal(applied_run("version: 1\nsettings: {a: {b: 1}}\n"), 0);
	assert_string_equal(applied_records(applied_journal(1)),
	                    "settings.motd \"old\" \"new\";settings.a.b - 1;");
	assert_part(applied_revert(applied_journal(1)),
	            "settings.motd skipped ChangedSince");
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

/* --- another program changes settings during a run ------------------------------------
 */

#define MIRROR(name)  "{\"endpoint\": [\"https://" name "\"], \"registry\": \"" name "\"}"
#define MIRRORS(list) "{\"container-registry\": {\"mirrors\": [" list "]}"

#define WITH_MIRROR                            \
	"version: 1\nsettings:\n  motd: new\n" \
	"  container-registry: {mirrors: {d.io: ['https://d.io']}}\n"

static const char *mirrors(void)
{
	_node_ struct node *live = NULL;
	struct api *api;
	struct err e = {0};

	assert_int_equal(api_open(&tmproot.host, &api, &e), 0);
	assert_int_equal(api_settings(api, &live, &e), 0);
	api_free(api);
	return keep_text(node_json_line(
		node_get(node_get(live, "container-registry"), "mirrors")));
}

/* A plan may take minutes: what others store meanwhile stays, also after a revert. */
static void test_changed_during_apply(void **state)
{
	struct journal *j;

	(void)state;
	start_stub();
	stub_change(MIRRORS(MIRROR("a.io")) "}");
	applied_audit(WITH_MIRROR);
	stub_change(MIRRORS(MIRROR("a.io") ", " MIRROR("c.io")) ",\"motd\":\"theirs\"}");
	assert_int_equal(applied_act(), 0);
	assert_string_equal(mirrors(), "[" MIRROR("a.io") ", " MIRROR("c.io") ", " MIRROR(
					       "d.io") "]");
	j = applied_journal(1);
	assert_part(applied_records(j), "settings.motd \"theirs\" \"new\";");
	assert_part(applied_revert(j), "settings.motd changed Restored: new -> theirs;");
	assert_string_equal(mirrors(), "[" MIRROR("a.io") ", " MIRROR("c.io") "]");
}

/* What another program stored meanwhile is in sync, and not sent. */
static void test_stored_during_apply(void **state)
{
	(void)state;
	start_stub();
	applied_audit("version: 1\nsettings: {motd: new}\n");
	stub_change("{\"motd\":\"new\"}");
	assert_int_equal(applied_act(), 0);
	assert_string_equal(applied_report(), "");
	assert_null(applied_journal(0));
}

static void test_unreadable_during_apply(void **state)
{
	const char *options[] = {"--fault", "GET /settings#2=status:403:no", NULL};

	(void)state;
	stub_start(options);
	applied_audit("version: 1\nsettings: {motd: new}\n");
	assert_int_equal(applied_act(), 0);
	assert_string_equal(applied_report(),
	                    "failed ApiUnreachable: GET /settings: 403: no;");
	assert_null(strstr(stub_asked(), "PATCH"));
	assert_null(applied_journal(0));
}

static void test_changed_during_revert(void **state)
{
	struct revert v;
	struct err e = {0};

	(void)state;
	start_stub();
	stub_change(MIRRORS(MIRROR("a.io")) "}");
	assert_int_equal(applied_run(WITH_MIRROR), 0);
	assert_int_equal(revert_observe(&v, applied_journal(1), NULL, &tmproot.host, &e),
	                 0);
	stub_change(MIRRORS(MIRROR("a.io") ", " MIRROR("d.io") ", " MIRROR("e.io")) "}");
	assert_true(revert_apply(&v));
	assert_non_null(plan_find(&v.plan, STATE_SKIPPED, REASON_CHANGED_SINCE));
	assert_non_null(plan_find(&v.plan, STATE_CHANGED, REASON_RESTORED));
	assert_string_equal(mirrors(), "[" MIRROR("a.io") ", " MIRROR("d.io") ", " MIRROR(
					       "e.io") "]");
	revert_done(&v);
}

/* The first transaction was refused, and the others took their time. */
static void test_changed_between_transactions(void **state)
{
	_free_ char *file = mem_format("%s/settings.json", tmproot.outside);
	const char *refuses[] = {"--settings", file, "--fault",
	                         "PATCH /settings#2=status:400:no", NULL};
	_node_ struct node *change = NULL;
	struct persist s = {.state = PERSIST_OK};
	struct sending x = {.s = &s, .h = &tmproot.host, .separately = true};
	struct err e = {0};

	(void)state;
	tmproot_write("../outside/settings.json", "{\"motd\":\"old\"}");
	stub_start(refuses);
	change = node_copy(yaml("{motd: new, kernel: {sysctl: {vm.swappiness: '1'}}}"));
	assert_int_equal(api_open(&tmproot.host, &s.api, &e), 0);
	assert_int_equal(sending_begin(&x), 0);
	stub_change("{\"motd\":\"theirs\"}");
	sending_run(&x, change);
	assert_true(x.stored);
	assert_null(sending_why(&x, "kernel"));
	assert_string_equal(sending_why(&x, "motd"),
	                    "another process changed it meanwhile");
	assert_string_equal(node_get(s.live, "motd")->text, "theirs");
	assert_non_null(node_get(node_get(node_get(s.live, "kernel"), "sysctl"),
	                         "vm.swappiness"));
	assert_string_equal(s.message,
	                    "settings.motd: another process changed it meanwhile; the "
	                    "other settings are stored");
	sending_done(&x);
	persist_done(&s);
}

int main(void)
{
	static struct suite s;

	suite_fixture(applied_setup, applied_teardown);
	suite_test(&s, "test_settings", test_settings);
	suite_test(&s, "test_watch", test_watch);
	suite_test(&s, "test_no_api", test_no_api);
	suite_test(&s, "test_api_refuses", test_api_refuses);
	suite_test(&s, "test_api_refuses_one", test_api_refuses_one);
	suite_test(&s, "test_changed_during_apply", test_changed_during_apply);
	suite_test(&s, "test_stored_during_apply", test_stored_during_apply);
	suite_test(&s, "test_unreadable_during_apply", test_unreadable_during_apply);
	suite_test(&s, "test_changed_during_revert", test_changed_during_revert);
	suite_test(&s, "test_changed_between_transactions",
	           test_changed_between_transactions);
	return suite_run(&s);
}
