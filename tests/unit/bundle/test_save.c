/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/stop.h"
#include "bundle/bundle.h"
#include "bundle/load.h"
#include "bundle/save.h"
#include "doc/node.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/hosttune-save-XXXXXX", path[128];
static struct bundle *bundle;

static const char *at(const char *name)
{
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/hosttune-save-XXXXXX");
	assert_non_null(mkdtemp(dir));
	bundle = bundle_new();
	node_set(bundle->manifest, "version", node_new_uint(BUNDLE_VERSION));
	bundle_add(bundle, "/proc/sys/vm/a", mem_dup("1\n"), 2);
	bundle_add(bundle, "/proc/empty", mem_dup(""), 0);
	bundle_add(bundle, "/sys/dir", NULL, 0);
	assert_null(bundle_seal(bundle));
	return 0;
}

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(name);
}

static int teardown(void **state)
{
	(void)state;
	stop_note(0);
	bundle_free(bundle);
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* How many names the directory has. */
static int names;
static int count_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
	(void)name;
	(void)st;
	(void)type;
	names += ftw->level == 1;
	return 0;
}

static int count(void)
{
	names = 0;
	assert_int_equal(nftw(dir, count_one, 8, FTW_PHYS), 0);
	return names;
}

static const struct form {
	const char *name;
	mode_t mode;
} forms[] = {
	{"x.tar.zst", S_IFREG | 0600},
	{"x.tar", S_IFREG | 0600},
	{"x", S_IFDIR | 0700},
	{"x.d/", S_IFDIR | 0700},
};

static void test_form(void **state)
{
	const struct form *row = *state;
	_bundle_ struct bundle *back = NULL;
	const struct bundle_file *f = NULL;
	struct err e = {0};
	struct stat st;

	assert_int_equal(bundle_save_check(at(row->name), &e), 0);
	assert_int_equal(bundle_save(bundle, at(row->name), &e), 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode, row->mode);
	assert_int_equal(count(), 1);
	assert_int_equal(bundle_load(path, &back, &e), 0);
	assert_int_equal(bundle_find(back, "open", "/proc/sys/vm/a", &f, &e), 0);
	assert_string_equal(f->data, "1\n");
	assert_int_equal(bundle_find(back, "open", "/proc/empty", &f, &e), 0);
	assert_string_equal(f->data, "");
	assert_int_equal(bundle_find(back, "open", "/sys/dir", &f, &e), 0);
	assert_null(f->data);
}

static void test_signal(void **state)
{
	const struct form *row = *state;
	struct err e = {0};

	stop_note(SIGTERM);
	assert_int_equal(bundle_save(bundle, at(row->name), &e), -EINTR);
	assert_int_equal(count(), 0);
}

static void test_existing(void **state)
{
	struct err e = {0};
	int fd;

	(void)state;
	assert_int_equal(mkdir(at("empty"), 0755), 0);
	assert_int_equal(bundle_save_check(path, &e), 0);
	assert_int_equal(bundle_save(bundle, path, &e), 0);
	assert_int_equal(bundle_save_check(path, &e), -ENOTEMPTY);
	assert_true(bundle_save(bundle, path, &e) < 0);
	fd = open(at("file"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(bundle_save_check(path, &e), -EEXIST);
	assert_int_equal(symlink("file", at("link.tar")), 0);
	assert_int_equal(bundle_save_check(path, &e), -ELOOP);
	assert_int_equal(mkdir(at("dir.tar"), 0755), 0);
	assert_int_equal(bundle_save_check(path, &e), -EEXIST);
	assert_int_equal(bundle_save_check("", &e), -EINVAL);
}

/* Even if it appears after the check: the link is replaced, not its target. */
static void test_link_is_not_followed(void **state)
{
	struct err e = {0};
	struct stat st;
	int fd = open(at("target"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(symlink("target", at("x.tar")), 0);
	assert_int_equal(bundle_save(bundle, path, &e), 0);
	assert_int_equal(stat(at("target"), &st), 0);
	assert_int_equal(st.st_size, 0);
}

static void test_no_directory(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(bundle_save(bundle, at("missing/x.tar"), &e), -ENOENT);
	assert_int_equal(bundle_save(bundle, at("missing/x"), &e), -ENOENT);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, forms, test_form);
	suite_rows(&s, forms, test_signal);
	suite_test(&s, "existing files", test_existing);
	suite_test(&s, "a link is not followed", test_link_is_not_followed);
	suite_test(&s, "no directory", test_no_directory);
	return suite_run(&s);
}
