/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/softnet.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

#define ZEROS " 00000000 00000000 00000000 00000000 00000000 00000000 00000000"

static void test_rows(void **state)
{
	struct softnet s;
	struct err e = {0};

	(void)state;
	/* CPU 1 is offline; 15 columns since Linux 6.10 */
	tmproot_write("/proc/net/softnet_stat",
	              "0000beef 00000001 00000002" ZEROS " 00000000 00000000 00000000\n"
	              "ffffffff 00000000 0000000a" ZEROS
	              " 00000000 00000000 00000002 00000000 00000000\n");
	assert_int_equal(softnet_read(&tmproot.host, &s, &e), 0);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.list[0].cpu, 0);
	assert_int_equal(s.list[0].processed, 0xbeef);
	assert_int_equal(s.list[0].dropped, 1);
	assert_int_equal(s.list[0].squeezed, 2);
	assert_int_equal(s.list[1].cpu, 2);
	assert_int_equal(s.list[1].processed, 0xffffffff);
	assert_int_equal(s.list[1].squeezed, 10);
	softnet_done(&s);
	/* before Linux 5.10 the row number is the CPU */
	softnet_parse("1 2 3" ZEROS "\n4 5 6" ZEROS "\nnot a row", &s);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.list[1].cpu, 1);
	softnet_done(&s);
	/* eleven columns, before Linux 5.10, and nine, before 4.18: a row ends with its
	 * line */
	softnet_parse("1 2 3" ZEROS " 00000000\n4 5 6" ZEROS " 00000000\n7 8 9 0\n", &s);
	assert_int_equal(s.n, 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(s.list[i].cpu, i);
		assert_int_equal(s.list[i].processed, 1 + 3 * i);
		assert_int_equal(s.list[i].squeezed, 3 + 3 * i);
	}
	softnet_done(&s);
}

static void test_absent(void **state)
{
	struct softnet s;
	struct err e = {0};

	(void)state;
	assert_int_equal(softnet_read(&tmproot.host, &s, &e), -ENOENT);
	assert_int_equal(s.n, 0);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "rows of processors", test_rows);
	suite_test(&s, "no such file", test_absent);
	return suite_run(&s);
}
