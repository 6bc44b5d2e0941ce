/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The arguments of mkfs.xfs for each kernel, and the error when it fails. */
#include "storage/xfs_mkfs.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/process/exec.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

/* --- arguments ------------------------------------------------------------------------
 */

#define V(major, minor) NUM_VERSION(major, minor)

/* Arguments between "-L ephemeral" and the device. */
static const struct feature_row {
	const char *name;
	unsigned version, kernel;
	const char *arguments;
} feature_rows[] = {
	{"mkfs 7.2, kernel 5.10", V(7, 2), V(5, 10),
         "-m bigtime=0 -m inobtcount=0 -i nrext64=0 -i exchange=0 -n parent=0 "},
	{"mkfs 7.2, kernel 5.15", V(7, 2), V(5, 15),
         "-i nrext64=0 -i exchange=0 -n parent=0 "},
	{"mkfs 7.2, kernel 6.1", V(7, 2), V(6, 1),
         "-i nrext64=0 -i exchange=0 -n parent=0 "},
	{"mkfs 7.2, kernel 6.6", V(7, 2), V(6, 6), "-i exchange=0 -n parent=0 "},
	{"mkfs 7.2, kernel 6.12", V(7, 2), V(6, 12), "-i exchange=0 -n parent=0 "},
	{"mkfs 7.2, kernel 6.18", V(7, 2), V(6, 18), ""},
	{"mkfs 7.2, kernel 7.0", V(7, 2), V(7, 0), ""},
	/* mkfs.xfs fails on an unknown option */
	{"mkfs 5.9, kernel 5.10", V(5, 9), V(5, 10), ""},
	{"mkfs 5.18, kernel 5.10", V(5, 18), V(5, 10), "-m bigtime=0 -m inobtcount=0 "},
	{"mkfs 5.18, kernel 6.1", V(5, 18), V(6, 1), ""},
	{"mkfs 6.1, kernel 5.10", V(6, 1), V(5, 10),
         "-m bigtime=0 -m inobtcount=0 -i nrext64=0 "},
	{"mkfs 6.1, kernel 6.1", V(6, 1), V(6, 1), "-i nrext64=0 "},
	{"mkfs 6.1, kernel 6.6", V(6, 1), V(6, 6), ""},
	{"mkfs 6.9, kernel 5.15", V(6, 9), V(5, 15), "-i nrext64=0 "},
	{"mkfs 6.10, kernel 6.12", V(6, 10), V(6, 12), "-i exchange=0 -n parent=0 "},
	{"kernel unknown", V(7, 2), 0, ""},
};

static const char *arguments(const struct xfs_mkfs *m, unsigned version, unsigned kernel)
{
	_cleanup_(names_freep) char **argv =
		xfs_mkfs_arguments(m, "ephemeral", "DEV", version, kernel);
	char *text = mem_dup(argv[0]);

	for (size_t i = 1; argv[i]; i++) {
		/* -f is never used */
		assert_int_not_equal(strncmp(argv[i], "-f", 2), 0);
		mem_set(&text, mem_format("%s %s", text, argv[i]));
	}
	return keep_text(text);
}

static void test_features(void **state)
{
	const struct feature_row *row = *state;
	const struct xfs_mkfs plain = {0};

	assert_string_equal(arguments(&plain, row->version, row->kernel),
	                    keep_text(mem_format("mkfs.xfs -q -K -L ephemeral %sDEV",
	                                         row->arguments)));
}

static void test_wanted(void **state)
{
	const struct xfs_mkfs all = {.agcount = 32,
	                             .inode_size = 1024,
	                             .log_size = 1 << 29,
	                             .su = 262144,
	                             .sw = 4,
	                             .no_reflink = true};

	(void)state;
	assert_string_equal(arguments(&all, V(6, 1), V(6, 6)),
	                    "mkfs.xfs -q -K -L ephemeral -d agcount=32 -d su=262144,sw=4 "
	                    "-i size=1024 -l size=536870912 -m reflink=0 DEV");
}

/* --- failures -------------------------------------------------------------------------
 */

#define READ_CONFIG \
	"echo Parameters parsed from config file /usr/share/xfsprogs/x successfully\n"

#define SMALL                                                                      \
	"echo 'mkfs.xfs: small data volume, ignoring data volume stripe unit 512 " \
	"and stripe width 1024';"

/* A shell instead of mkfs.xfs. */
static const struct failure_row {
	const char *name, *script;
	int code;
	const char *reported;
} failure_rows[] = {
	{"success", "echo mkfs.xfs: warning", 0, ""},
	{"a reason and a hint",
         "echo mkfs.xfs: cannot >&2; echo mkfs.xfs: use -f; exit 1", -EIO,
         "mkfs.xfs: cannot"},
	{"a reason and its usage", "echo bad number; echo 'Usage: mkfs.xfs'; exit 1",
         -EIO, "mkfs.xfs: bad number"},
	{"defaults were read", READ_CONFIG "echo bad number; echo Usage:; exit 1", -EIO,
         "mkfs.xfs: bad number"},
	{"defaults were read twice", READ_CONFIG READ_CONFIG "echo bad number; exit 1",
         -EIO, "mkfs.xfs: bad number"},
	{"a remark, and it was killed", SMALL "kill -9 $$", -EINTR,
         "mkfs.xfs: killed by signal 9"},
	{"a remark and a reason", SMALL "echo mkfs.xfs: pwrite failed; exit 1", -EIO,
         "mkfs.xfs: pwrite failed"},
	{"only remarks", READ_CONFIG SMALL "exit 1", -EIO,
         "mkfs.xfs: exit status 1: mkfs.xfs: small data volume, ignoring data volume "
         "stripe unit 512 and stripe width 1024"},
	{"refused with a reason",
         "echo 'mkfs.xfs: /dev/x appears to contain an existing filesystem (ext4).';"
         "echo 'mkfs.xfs: Use the -f option to force overwrite.'; exit 1",
         -EIO, "mkfs.xfs: /dev/x appears to contain an existing filesystem (ext4)."},
	{"refused without a reason",
         SMALL "echo 'mkfs.xfs: Use the -f option to force overwrite.'; exit 1", -EIO,
         "mkfs.xfs: cannot determine the content of the drive"},
	{"no output", "exit 3", -EIO, "mkfs.xfs: exit status 3: "},
};

static void test_failure(void **state)
{
	static const struct host_tool shell = {.path = "/bin/sh"};
	const struct failure_row *row = *state;
	const char *const argv[] = {"mkfs.xfs", "-c", row->script, NULL};
	struct host_exec_job job;
	struct err e = {0};

	assert_int_equal(host_exec_start(&tmproot.host, &shell, argv,
	                                 deadline_in_ms(20000), &job, &e),
	                 0);
	assert_int_equal(xfs_mkfs_finish(&tmproot.host, &job, &e), row->code);
	assert_string_equal(e.text, row->reported);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, feature_rows, test_features);
	suite_test(&s, "all options of a profile", test_wanted);
	suite_rows(&s, failure_rows, test_failure);
	return suite_run(&s);
}
