/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Captures where the Bottlerocket API answers: what of the node is persisted there. */
#include "base/mem.h"
#include "doc/node.h"
#include "engine/capture/capture.h"
#include "profile/facts.h"
#include "profile/load.h"
#include "profile/profile.h"
#include "stub.h"
#include "test.h"
#include "tmproot.h"

#define SYS "/proc/sys/"

static const struct facts no_facts = {.unknown = true};
static struct profile profile;
static struct capture capture;

static int teardown(void **state)
{
	stub_stop();
	capture_done(&capture);
	profile_done(&profile);
	return tmproot_teardown(state);
}

/* Start the API with these settings, or with one more option, and capture the profile. */
static void capture_with(const char *settings, const char *option, const char *argument,
                         const char *text)
{
	const char *file = keep_text(mem_format("%s/settings", tmproot.outside)),
		   *name = keep_text(mem_format("%s/profile.yaml", tmproot.outside));
	const char *const options[] = {"--settings", file, option, argument, NULL};
	struct diagnostics *diag = new_diagnostics();

	tmproot_write(SYS "vm/swappiness", "60\n");
	tmproot_write(SYS "vm/max_map_count", "1048576\n");
	tmproot_write("../outside/settings", settings);
	tmproot_write("../outside/profile.yaml", text);
	stub_start(options);
	(void)profile_load(&profile, &name, 1, NULL, &no_facts, diag);
	assert_int_equal(diag_count_errors(diag), 0);
	capture_read(&capture, &profile, 1, false, &tmproot.host);
}

static const char *part(const char *section)
{
	return tree_text(node_get(capture.tree, section));
}

static const char *comment_of(const char *section, const char *key, const char *field)
{
	const struct node *n = node_get(capture.tree, section);

	n = key ? node_get(n, key) : n;
	n = field ? node_get(n, field) : n;
	return n ? n->comment : "(none)";
}

#define STORED(value)                                                                 \
	"{\"motd\": \"hello\", \"kernel\": {\"sysctl\": {\"vm.swappiness\": \"" value \
	"\"}}}"

#define SYSCTLS "version: 1\nsysctl: {vm.swappiness: 10, vm.max_map_count: 1}\n"

/* What is stored needs no word; what is not has its own, and its reason. */
static void test_some_stored(void **state)
{
	(void)state;
	capture_with(STORED("60"), NULL, NULL, SYSCTLS);
	assert_int_equal(capture.api, PERSIST_OK);
	assert_text(part("persist"), "(none)");
	assert_text(part("sysctl"), "{\"vm.swappiness\": 60, \"vm.max_map_count\": "
	                            "{\"value\": 1048576, \"persist\": false}}");
	assert_part(comment_of("sysctl", "vm.max_map_count", "persist"),
	            "lost at the next boot");
}

/* The live value is not what the next boot would have. */
static void test_other_stored(void **state)
{
	(void)state;
	capture_with(STORED("10"), NULL, NULL, SYSCTLS);
	assert_text(part("persist"), "false");
	assert_part(comment_of("persist", NULL, NULL), "none of this");
	assert_text(part("sysctl"),
	            "{\"vm.swappiness\": 60, \"vm.max_map_count\": 1048576}");
	assert_part(comment_of("sysctl", "vm.swappiness", NULL), "10");
}

/* A module cannot be marked alone, so the whole profile is; settings has the rest. */
static void test_module_not_stored(void **state)
{
	(void)state;
	tmproot_write("/proc/modules", "nfsd 1 0 - Live 0x0\n");
	capture_with(STORED("60"), NULL, NULL,
	             "version: 1\nmodules: [nfsd]\nsysctl: {vm.swappiness: 10}\n");
	assert_text(part("persist"), "false");
	assert_part(comment_of("persist", NULL, NULL), "module nfsd is not in the");
	assert_text(part("settings"),
	            "{\"kernel\": {\"sysctl\": {\"vm.swappiness\": \"60\"}}}");
}

static void test_settings(void **state)
{
	(void)state;
	capture_with(STORED("60"), NULL, NULL,
	             "version: 1\nsettings: {motd: x, kernel: {lockdown: none}}\n");
	assert_text(part("settings"), "{\"motd\": \"hello\"}");
	assert_int_equal(capture.excluded.n, 1);
	assert_text(capture.excluded.list[0].text,
	            "setting settings.kernel.lockdown: is not set");
}

/* A secret does not leave the node in a profile. */
static void test_secret(void **state)
{
	(void)state;
	capture_with("{\"container-registry\": {\"credentials\": "
	             "[{\"registry\": \"r.example\", \"password\": \"geheim\"}]}}",
	             NULL, NULL,
	             "version: 1\nsettings: {container-registry: {credentials: "
	             "[{registry: r.example, password: x}]}}\n");
	assert_text(part("settings"), "(none)");
	assert_int_equal(capture.excluded.n, 1);
	assert_part(capture.excluded.list[0].text, "is secret: add it yourself");
}

static void test_locked(void **state)
{
	(void)state;
	capture_with(STORED("60"), "--lockdown", NULL, SYSCTLS);
	assert_int_equal(capture.api, PERSIST_LOCKED);
	assert_text(part("persist"), "false");
	assert_non_null(capture.api_message);
	assert_text(comment_of("persist", NULL, NULL), capture.api_message);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(tmproot_setup, teardown);
	suite_test(&s, "some are stored", test_some_stored);
	suite_test(&s, "another value is stored", test_other_stored);
	suite_test(&s, "a module is not stored", test_module_not_stored);
	suite_test(&s, "settings", test_settings);
	suite_test(&s, "a secret", test_secret);
	suite_test(&s, "a host that is locked down", test_locked);
	return suite_run(&s);
}
