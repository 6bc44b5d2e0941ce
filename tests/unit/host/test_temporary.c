/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/temporary.h"

#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

/* Nothing has a name, before and after it is closed. */
static void test_nameless(void **state)
{
	struct err e = {0};
	char back[6] = "";
	const char *before;
	int fd;

	(void)state;
	tmproot_dir("/mnt/data");
	before = tmproot_contents();
	fd = host_temporary_open(&tmproot.host, "/mnt/data", &e);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "hello", 5), 5);
	assert_string_equal(tmproot_contents(), before);
	assert_int_equal(pread(fd, back, 5, 0), 5);
	assert_string_equal(back, "hello");
	(void)close(fd);
	assert_string_equal(tmproot_contents(), before);
}

static void test_refused(void **state)
{
	struct err e = {0};

	(void)state;
	tmproot_dir("/mnt/data");
	tmproot_write("/mnt/file", "");
	tmproot_link("/mnt/link", "data");
	tmproot_link("/mnt/out", "../../outside");
	assert_int_equal(host_temporary_open(&tmproot.host, "/mnt/none", &e), -ENOENT);
	assert_int_equal(host_temporary_open(&tmproot.host, "/mnt/file", &e), -ENOTDIR);
	assert_int_equal(host_temporary_open(&tmproot.host, "/mnt/link", &e), -ELOOP);
	assert_int_equal(host_temporary_open(&tmproot.host, "/mnt/out", &e), -ELOOP);
	assert_int_equal(host_temporary_open(&tmproot.host, "/../outside", &e), -EXDEV);
}

int main(void)
{
	struct suite s = {0};

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "nameless", test_nameless);
	suite_test(&s, "refused", test_refused);
	return suite_run(&s);
}
