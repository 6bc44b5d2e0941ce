/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/num.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

#define NFSD "/proc/fs/nfsd/"
#define ONLY_PER_NODE(mode)                                         \
	"this kernel's NFS server does not support pool-mode " mode \
	": since Linux 7.3, it is always pernode"
#define POOL_MODE "/sys/module/sunrpc/parameters/pool_mode"

/* What the kernel prints: it omits 4.0 while that is enabled. */
#define ALL_ON "+3 +4 +4.1 +4.2\n"
#define NEW_ON "-3 +4 -4.0 +4.1 +4.2\n"
#define OLD_ON "-2 -3 +4 -4.0 +4.1 +4.2\n" /* a kernel with NFSv2 */
#define NO_3   "+4 -4.0 +4.1 +4.2\n"       /* one without NFSv3 */
#define V4_OFF "+3 -4 -4.0 -4.1 -4.2\n"

#define BUSY "; can only be changed while the server is stopped"

static void server(const char *threads, const char *versions)
{
	tmproot_write(NFSD "threads", threads);
	tmproot_write(NFSD "versions", versions);
	tmproot_write(NFSD "max_block_size", "1048576\n");
	tmproot_write(POOL_MODE, "global\n");
}

static struct resource *setup(const char *yaml_text, struct diagnostics *diag)
{
	return resource_new(&kind_nfsd_setup,
	                    keep_text(mem_format("nfsd: %s", yaml_text)), diag);
}

static const struct observed {
	const char *name, *threads, *versions, *yaml, *reported;
} observations[] = {
	/* threads NULL: the module is not loaded */
	{"absent, start false", NULL, NULL, "{versions: [4.2]}",
         "skipped NfsdNotRunning now=NULL: can only be set before the server starts, and start is false"},
	{"absent, start true", NULL, NULL, "{start: true, versions: [4.2]}",
         "drift NotLoaded now=NULL: the nfsd module is not loaded"},
	{"stopped, start false", "0\n", ALL_ON, "{versions: [4.2]}",
         "skipped NfsdNotRunning now=versions 3, 4.0, 4.1, 4.2: can only be set before the server starts, and start is false"},
	{"stopped, in sync", "0\n", NEW_ON, "{start: true, versions: [4.2, 4.1]}",
         "ok  now=versions 4.1, 4.2: "},
	{"stopped, differs", "0\n", ALL_ON,
         "{start: true, versions: [4.2], pool-mode: percpu, max-block-size: 256KiB}",
         "drift LiveDiffers now=versions 3, 4.0, 4.1, 4.2; pool-mode global; "
         "max-block-size 1048576: versions 3, 4.0, 4.1, 4.2 (should be 4.2); pool-mode "
         "global (should be percpu); max-block-size 1048576 (should be 262144)"},
	{"running, in sync", "8\n", NEW_ON, "{versions: [4.1, 4.2]}",
         "ok  now=versions 4.1, 4.2: "},
	{"running, all in sync", "8\n", ALL_ON,
         "{versions: [3, 4.0, 4.1, 4.2], pool-mode: global, max-block-size: 1MiB}",
         "ok  now=versions 3, 4.0, 4.1, 4.2; pool-mode global; max-block-size 1048576: "},
	{"running, one version too many", "8\n", ALL_ON, "{versions: [4.1, 4.2]}",
         "pending NfsdBusy now=versions 3, 4.0, 4.1, 4.2: versions 3, 4.0, 4.1, 4.2 "
         "(should be 4.1, 4.2)" BUSY},
	{"running, one version too few", "8\n", NEW_ON, "{versions: [3, 4.1, 4.2]}",
         "pending NfsdBusy now=versions 4.1, 4.2: versions 4.1, 4.2 (should be 3, 4.1, "
         "4.2)" BUSY},
	{"running, only version 3", "8\n", V4_OFF, "{versions: [3]}",
         "ok  now=versions 3: "},
	{"a kernel with version 2", "8\n", OLD_ON, "{versions: [4.1, 4.2]}",
         "ok  now=versions 4.1, 4.2: "},
	{"a kernel without version 3", "8\n", NO_3, "{versions: [4.1, 4.2]}",
         "ok  now=versions 4.1, 4.2: "},
	{"a version that the kernel lacks", "0\n", NO_3,
         "{start: true, versions: [3, 4.2]}",
         "failed RefusedByKernel now=versions 4.1, 4.2: this kernel's NFS server does not support version 3"},
	{"running, another pool mode", "8\n", ALL_ON, "{pool-mode: pernode}",
         "pending NfsdBusy now=pool-mode global: pool-mode global (should be pernode)" BUSY},
	{"running, another block size", "8\n", ALL_ON, "{max-block-size: 64KiB}",
         "pending NfsdBusy now=max-block-size 1048576: max-block-size 1048576 (should be "
         "65536)" BUSY},
};

static void test_observe(void **state)
{
	const struct observed *row = *state;
	struct resource *r = setup(row->yaml, NULL);
	const char *before;

	if (row->threads)
		server(row->threads, row->versions);
	before = tmproot_snapshot();
	assert_string_equal(resource_reported(r), row->reported);
	assert_string_equal(resource_reported(r), row->reported);
	assert_string_equal(tmproot_snapshot(), before);
}

static const struct unread {
	const char *name, *pool_mode, *size; /* NULL: a directory; "": not there */
	const char *yaml, *reported;
} unreads[] = {
	{"the pool mode", NULL, "0\n", "{start: true, pool-mode: percpu}",
         "failed NotReadable now=NULL: read " POOL_MODE ": Is a directory"},
	{"an empty pool mode", "\n", "0\n", "{start: true, pool-mode: percpu}",
         "failed NotReadable now=NULL: read " POOL_MODE ": No data available"},
	{"the pool mode, which the profile does not name", NULL, "0\n",
         "{start: true, versions: [4.1, 4.2]}", "ok  now=versions 4.1, 4.2: "},
	{"no pool mode", "", "0\n", "{start: true, pool-mode: percpu}",
         "drift LiveDiffers now=pool-mode unknown: pool-mode unknown (should be percpu)"},
	{"the block size", "global\n", "x\n", "{start: true, max-block-size: 64KiB}",
         "failed NotReadable now=NULL: nfsd's max_block_size: \"x\" is not a number"},
	{"the block size, which the profile does not name", "global\n", "x\n",
         "{start: true, pool-mode: global}", "ok  now=pool-mode global: "},
	{"no block size", "global\n", "", "{start: true, max-block-size: 64KiB}",
         "drift LiveDiffers now=max-block-size unknown: max-block-size unknown (should "
         "be 65536)"},
};

static void make(const char *path, const char *text)
{
	if (!text)
		tmproot_dir(path);
	else if (*text)
		tmproot_write(path, text);
}

/* What cannot be read does not differ. */
static void test_unread(void **state)
{
	const struct unread *row = *state;

	tmproot_write(NFSD "threads", "0\n");
	tmproot_write(NFSD "versions", NEW_ON);
	make(NFSD "max_block_size", row->size);
	make(POOL_MODE, row->pool_mode);
	assert_string_equal(resource_reported(setup(row->yaml, NULL)), row->reported);
}

static const struct newer {
	const char *name, *threads, *yaml, *reported;
} newers[] = {
	{"stopped", "0\n", "{start: true, pool-mode: global}",
         "failed RefusedByKernel now=pool-mode pernode: " ONLY_PER_NODE("global")},
	{"running", "8\n", "{pool-mode: auto}",
         "failed RefusedByKernel now=pool-mode pernode: " ONLY_PER_NODE("auto")},
	{"not loaded", NULL, "{start: true, pool-mode: percpu}",
         "failed RefusedByKernel now=NULL: " ONLY_PER_NODE("percpu")},
	{"not loaded, start false", NULL, "{pool-mode: percpu}",
         "skipped NfsdNotRunning now=NULL: can only be set before the server starts, and start is false"},
	{"in sync", "8\n", "{pool-mode: pernode}", "ok  now=pool-mode pernode: "},
};

/* Since Linux 7.3 there is one pool mode. */
static void test_newer(void **state)
{
	const struct newer *row = *state;

	tmproot.host.kernel = num_version("7.3.4");
	if (row->threads)
		server(row->threads, ALL_ON);
	if (row->threads)
		tmproot_write(POOL_MODE, "pernode\n");
	assert_string_equal(resource_reported(setup(row->yaml, NULL)), row->reported);
}

static void test_waits(void **state)
{
	struct resource *r = setup("{start: true, versions: [4.2]}", NULL);

	(void)state;
	r->run.waits = r;
	assert_string_equal(resource_reported(r),
	                    "pending Waits now=NULL: the nfsd module is not loaded yet");
}

static const struct bad {
	const char *yaml, *reported; /* after "nfsd: " */
} bads[] = {
	{"{versions: [4]}", "1:19: versions \"4\": unknown (one of: 3, 4.0, 4.1, 4.2)\n"},
	{"{versions: [4.1, 2, 4.3]}",
         "1:24: versions \"2\": unknown (one of: 3, 4.0, 4.1, 4.2)\n"
         "1:27: versions \"4.3\": unknown (one of: 3, 4.0, 4.1, 4.2)\n"},
	{"{versions: 4.1}",
         "1:18: versions: is a single value, should be a list (write \"versions: [4.1]\")\n"},
	{"{versions: []}", "1:18: versions: must name at least one version\n"},
	{"{versions: [[4.1]]}", "1:19: versions: each item should be one word\n"},
	{"{pool-mode: pernodes}",
         "1:19: pool-mode \"pernodes\": unknown (did you mean \"pernode\"?)\n"},
	{"{pool-mode: x}",
         "1:19: pool-mode \"x\": unknown (one of: global, percpu, pernode, auto)\n"},
	{"{max-block-size: 1}",
         "1:24: max-block-size \"1\": out of range (1024 to 4194304)\n"},
	{"{max-block-size: 5000}",
         "1:24: max-block-size \"5000\": must be a multiple of 1 KiB\n"},
};

static void test_bad(void **state)
{
	const struct bad *row = *state;
	struct diagnostics *diag = new_diagnostics();

	(void)setup(row->yaml, diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
}

static void test_set_and_revert(void **state)
{
	struct resource *r = setup("{start: true, versions: [3, 4.1], pool-mode: percpu, "
	                           "max-block-size: 64KiB}",
	                           NULL);
	struct err e;

	(void)state;
	server("0\n", OLD_ON);
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "versions"), "-2 +3 -4.0 +4.1 -4.2\n");
	assert_string_equal(tmproot_read(POOL_MODE), "percpu\n");
	assert_string_equal(tmproot_read(NFSD "max_block_size"), "65536\n");
	assert_string_equal(tmproot_read(NFSD "threads"), "0\n");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NFSD "versions"), "-2 -3 -4.0 +4.1 +4.2\n");
	assert_string_equal(tmproot_read(POOL_MODE), "global\n");
	assert_string_equal(tmproot_read(NFSD "max_block_size"), "1048576\n");
}

/* Of a server that never ran: a size once set stays, and that is an error. */
static void test_revert_unset(void **state)
{
	struct resource *r = setup("{start: true, max-block-size: 64KiB}", NULL);
	struct err e;

	(void)state;
	server("0\n", OLD_ON);
	tmproot_write(NFSD "max_block_size", "0\n");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	resource_observe(r);
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), -ENOTSUP);
	assert_part(e.text, "max-block-size stays 65536");
}

/* Apply does not change what the profile does not name. */
static void test_only_named(void **state)
{
	struct resource *r = setup("{start: true, pool-mode: auto}", NULL);
	struct err e;

	(void)state;
	server("0\n", ALL_ON);
	tmproot_protect(NFSD "versions");
	tmproot_protect(NFSD "max_block_size");
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(POOL_MODE), "auto\n");
}

static void test_refused(void **state)
{
	struct resource *r =
		setup("{start: true, versions: [4.2], pool-mode: percpu}", NULL);
	enum reason reason;
	struct err e;

	(void)state;
	server("0\n", ALL_ON);
	tmproot_protect(POOL_MODE);
	resource_observe(r);
	assert_int_equal(resource_apply(r, &reason, &e), -ELOOP);
	assert_int_equal(reason, REASON_REFUSED_BY_KERNEL);
	assert_part(e.text, "pool_mode");
	/* as the engine does for a reversible kind whose write failed */
	tmproot_remove(POOL_MODE);
	tmproot_write(POOL_MODE, "global\n");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NFSD "versions"), "+3 +4.0 +4.1 +4.2\n");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, observations, test_observe);
	suite_rows(&s, unreads, test_unread);
	suite_rows(&s, newers, test_newer);
	suite_test(&s, "waits for the module", test_waits);
	suite_rows(&s, bads, test_bad);
	suite_test(&s, "set and revert", test_set_and_revert);
	suite_test(&s, "set from unset", test_revert_unset);
	suite_test(&s, "only what is named", test_only_named);
	suite_test(&s, "refused", test_refused);
	return suite_run(&s);
}
