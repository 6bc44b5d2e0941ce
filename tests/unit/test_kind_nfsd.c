/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "kinds/kinds.h"
#include "resource.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <unistd.h>

#define NFSD      "/proc/fs/nfsd/"
#define POOL_MODE "/sys/module/sunrpc/parameters/pool_mode"

/* A captured server: `threads` and `versions` as the kernel prints them. */
static void server(const char *threads, const char *versions)
{
	tmproot_write(NFSD "threads", threads);
	tmproot_write(NFSD "versions", versions);
	tmproot_write(POOL_MODE, "global\n");
}

#define ALL_ON "+3 +4 +4.0 +4.1 +4.2\n"
#define NEW_ON "-3 +4 -4.0 +4.1 +4.2\n"

static const struct looked {
	const char *name, *threads, *versions, *yaml, *told;
} looks[] = {
	/* threads NULL: the module is not loaded */
	{"absent, start false", NULL, NULL, "{threads: 8}",
         "skipped NfsdNotRunning now=NULL: no NFS server runs here, and start is false"},
	{"absent, start true", NULL, NULL, "{threads: 8, start: true}",
         "drift NotRunning now=NULL: does not run, wanted 8 threads"},
	{"stopped, start false", "0\n", ALL_ON, "{threads: 8}",
         "skipped NfsdNotRunning now=0: no NFS server runs here, and start is false"},
	{"stopped, start true", "0\n", ALL_ON, "{threads: 8, start: true}",
         "drift NotRunning now=0: does not run, wanted 8 threads"},
	{"stopped, other versions and pool mode", "0\n", ALL_ON,
         "{threads: 8, start: true, versions: [4.2], pool-mode: pernode}",
         "drift NotRunning now=0: does not run, wanted 8 threads"},
	{"running as wanted", "8\n", ALL_ON, "{threads: 8}", "ok  now=8: "},
	{"running as wanted, start true", "8\n", ALL_ON, "{threads: 8, start: true}",
         "ok  now=8: "},
	{"running with more", "64\n", ALL_ON, "{threads: 8}",
         "drift LiveDiffers now=64: 64 threads, wanted 8"},
	{"running with less, start true", "1\n", ALL_ON, "{threads: 8, start: true}",
         "drift LiveDiffers now=1: 1 threads, wanted 8"},
	{"versions as wanted", "8\n", NEW_ON, "{threads: 8, versions: [4.1, 4.2]}",
         "ok  now=8: "},
	{"versions in another order", "8\n", NEW_ON,
         "{threads: 8, versions: [4.2, '4.1']}", "ok  now=8: "},
	{"versions differ", "8\n", ALL_ON, "{threads: 8, versions: [4.1, 4.2]}",
         "failed NfsdBusy now=8: versions cannot be changed while the server runs"},
	{"a version more is wanted", "8\n", NEW_ON,
         "{threads: 8, versions: [3, 4.1, 4.2]}",
         "failed NfsdBusy now=8: versions cannot be changed while the server runs"},
	{"versions of an old kernel", "8\n", "-2 -3 +4 -4.0 +4.1 +4.2\n",
         "{threads: 8, versions: [4.1, 4.2]}", "ok  now=8: "},
	{"a kernel without version 3", "8\n", "+4 -4.0 +4.1 +4.2\n",
         "{threads: 8, versions: [4.1, 4.2]}", "ok  now=8: "},
	{"versions before threads", "64\n", ALL_ON, "{threads: 8, versions: [4.2]}",
         "failed NfsdBusy now=64: versions cannot be changed while the server runs"},
	{"pool mode as wanted", "8\n", ALL_ON, "{threads: 8, pool-mode: global}",
         "ok  now=8: "},
	{"pool mode differs", "8\n", ALL_ON, "{threads: 8, pool-mode: pernode}",
         "failed NfsdBusy now=8: pool-mode cannot be changed while the server runs"},
};

static struct resource *nfsd(const char *yaml_text, struct problems *ps)
{
	return resource_new(&kind_nfsd, keep_text(mem_format("nfsd: %s", yaml_text)), ps);
}

static void test_look(void **state)
{
	const struct looked *row = *state;
	struct resource *r = nfsd(row->yaml, NULL);
	const char *before;

	if (row->threads)
		server(row->threads, row->versions);
	before = tmproot_snapshot();
	assert_string_equal(resource_told(r), row->told);
	assert_string_equal(resource_told(r), row->told);
	assert_string_equal(tmproot_snapshot(), before);
}

static void test_waits(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true}", NULL);

	(void)state;
	r->waits = true;
	assert_string_equal(resource_told(r),
	                    "pending Waits now=NULL: the nfsd module is not loaded yet");
	/* what is not to be started does not wait */
	r = nfsd("{threads: 8}", NULL);
	r->waits = true;
	assert_part(resource_told(r), "skipped NfsdNotRunning");
	server("0\n", ALL_ON);
	r = nfsd("{threads: 8, start: true}", NULL);
	r->waits = true;
	assert_part(resource_told(r), "drift NotRunning");
}

static const struct bad {
	const char *yaml, *told; /* behind "nfsd: " */
} bads[] = {
	{"{}", "1:7: threads: is missing\n"},
	{"{threads: 0}", "1:17: threads \"0\": out of range (1 to 8192)\n"},
	{"{threads: 8193}", "1:17: threads \"8193\": out of range (1 to 8192)\n"},
	{"{threads: = cpus}", "1:17: threads \"= cpus\": should be a whole number\n"},
	{"{threads: [8]}", "1:17: threads: is a list, should be a whole number\n"},
	{"{threads: 8, start: yes}", "1:27: start \"yes\": should be true or false\n"},
	{"{threads: 8, versions: [4]}",
         "1:31: versions \"4\": not known (one of: 3, 4.0, 4.1, 4.2)\n"},
	{"{threads: 8, versions: [4.1, 2, 4.3]}",
         "1:36: versions \"2\": not known (one of: 3, 4.0, 4.1, 4.2)\n"
         "1:39: versions \"4.3\": not known (one of: 3, 4.0, 4.1, 4.2)\n"},
	{"{threads: 8, versions: 4.1}",
         "1:30: versions: is a single value, should be a list\n"},
	{"{threads: 8, pool-mode: pernodes}",
         "1:31: pool-mode \"pernodes\": not known (did you mean \"pernode\"?)\n"},
	{"{threads: 8, pool-mode: x}",
         "1:31: pool-mode \"x\": not known (one of: global, percpu, pernode, auto)\n"},
};

static void test_bad(void **state)
{
	const struct bad *row = *state;
	struct problems *ps = new_problems();

	(void)nfsd(row->yaml, ps);
	assert_string_equal(problems_text(ps), row->told);
}

/* A server that serves nothing cannot be meant. */
static void test_no_versions(void **state)
{
	struct problems *ps = new_problems();

	(void)state;
	(void)nfsd("{threads: 8, versions: []}", ps);
	assert_int_equal(ps->n, 1);
}

static void test_pin(void **state)
{
	struct resource *r = nfsd("{threads: 32}", NULL);
	struct err e;

	(void)state;
	server("64\n", ALL_ON);
	resource_look(r);
	assert_string_equal(r->change.remedy, "rpc.nfsd 32");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "32\n");
	/* a running server's versions and pools are left alone */
	assert_string_equal(tmproot_read(NFSD "versions"), ALL_ON);
	assert_string_equal(resource_told(r), "ok  now=32: ");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "64\n");
}

static void test_start(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true, pool-mode: percpu}", NULL);
	struct err e;

	(void)state;
	server("0\n", ALL_ON);
	resource_look(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "8\n");
	assert_string_equal(tmproot_read(NFSD "versions"), ALL_ON);
	assert_string_equal(tmproot_read(POOL_MODE), "percpu\n");
	assert_string_equal(resource_told(r), "ok  now=8: ");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NFSD "threads"), "0\n");
}

/* Versions are written one by one: what is left is the last of them. */
static void test_start_versions(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true, versions: [4.1]}", NULL);
	struct err e;

	(void)state;
	server("0\n", "\n");
	resource_look(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NFSD "versions"), "-4.2\n");
	assert_string_equal(tmproot_read(NFSD "threads"), "8\n");
}

static void test_refused(void **state)
{
	struct resource *r = nfsd("{threads: 8}", NULL);
	enum reason reason;
	struct err e;

	(void)state;
	server("64\n", ALL_ON);
	tmproot_protect(NFSD "threads");
	resource_look(r);
	assert_int_equal(resource_apply(r, &reason, &e), -ELOOP);
	assert_int_equal(reason, REASON_REFUSED_BY_KERNEL);
	assert_part(e.text, "open /proc/fs/nfsd/threads: ");
	assert_part(resource_told(r), "now=64");
}

/* A start that fails leaves what is only set before a start as it was. */
static void test_refused_start(void **state)
{
	struct resource *r = nfsd("{threads: 8, start: true, pool-mode: percpu}", NULL);
	struct err e;

	(void)state;
	server("0\n", ALL_ON);
	tmproot_protect(NFSD "threads");
	resource_look(r);
	assert_int_equal(resource_apply(r, NULL, &e), -ELOOP);
	/* as the engine does for a reversible kind whose write failed */
	(void)r->kind->revert(r, &tmproot.host, &e);
	assert_string_equal(tmproot_read(POOL_MODE), "global\n");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, looks, test_look);
	suite_test(&s, "waits for the module", test_waits);
	suite_rows(&s, bads, test_bad);
	suite_test(&s, "no versions at all", test_no_versions);
	suite_test(&s, "pin the threads of a running server", test_pin);
	suite_test(&s, "start a stopped server", test_start);
	suite_test(&s, "start with versions", test_start_versions);
	suite_test(&s, "refused", test_refused);
	suite_test(&s, "refused start", test_refused_start);
	return suite_run(&s);
}
