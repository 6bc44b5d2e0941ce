/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "host/module.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIB "/lib/modules/6.12.0-test/"

#define L HOST_MODULE_LOADED
#define B HOST_MODULE_BUILTIN
#define A HOST_MODULE_AVAILABLE
#define M HOST_MODULE_MISSING

static const struct row {
	const char *name;
	enum host_module found;
} rows[] = {
	{"nfsd", L},           {"sunrpc", L},    {"last_one", L},
	{"br-netfilter", L},                                  /* - and _ are the same */
	{"br_netfilter", L},   {"nfs", M},                    /* only a part of a name */
	{"nfsdx", M},          {"un", M},        {"Live", M}, /* not a name */
	{"unix", B},           {"tcp_cubic", B}, {"tcp-cubic", B},
	{"crc32c_generic", B}, {"cubic", M},     {"tcp_bbr", A},
	{"tcp-bbr", A},        {"sch_fq", A},    {"dm-mod", A},
	{"dm_mod", A},         {"first", A},     {"bbr", M},
	{"tcp_bb", M},         {"tcp_bbrr", M},  {"ko", M},
	{"a_dependency", M}, /* named only after a colon: has no line */
	{"xfs.ko", M},
};

static int setup(void **state)
{
	(void)tmproot_setup(state);
	tmproot_write("/proc/modules",
	              "nfsd 548864 11 - Live 0x0000000000000000\n"
	              "br_netfilter 32768 0 - Live 0x0000000000000000\n"
	              "sunrpc 692224 19 nfsd,lockd, Live 0x0000000000000000\n"
	              "last_one 16384 0 - Live 0x0000000000000000");
	tmproot_write(LIB "modules.builtin", "kernel/net/unix/unix.ko\n"
	                                     "kernel/net/ipv4/tcp_cubic.ko\n"
	                                     "kernel/crypto/crc32c_generic.ko\n");
	tmproot_write(LIB "modules.dep",
	              "first.ko:\n"
	              "kernel/net/ipv4/tcp_bbr.ko.xz:\n"
	              "kernel/net/sched/sch_fq.ko.zst: kernel/lib/a_dependency.ko.zst\n"
	              "kernel/fs/nfsd/nfsd.ko: kernel/net/sunrpc/sunrpc.ko\n"
	              "kernel/drivers/md/dm-mod.ko: kernel/drivers/dax/dax.ko\n");
	return 0;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	enum host_module found = HOST_MODULE_UNKNOWN;
	struct err e = {0};

	assert_int_equal(host_module_find(&tmproot.host, row->name, &found, &e), 0);
	assert_int_equal(found, row->found);
}

static enum host_module find(const char *name)
{
	enum host_module found = HOST_MODULE_MISSING;
	struct err e = {0};

	assert_int_equal(host_module_find(&tmproot.host, name, &found, &e), 0);
	return found;
}

/* Without modules.dep no module is known to be missing. */
static void test_no_lists(void **state)
{
	(void)state;
	tmproot_remove(LIB "modules.dep");
	assert_int_equal(find("nfsd"), HOST_MODULE_LOADED);
	assert_int_equal(find("unix"), HOST_MODULE_BUILTIN);
	assert_int_equal(find("tcp_bbr"), HOST_MODULE_UNKNOWN);
	tmproot_remove(LIB "modules.builtin");
	assert_int_equal(find("unix"), HOST_MODULE_UNKNOWN);
	tmproot_remove("/proc/modules");
	assert_int_equal(find("nfsd"), HOST_MODULE_UNKNOWN);
}

static void test_empty_lists(void **state)
{
	(void)state;
	tmproot_write("/proc/modules", "");
	tmproot_write(LIB "modules.builtin", "");
	tmproot_write(LIB "modules.dep", "");
	assert_int_equal(find("nfsd"), HOST_MODULE_MISSING);
}

static void test_unreadable(void **state)
{
	enum host_module found;
	struct err e = {0};

	(void)state;
	tmproot_remove("/proc/modules");
	tmproot_dir("/proc/modules");
	assert_int_equal(host_module_find(&tmproot.host, "nfsd", &found, &e), -EISDIR);
	assert_string_equal(e.text, "read /proc/modules: Is a directory");
}

/* The host's modprobe, in the host's root: the only one that is not a program. */
static void test_load(void **state)
{
	struct err e = {0};

	(void)state;
	if (geteuid() != 0)
		skip();
	tmproot_write("/usr/sbin/modprobe", "no program");
	assert_int_equal(
		chmod(keep_text(mem_format("%s/usr/sbin/modprobe", tmproot.path)), 0755),
		0);
	assert_true(host_module_load(&tmproot.host, "nfsd", &e) < 0);
	assert_part(e.text, "modprobe: ");
	assert_part(e.text, "run /usr/sbin/modprobe: ");
	assert_null(strstr(e.text, "No such file"));
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, tmproot_teardown);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "no lists", test_no_lists);
	suite_test(&s, "empty lists", test_empty_lists);
	suite_test(&s, "unreadable", test_unreadable);
	suite_test(&s, "load runs the host's modprobe", test_load);
	return suite_run(&s);
}
