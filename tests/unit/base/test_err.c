/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/err.h"
#include "test.h"

#include <errno.h>

/* An error between two guard words that must not change. */
static struct {
	uint64_t before;
	struct err e;
	uint64_t after;
} guarded;

#define CANARY UINT64_C(0x5ca1ab1e0ddba11)

static char long_text[3 * ERR_TEXT_MAX];

static int setup(void **state)
{
	(void)state;
	memset(&guarded, 0x7f, sizeof(guarded));
	guarded.before = guarded.after = CANARY;
	memset(long_text, 'x', sizeof(long_text) - 1);
	return 0;
}

static void assert_full(void)
{
	assert_true(guarded.before == CANARY && guarded.after == CANARY);
	assert_int_equal(strlen(guarded.e.text), ERR_TEXT_MAX - 1);
}

static void test_set(void **state)
{
	struct err *e = &guarded.e;

	(void)state;
	assert_int_equal(err_set(e, -EPERM, "write %s: %d", "a", 7), -EPERM);
	assert_int_equal(e->code, -EPERM);
	assert_string_equal(e->text, "write a: 7");
	assert_int_equal(err_set(e, -EIO, "b"), -EIO);
	assert_string_equal(e->text, "b");
}

static void test_errno(void **state)
{
	struct err *e = &guarded.e;

	(void)state;
	assert_int_equal(err_errno(e, ENOENT, "open %s", "/x"), -ENOENT);
	assert_int_equal(e->code, -ENOENT);
	assert_string_equal(e->text, "open /x: No such file or directory");
}

static void test_wrap(void **state)
{
	struct err *e = &guarded.e;

	(void)state;
	(void)err_errno(e, EACCES, "write %s", "swappiness");
	assert_int_equal(err_wrap(e, "sysctl %s", "vm.swappiness"), -EACCES);
	assert_int_equal(err_wrap(e, "apply"), -EACCES);
	assert_string_equal(e->text, "apply: sysctl vm.swappiness: write swappiness: "
	                             "Permission denied");
}

static void test_wrap_nothing(void **state)
{
	(void)state;
	(void)err_set(&guarded.e, -EIO, "%s", "");
	(void)err_wrap(&guarded.e, "a");
	assert_string_equal(guarded.e.text, "a: ");
}

static void test_hint(void **state)
{
	struct err *e = &guarded.e;

	(void)state;
	(void)err_set(e, -EROFS, "write x");
	assert_int_equal(err_hint(e, "is it %s?", "superpowered"), -EROFS);
	assert_string_equal(e->text, "write x (is it superpowered?)");
}

static void test_long_set(void **state)
{
	(void)state;
	(void)err_set(&guarded.e, -EIO, "%s", long_text);
	assert_full();
	(void)err_errno(&guarded.e, EIO, "%s", long_text);
	assert_full();
}

static void test_long_hint(void **state)
{
	(void)state;
	(void)err_set(&guarded.e, -EIO, "message");
	(void)err_hint(&guarded.e, "%s", long_text);
	assert_full();
	assert_memory_equal(guarded.e.text, "message (xxx", 12);
	(void)err_hint(&guarded.e, "no room for this");
	assert_full();
}

/* The words of the outermost caller must survive: they name the object. */
static void test_long_wrap(void **state)
{
	(void)state;
	(void)err_set(&guarded.e, -EIO, "%s", long_text);
	(void)err_wrap(&guarded.e, "sysctl %s", "a.b");
	assert_full();
	assert_memory_equal(guarded.e.text, "sysctl a.b: xxx", 15);
	(void)err_set(&guarded.e, -EIO, "inner");
	(void)err_wrap(&guarded.e, "%s", long_text);
	assert_true(guarded.before == CANARY && guarded.after == CANARY);
	assert_true(strlen(guarded.e.text) < ERR_TEXT_MAX);
	assert_memory_equal(guarded.e.text, "xxxx", 4);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, NULL);
	suite_test(&s, "set", test_set);
	suite_test(&s, "strerror() is appended", test_errno);
	suite_test(&s, "wrap prepends", test_wrap);
	suite_test(&s, "wrap an empty text", test_wrap_nothing);
	suite_test(&s, "hint is appended", test_hint);
	suite_test(&s, "a long text is cut", test_long_set);
	suite_test(&s, "a long hint is cut", test_long_hint);
	suite_test(&s, "a long chain keeps its outermost words", test_long_wrap);
	return suite_run(&s);
}
