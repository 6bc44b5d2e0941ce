/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Ephemeral storage through the Bottlerocket API, simulated by the stub. */
#include "bottlerocket/ephemeral.h"
#include "drives.h"
#include "stub.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/resource.h>

static int teardown(void **state)
{
	stub_stop();
	return tmproot_teardown(state);
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
	stub_start(options);
	assert_int_equal(offers(NULL, "/var/log/pods", &e), 0);
	assert_int_equal(offers("/dev/nvme0n1", "/var/log/pods", &e), 0);
	assert_int_equal(offers("/dev/nvme0n1", "/var/log", &e), -EPERM);
	assert_string_equal(e.text, "the Bottlerocket API does not bind /var/log either");
	assert_int_equal(offers("/dev/nvme1n1", "/var/log/pods", &e), -ENODEV);
	assert_string_equal(e.text, "the Bottlerocket API does not count /dev/nvme1n1 as "
	                            "ephemeral storage");
	assert_null(strstr(stub_asked(), "POST"));
}

static void test_bind(void **state)
{
	static const char *const options[] = {"--disk", "/dev/nvme0n1", "--kit", "10.8",
	                                      NULL};
	struct err e = {0};

	(void)state;
	make_drives();
	stub_start(options);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(api_ephemeral_bind(&tmproot.host, "/dev/nvme0n1",
		                                    "/var/log/pods", &e),
		                 0);
	assert_part(stub_asked(), "POST /actions/ephemeral-storage/init 204");
	assert_part(stub_asked(), "POST /actions/ephemeral-storage/bind 204");
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
	stub_start(options);
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
	stub_start(options);
	assert_int_equal(offers("/dev/md127", "/var/log/pods", &e), -ENODEV);
	drive_set("md!ephemeral", "dev", "9:127");
	assert_int_equal(offers("/dev/md127", "/var/log/pods", &e), 0);
	tmproot_write("/sys/block/md127/slaves/nvme2n1/x", "");
	assert_int_equal(offers("/dev/md127", "/var/log/pods", &e), -ENODEV);
}

static long peak_kib(void)
{
	struct rusage usage;

	assert_return_code(getrusage(RUSAGE_SELF, &usage), errno);
	return usage.ru_maxrss;
}

/* Whatever the API answers, memory stays below 16 MiB more than what is in use. */
static void test_large(void **state)
{
	static const char *const options[] = {
		"--disk", "/dev/nvme0n1", "--fault",
		"GET /actions/ephemeral-storage/list-dirs=ones:1040000", NULL};
	long before;
	struct err e;

	(void)state;
	make_drives();
	stub_start(options);
	before = peak_kib();
	assert_int_equal(offers(NULL, "/var/log/pods", &e), -EBADMSG);
	assert_string_equal(e.text,
	                    "GET /actions/ephemeral-storage/list-dirs?format=json: "
	                    "answer: more than 4096 values");
	assert_true(peak_kib() - before < 16 * 1024);
}

int main(void)
{
	static struct suite s;

	suite_fixture(drives_setup, teardown);
	suite_test(&s, "what the API offers", test_offers);
	suite_test(&s, "init and bind", test_bind);
	suite_test(&s, "an old API", test_old);
	suite_test(&s, "an array", test_array);
	suite_test(&s, "a large answer", test_large);
	return suite_run(&s);
}
