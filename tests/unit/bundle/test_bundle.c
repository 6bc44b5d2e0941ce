/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "bundle/cover.h"
#include "doc/node.h"
#include "test.h"

#include <errno.h>

static struct bundle *bundle;

static void cover(const char *list, const char *pattern)
{
	struct node *n = node_get(bundle->manifest, list);

	if (!n) {
		n = node_new(NODE_LIST);
		node_set(bundle->manifest, list, n);
	}
	node_append(n, node_new_text(pattern));
}

static void add(const char *path, const char *text)
{
	bundle_add(bundle, path, mem_dup(text), text ? strlen(text) : 0);
}

static int setup(void **state)
{
	struct err e;

	(void)state;
	bundle = bundle_new();
	cover("covers", "/proc/sys/**");
	cover("covers", "/proc/meminfo");
	cover("covers", "/sys/block/*/queue/*");
	cover("covers", "/etc/sysctl.d/*.conf");
	cover("covers", "/usr/lib/sysctl.d/*.conf");
	cover("never", "/proc/sys/net/ipv4/key");
	cover("never", "/proc/sys/net/ipv6/conf/*/secret");
	add("/proc/sys/vm/a", "1\n");
	add("/proc/sys/vm/a-b", "2\n");
	add("/proc/sys/vm", NULL);
	add("/proc/sys/vm/d/x", "3\n");
	add("/proc/sys/vm/d-e", "4\n");
	add("/proc/sys/vm/d", NULL);
	add("/sys/block/nvme0n1/queue/scheduler", "[none]\n");
	add("/etc/sysctl.d", NULL);
	(void)err_set(&e, -EACCES, "open /proc/sys/vm/w: Permission denied");
	bundle_note_lack(bundle, "/proc/sys/vm/w", &e, 0100200);
	(void)err_set(&e, -ENODATA, "too large");
	bundle_note_lack(bundle, "/proc/sys/vm/large", &e, 0100644);
	(void)err_set(&e, -EACCES, "open /proc/sys/fs: Permission denied");
	bundle_note_lack(bundle, "/proc/sys/fs", &e, 0);
	add("/proc/sys/fs/known", "1\n");
	(void)err_set(&e, -ENODATA, "the bundle is full");
	bundle_note_lack(bundle, "/proc/sys/net/core", &e, 0);
	(void)err_set(&e, -ENOENT, "open /proc/sys/vm/gone: No such file or directory");
	bundle_note_lack(bundle, "/proc/sys/vm/gone", &e, 0);
	node_set(bundle_part(bundle, "lacks"), "/proc/sys/garbage", node_new_text("x"));
	assert_null(bundle_seal(bundle));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	bundle_free(bundle);
	return 0;
}

/* What is absent, what failed, and what is unknown. */
static const struct row {
	const char *path;
	int code;
} rows[] = {
	{"/proc/sys/vm/a", 0},
	{"proc//sys/./vm/a/", 0},
	{"/proc/sys/vm", 0},
	{"/proc/sys/vm/d", 0},
	{"/", 0},
	{"/proc/sys/vm/b", -ENOENT},
	{"/proc/sys/new/key", -ENOENT},
	{"/proc/meminfo", -ENOENT},
	{"/sys/block/nvme1n1/queue/scheduler", -ENOENT},
	{"/usr/lib/sysctl.d", -ENOENT},
	{"/proc/sys/vm/a/b", -ENOTDIR},
	{"/proc/sys/vm/w", -EACCES},
	{"/proc/sys/vm/../../meminfo", -EXDEV},
	{"/proc/sys/vm/large", -ENODATA},
	{"/proc/sys/vm/gone/x", -ENOENT},
	{"/proc/sys/fs/known", 0},
	{"/proc/sys/fs/x", -EACCES},
	{"/proc/sys/fs/x/y", -EACCES},
	{"/proc/sys/net/core/x", -ENODATA},
	{"/proc/sys/garbage/x", -ENODATA},
	{"/proc/sys/net/ipv4/key", -ENODATA},
	{"/proc/sys/net/ipv6/conf/eth0/secret", -ENODATA},
	{"/proc/swaps", -ENODATA},
	{"/sys/block/nvme0n1/size", -ENODATA},
	{"/sys/block/nvme0n1/queue/iosched/x", -ENODATA},
	{"/etc/passwd", -ENODATA},
	{"/proc", 0},
	{"/lib", -ENODATA},
};

static void test_find(void **state)
{
	const struct row *row = *state;
	const struct bundle_file *f = NULL;
	struct err e = {0};

	assert_int_equal(bundle_find(bundle, "open", row->path, &f, &e), row->code);
	assert_int_equal(e.code, row->code);
}

static void test_lacked_is_noted_once(void **state)
{
	const struct bundle_file *f;
	struct err e;

	(void)state;
	(void)bundle_find(bundle, "open", "/proc/swaps", &f, &e);
	(void)bundle_find(bundle, "open", "/proc/sys/vm/b", &f, &e);
	(void)bundle_find(bundle, "open", "/proc/swaps", &f, &e);
	assert_int_equal(bundle->n_lacked, 1);
	assert_string_equal(bundle->lacked[0], "/proc/swaps");
	assert_string_equal(e.text, "the bundle lacks /proc/swaps");
}

static void test_list(void **state)
{
	static const char *const names[] = {"a", "a-b", "d", "d-e", "large", "w", NULL};
	char **list = NULL;
	struct err e;
	size_t n = 0;

	(void)state;
	assert_int_equal(bundle_list(bundle, "/proc/sys/vm/", &list, &e), 0);
	for (; list[n] && names[n]; n++)
		assert_string_equal(list[n], names[n]);
	assert_null(list[n]);
	assert_null(names[n]);
	for (n = 0; list[n]; n++)
		free(list[n]);
	free(list);
}

/* What is no name, or no map, names nothing. */
static void test_garbage(void **state)
{
	struct node *garbage = node_new(NODE_LIST);
	const struct bundle_file *f;
	char **list = NULL;
	struct err e;

	(void)state;
	node_append(garbage, node_new(NODE_LIST));
	(void)err_set(&e, -EACCES, "x");
	bundle_note_lack(bundle, "/etc/sysctl.d/", &e, 0);
	bundle_note_lack(bundle, "/etc/sysctl.d//x", &e, 0);
	bundle_note_lack(bundle, "/etc/sysctl.d/./x", &e, 0);
	bundle_note_lack(bundle, "/etc/sysctl.d/..", &e, 0);
	assert_int_equal(bundle_list(bundle, "/etc/sysctl.d", &list, &e), 0);
	assert_null(list[0]);
	free(list);
	node_set(bundle->manifest, "lacks", garbage);
	assert_int_equal(bundle_find(bundle, "open", "/proc/sys/vm/w", &f, &e), -ENOENT);
	assert_int_equal(bundle_list(bundle, "/etc/sysctl.d", &list, &e), 0);
	assert_null(list[0]);
	free(list);
}

/* Of /sys/block/nvme0n1, only "queue" was collected: its other names are unknown. */
static void test_partial_list_is_unknown(void **state)
{
	char **list = NULL;
	struct err e;

	(void)state;
	assert_int_equal(bundle_list(bundle, "/sys/block/nvme0n1", &list, &e), -ENODATA);
	assert_int_equal(bundle_list(bundle, "/", &list, &e), -ENODATA);
	assert_int_equal(bundle_list(bundle, "/proc/sys/fs", &list, &e), -EACCES);
	assert_int_equal(bundle_list(bundle, "/proc/sys/net/core", &list, &e), -ENODATA);
	assert_int_equal(bundle_list(bundle, "/proc/sys/vm/a", &list, &e), -ENOTDIR);
	assert_int_equal(bundle_list(bundle, "/sys/block", &list, &e), 0);
	assert_string_equal(list[0], "nvme0n1");
	free(list[0]);
	free(list);
	assert_int_equal(bundle_list(bundle, "/etc/sysctl.d", &list, &e), 0);
	assert_null(list[0]);
	free(list);
}

static void test_stat(void **state)
{
	struct stat st;
	struct err e;

	(void)state;
	assert_int_equal(bundle_stat(bundle, "/proc/sys/vm/a", &st, &e), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(bundle_stat(bundle, "/proc/sys/vm", &st, &e), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(bundle_stat(bundle, "/proc/sys/vm/w", &st, &e), 0);
	assert_int_equal(st.st_mode, 0100200);
	assert_int_equal(bundle_stat(bundle, "/proc/sys/vm/b", &st, &e), -ENOENT);
	assert_int_equal(bundle_stat(bundle, "/etc/shadow", &st, &e), -ENODATA);
}

static void test_twice(void **state)
{
	(void)state;
	add("/proc/sys/vm/d", NULL);
	assert_null(bundle_seal(bundle));
	/* a directory before what is refused: all is released once */
	add("/etc/sysctl.d", NULL);
	add("/proc/sys/vm/a", "again");
	assert_string_equal(bundle_seal(bundle), "/proc/sys/vm/a");
}

static const struct match {
	const char *pattern, *path;
	bool matches, lists;
} matches[] = {
	{"/a/b", "/a/b", true, false},         {"/a/b", "/a", false, false},
	{"/a/*", "/a", false, true},           {"/a/*", "/a/b", true, false},
	{"/a/*", "/a/b/c", false, false},      {"/a/*/c", "/a/b", false, false},
	{"/a/*/c", "/a", false, true},         {"/a/*/c/*", "/a/x/c", false, true},
	{"/a/*.conf", "/a", false, true},      {"/a/**", "/a", true, true},
	{"/a/**", "/a/b/c", true, true},       {"/a/**", "/ab", false, false},
	{"/a/*/b/**", "/a/x/b/c", true, true}, {"/a/*/b/**", "/a/x", false, false},
	{"/a/**", "", false, false},           {"", "", true, false},
};

static void test_matches(void **state)
{
	const struct match *row = *state;
	_node_ struct node *list = node_new(NODE_LIST);

	node_append(list, node_new_text(row->pattern));
	assert_int_equal(bundle_matches(list, row->path), row->matches);
	assert_int_equal(bundle_lists(list, row->path), row->lists);
	assert_false(bundle_matches(NULL, row->path));
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_find);
	suite_test(&s, "what it lacks is noted once", test_lacked_is_noted_once);
	suite_test(&s, "list", test_list);
	suite_test(&s, "a part of a directory is no list", test_partial_list_is_unknown);
	suite_test(&s, "garbage", test_garbage);
	suite_test(&s, "stat", test_stat);
	suite_test(&s, "a file that is there twice", test_twice);
	suite_rows(&s, matches, test_matches);
	return suite_run(&s);
}
