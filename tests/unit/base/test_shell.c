/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/shell.h"
#include "test.h"

static const char *quoted(const char *word)
{
	return keep_text(shell_quote(word));
}

static void test_quote(void **state)
{
	(void)state;
	assert_string_equal(quoted("vm.swappiness=10"), "vm.swappiness=10");
	assert_string_equal(quoted("/a/b-c_d,e:f+g@h%i"), "/a/b-c_d,e:f+g@h%i");
	assert_string_equal(quoted("4096 131072 6291456"), "'4096 131072 6291456'");
	assert_string_equal(quoted(""), "''");
	assert_string_equal(quoted("|$(x)`y`;\"z\"\\"), "'|$(x)`y`;\"z\"\\'");
	assert_string_equal(quoted("'; reboot; '"), "''\\''; reboot; '\\'''");
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "quotes only where the shell needs it", test_quote);
	return suite_run(&s);
}
