/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/recorded.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static unsigned asked;

static int answer(const struct host *h, const char *subject, char **ret, struct err *e)
{
	(void)h;
	(void)e;
	asked++;
	*ret = mem_format("answer to %s", subject);
	return 0;
}

static int deny(const struct host *h, const char *subject, char **ret, struct err *e)
{
	(void)h;
	(void)ret;
	asked++;
	return err_set(e, -EACCES, "%s: denied", subject);
}

static void test_live(void **state)
{
	const struct host h = {.live = true};
	_free_ char *text = NULL, *again = NULL;
	struct err e = {0};

	(void)state;
	asked = 0;
	assert_int_equal(recorded_word(&h, "x", "a", answer, &text, &e), 0);
	assert_int_equal(recorded_word(&h, "x", "a", answer, &again, &e), 0);
	assert_string_equal(again, "answer to a");
	assert_int_equal(asked, 2);
	assert_true(recorded_or_live(&h));
}

/* What is kept is what is read back, and nothing is asked twice. */
static void test_record(void **state)
{
	_bundle_ struct bundle *b = bundle_new();
	const struct host h = {.live = true, .record = b}, back = {.bundle = b};
	struct err e = {0};

	(void)state;
	asked = 0;
	for (int i = 0; i < 4; i++) {
		const struct host *from = i < 2 ? &h : &back;
		_free_ char *text = NULL, *none = NULL;

		assert_int_equal(recorded_word(from, "x", "a", answer, &text, &e), 0);
		assert_string_equal(text, "answer to a");
		assert_int_equal(recorded_word(from, "x", "b", deny, &none, &e), -EACCES);
		assert_string_equal(e.text, "b: denied");
		assert_null(none);
	}
	assert_int_equal(asked, 2);
}

static void test_lacks(void **state)
{
	_bundle_ struct bundle *b = bundle_new();
	const struct host h = {.bundle = b};
	_free_ char *text = NULL;
	struct err e = {0};

	(void)state;
	asked = 0;
	assert_int_equal(recorded_word(&h, "x", "a", answer, &text, &e), -ENODATA);
	assert_string_equal(
		e.text,
		"the bundle lacks x a (to collect it, name this profile: hosttune collect "
		"FILE PROFILE)");
	assert_int_equal(asked, 0);
	assert_int_equal(b->n_lacked, 1);
}

static void test_damaged(void **state)
{
	_node_ struct node *n = node_new(NODE_MAP);
	_free_ char *text = NULL;

	(void)state;
	node_set_text(n, "text", "a\033[1mb\n");
	node_set_text(n, "number", "12x");
	node_set(n, "list", node_new(NODE_LIST));
	node_set_text(n, "large", "300");
	text = recorded_text(n, "text");
	assert_string_equal(text, "a?[1mb\n");
	assert_null(recorded_text(n, "list"));
	assert_null(recorded_text(n, "none"));
	assert_int_equal(recorded_number(n, "number", 10), 0);
	assert_int_equal(recorded_number(n, "large", 255), 0);
	assert_int_equal(recorded_number(n, "large", 300), 300);
	assert_false(recorded_flag(n, "text"));
}

static void test_files(void **state)
{
	_bundle_ struct bundle *b = bundle_new();
	const struct host h = {.bundle = b, .root_fd = -1};
	_free_ char *text = NULL;
	struct err e = {0};
	struct stat st;
	char read_back[8] = "";
	int fd;

	(void)state;
	bundle_add(b, "/proc/x", mem_dup("abc\n"), 4);
	assert_null(bundle_seal(b));
	assert_int_equal(host_file_read_line(&h, "/proc/x", &text, &e), 0);
	assert_string_equal(text, "abc");
	mem_set(&text, NULL);
	assert_int_equal(host_file_read(&h, "/proc/x", 3, &text, &e), -EFBIG);
	assert_int_equal(host_file_read(&h, "/proc", 3, &text, &e), -EISDIR);
	assert_int_equal(host_file_read(&h, "/etc/passwd", 3, &text, &e), -ENODATA);
	fd = host_file_open(&h, "/proc/x", O_RDONLY, &e);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, read_back, sizeof(read_back)), 4);
	assert_int_equal(close(fd), 0);
	assert_true(host_file_exists(&h, "/proc/x"));
	assert_false(host_file_exists(&h, "/etc/passwd"));
	assert_int_equal(host_file_stat(&h, "/proc", &st, &e), 0);
	assert_true(S_ISDIR(st.st_mode));
}

/* Nothing of the machine that runs the test is read or written. */
static void test_no_host(void **state)
{
	_bundle_ struct bundle *b = bundle_new();
	struct host h = {.bundle = b, .root_fd = -1};
	struct err e = {0};

	(void)state;
	assert_int_equal(host_file_write(&h, "/proc/sys/vm/swappiness", "1", &e), -EBADF);
	assert_true(host_file_mkdir(&h, "/tmp/x", 0755, &e) < 0);
	assert_false(host_file_exists_in_root(&h, "/usr/bin/env"));
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "live", test_live);
	suite_test(&s, "record", test_record);
	suite_test(&s, "lacks", test_lacks);
	suite_test(&s, "damaged", test_damaged);
	suite_test(&s, "files", test_files);
	suite_test(&s, "no host", test_no_host);
	return suite_run(&s);
}
