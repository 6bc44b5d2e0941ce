/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The interface of a journal's object: the one with that number, whatever its name. */
#include "base/mem.h"
#include "host/host.h"
#include "host/open.h"
#include "network/index.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

static struct host live;

static int setup(void **state)
{
	struct err e;

	(void)state;
	return host_open(&live, "/", &e);
}

static int teardown(void **state)
{
	(void)state;
	host_close(&live);
	return 0;
}

static void test_word(void **state)
{
	(void)state;
	assert_string_equal(keep_text(net_index_word("eth0", 2)), "eth0:2");
	assert_string_equal(keep_text(net_index_word("eth0", 0)), "eth0");
}

/* The loopback interface has the number 1 in each network namespace. */
static void test_live(void **state)
{
	static const struct {
		const char *word, *name;
		int code;
	} rows[] = {
		{"lo:1", "lo", 0},
		{"eth7:1", "lo", 0}, /* renamed */
		{"lo:2147483647", "lo", -ENODEV},
		{"lo", "lo", 0},
	};

	(void)state;
	if (live.other_netns)
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_free_ char *name = NULL;
		struct err e;

		assert_int_equal(net_index_name(&live, rows[i].word, &name, &e),
		                 rows[i].code);
		assert_string_equal(name, rows[i].name);
	}
}

static void test_same(void **state)
{
	(void)state;
	assert_true(net_index_is_same("eth0:2", "ens5:2"));
	assert_true(net_index_is_same("eth0", "eth0"));
	assert_true(net_index_is_same("eth0:2", "eth0"));
	assert_false(net_index_is_same("eth0:2", "eth0:3"));
	assert_false(net_index_is_same("eth0:2", "ens5"));
	assert_false(net_index_is_same("eth0:2", "eth0:2x"));
	assert_false(net_index_is_same("", ""));
}

static void test_captured(void **state)
{
	_free_ char *name = NULL;
	struct err e;

	(void)state;
	assert_int_equal(tmproot_setup(state), 0);
	assert_int_equal(net_index_name(&tmproot.host, "eth7:1", &name, &e), 0);
	assert_string_equal(name, "eth7");
	assert_int_equal(tmproot_teardown(state), 0);
}

static void test_hostile(void **state)
{
	static const char *const words[] = {
		"",         ":",       ":1",
		"eth0:",    "eth0:0",  "eth0:-1",
		"eth0:1x",  "eth0:+1", "eth0:2147483648",
		"eth0:1:1", "../x:1",  "a/b",
		"..",       "a b",     "eth0:99999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		_free_ char *name = NULL;
		struct err e;

		if (net_index_name(&live, words[i], &name, &e) != -EINVAL)
			fail_msg("\"%s\" was taken", words[i]);
	}
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "word", test_word);
	suite_test(&s, "the same", test_same);
	suite_test(&s, "live", test_live);
	suite_test(&s, "in a captured tree", test_captured);
	suite_test(&s, "hostile words", test_hostile);
	return suite_run(&s);
}
