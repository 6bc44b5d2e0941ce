/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "nfsd/undo.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

#define NFSD      "/proc/fs/nfsd/"
#define POOL_MODE "/sys/module/sunrpc/parameters/pool_mode"

static int read_value(const char *object, const char **ret, struct err *e)
{
	char *value;
	int r = nfsd_undo_read(&tmproot.host, object, &value, e);

	*ret = value ? keep_text(value) : NULL;
	return r;
}

/* What cannot be read is not gone, and has no other value. */
static void test_read(void **state)
{
	const char *value;
	struct err e;

	(void)state;
	assert_int_equal(read_value("pool-mode", &value, &e), 0);
	assert_null(value); /* no module */
	tmproot_write(NFSD "threads", "0\n");
	assert_int_equal(read_value("pool-mode", &value, &e), 0);
	assert_null(value);
	tmproot_dir(POOL_MODE);
	assert_int_equal(read_value("pool-mode", &value, &e), -EISDIR);
	assert_null(value);
	assert_string_equal(e.text, "read " POOL_MODE ": Is a directory");
	assert_int_equal(read_value("max-block-size", &value, &e), 0);
	assert_string_equal(value, "0");
	tmproot_write(NFSD "max_block_size", "65536\n");
	assert_int_equal(read_value("max-block-size", &value, &e), 0);
	assert_string_equal(value, "65536");
	tmproot_write(NFSD "max_block_size", "x\n");
	assert_int_equal(read_value("max-block-size", &value, &e), -EIO);
	assert_null(value);
	assert_int_equal(read_value("threads", &value, &e), 0);
	assert_string_equal(value, "0");
	assert_int_equal(read_value("file-system", &value, &e), 0);
	assert_string_equal(value, "mounted");
	assert_int_equal(read_value("lightning", &value, &e), -EINVAL);
}

static const struct versions {
	const char *value, *command; /* NULL: none */
	int result;
	const char *file;
} rows[] = {
	{"2, 3, 4.0, 4.1, 4.2", "echo '+2 +3 +4.0 +4.1 +4.2' > /proc/fs/nfsd/versions", 0,
         "+2 +3 +4.0 +4.1 +4.2\n"},
	{"4.2", "echo '-3 -4.0 -4.1 +4.2' > /proc/fs/nfsd/versions", 0,
         "-2 -3 -4.0 -4.1 +4.2\n"},
	{"none", NULL, -EINVAL, NULL},
	{"", NULL, -EINVAL, NULL},
	{"3, 5", NULL, -EINVAL, NULL},
};

static void test_versions(void **state)
{
	const struct versions *row = *state;
	char *command = nfsd_undo_command(&tmproot.host, "versions", row->value);
	const char *before = "-2 -3 +4 -4.0 +4.1 +4.2\n";
	struct err e;

	assert_text(command ? keep_text(command) : NULL, row->command);
	tmproot_write(NFSD "threads", "0\n");
	tmproot_write(NFSD "versions", before);
	assert_int_equal(nfsd_undo_write(&tmproot.host, "versions", row->value, &e),
	                 row->result);
	assert_string_equal(tmproot_read(NFSD "versions"),
	                    row->file ? row->file : before);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "what cannot be read", test_read);
	suite_rows(&s, rows, test_versions);
	return suite_run(&s);
}
