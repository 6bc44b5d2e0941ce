/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/lock.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

static void test_one_at_a_time(void **state)
{
	struct err e = {0};
	int first = lock_take(&tmproot.host, &e), second;

	(void)state;
	assert_string_equal(e.text, "");
	assert_true(first >= 0);
	/* another open file behaves like another process */
	assert_int_equal(lock_take(&tmproot.host, &e), -EWOULDBLOCK);
	assert_part(e.text, "another run of hosttune holds the lock /run/hosttune/lock");
	(void)close(first);
	second = lock_take(&tmproot.host, &e);
	assert_true(second >= 0);
	(void)close(second);
}

/* The lock is the host's: no part of its path may be a link. */
static void test_links(void **state)
{
	struct err e = {0};

	(void)state;
	tmproot_link("/run", "../outside");
	assert_int_equal(lock_take(&tmproot.host, &e), -ELOOP);
	assert_part(e.text, "lock /run/hosttune/lock: make directory /run/hosttune: ");
	tmproot_remove("/run");
	tmproot_link("/run/hosttune/lock", "../../../outside/lock");
	assert_int_equal(lock_take(&tmproot.host, &e), -ELOOP);
	assert_part(e.text, "lock /run/hosttune/lock: open /run/hosttune/lock: ");
	assert_string_equal(tmproot_read("../outside/lock"), "(none)");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "one at a time", test_one_at_a_time);
	suite_test(&s, "links are refused", test_links);
	return suite_run(&s);
}
