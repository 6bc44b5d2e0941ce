/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Ephemeral storage through the Bottlerocket API, simulated by the stub. */
#include "base/mem.h"
#include "bottlerocket/ephemeral.h"
#include "drives.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t stub;
static char log_path[128];

static const char *find_stub(void)
{
	const char *given = getenv("HOSTTUNE_API_STUB"), *build = getenv("B");

	return given ? given
	             : keep_text(mem_format("%s/api-stub", build ? build : "build"));
}

/*
 * Start the stub with these options, NULL-terminated; skip the test if there is no stub.
 */
static void start(const char *const *options)
{
	const char *path = find_stub(), *argv[16] = {"api-stub", "--log", log_path};
	int ends[2];
	size_t n = 3;
	char byte;

	if (access(path, X_OK) < 0)
		skip();
	(void)snprintf(log_path, sizeof(log_path), "%s/log", tmproot.outside);
	mem_set(&tmproot.host.api_socket, mem_format("%s/api.sock", tmproot.outside));
	for (; *options; options++)
		argv[n++] = *options;
	argv[n] = tmproot.host.api_socket;
	assert_return_code(pipe(ends), errno);
	stub = fork();
	if (stub == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)execv(path, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	(void)close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
}

static int teardown(void **state)
{
	if (stub > 0) {
		(void)kill(stub, SIGKILL);
		(void)waitpid(stub, NULL, 0);
	}
	stub = 0;
	mem_set(&tmproot.host.api_socket, NULL);
	return tmproot_teardown(state);
}

static const char *asked(void)
{
	return tmproot_read("../outside/log");
}

/* Two drives; the API knows those that the stub's options name. */
static void make_drives(void)
{
	drive_add("nvme0n1", INSTANCE_STORE, "AWS0", 0);
	drive_add("nvme1n1", INSTANCE_STORE, "AWS1", 1);
}

static int offers(const char *device, const char *dir, struct err *e)
{
	*e = (struct err){0};
	return api_ephemeral_offers(&tmproot.host, device, dir, e);
}

static void test_offers(void **state)
{
	static const char *const options[] = {"--disk", "/dev/nvme0n1", NULL};
	struct err e;

	(void)state;
	make_drives();
	assert_int_equal(offers(NULL, "/var/log/pods", &e), -ENOENT);
	assert_string_equal(e.text, "this host has no Bottlerocket API");
	start(options);
	assert_int_equal(offers(NULL, "/var/log/pods", &e), 0);
	assert_int_equal(offers("/dev/nvme0n1", "/var/log/pods", &e), 0);
	assert_int_equal(offers("/dev/nvme0n1", "/var/log", &e), -EPERM);
	assert_string_equal(e.text, "the Bottlerocket API does not bind /var/log either");
	assert_int_equal(offers("/dev/nvme1n1", "/var/log/pods", &e), -ENODEV);
	assert_string_equal(e.text, "the Bottlerocket API does not count /dev/nvme1n1 as "
	                            "ephemeral storage");
	assert_null(strstr(asked(), "POST"));
}

static void test_bind(void **state)
{
	static const char *const options[] = {"--disk", "/dev/nvme0n1", "--kit", "10.8",
	                                      NULL};
	struct err e = {0};

	(void)state;
	make_drives();
	start(options);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(api_ephemeral_bind(&tmproot.host, "/dev/nvme0n1",
		                                    "/var/log/pods", &e),
		                 0);
	assert_part(asked(), "POST /actions/ephemeral-storage/init 204");
	assert_part(asked(), "POST /actions/ephemeral-storage/bind 204");
	/* init for a drive that is not ours would format it */
	assert_int_equal(
		api_ephemeral_bind(&tmproot.host, "/dev/nvme1n1", "/var/log/pods", &e),
		-ENODEV);
}

static void test_old(void **state)
{
	static const char *const options[] = {"--disk", "/dev/nvme0n1", NULL};
	struct err e = {0};

	(void)state;
	make_drives();
	start(options);
	assert_int_equal(
		api_ephemeral_bind(&tmproot.host, "/dev/nvme0n1", "/var/log/pods", &e),
		0);
	assert_int_equal(
		api_ephemeral_bind(&tmproot.host, "/dev/nvme0n1", "/var/log/pods", &e),
		-EREMOTEIO);
	assert_part(e.text, "POST /actions/ephemeral-storage/bind: 500: Unable to bind "
	                    "ephemeral storage: Failed to mount");
	assert_part(e.text, "(Bottlerocket before core kit 10.8.0 cannot bind to a file "
	                    "system that is already mounted)");
}

/* The only array that the API knows is the one it makes, and only as a whole. */
static void test_array(void **state)
{
	static const char *const options[] = {"--disk", "/dev/nvme0n1", "--disk",
	                                      "/dev/nvme1n1", NULL};
	struct err e;

	(void)state;
	make_drives();
	drive_set("md127", "dev", "9:127");
	tmproot_write("/sys/block/md127/slaves/nvme0n1/x", "");
	tmproot_write("/sys/block/md127/slaves/nvme1n1/x", "");
	start(options);
	assert_int_equal(offers("/dev/md127", "/var/log/pods", &e), -ENODEV);
	drive_set("md!ephemeral", "dev", "9:127");
	assert_int_equal(offers("/dev/md127", "/var/log/pods", &e), 0);
	tmproot_write("/sys/block/md127/slaves/nvme2n1/x", "");
	assert_int_equal(offers("/dev/md127", "/var/log/pods", &e), -ENODEV);
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, teardown);
	suite_test(&s, "what the API offers", test_offers);
	suite_test(&s, "init and bind", test_bind);
	suite_test(&s, "an old API", test_old);
	suite_test(&s, "an array", test_array);
	return suite_run(&s);
}
