/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "host/module/module.h"
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

/* A link to itself: what cannot be read is neither built in nor absent. */
static void test_unreadable(void **state)
{
	static const char *const names[] = {"initstate", "sunrpc"};
	static const char *const links[] = {"/sys/module/xfs/initstate",
	                                    "/sys/module/sunrpc"};
	enum host_module found;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		tmproot_link(links[i], names[i]);
		assert_int_equal(
			host_module_find(&tmproot.host, i ? "sunrpc" : "xfs", &found, &e),
			-ELOOP);
		assert_part(e.text, links[i]);
	}
}

/* --- indexes --------------------------------------------------------------------------
 */

/*
 * Write an index as depmod does, of "key value" lines: a tree with a node for each
 * character of the keys. Integers have 32 bits, big-endian.
 */
#define NODE_VALUES 0x40000000U
#define NODE_CHILDS 0x20000000U
#define FIRST       '*'
#define LAST        'z'

static void put_u32(FILE *f, uint32_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		(void)fputc((int)(n >> shift & 0xff), f);
}

/* `entries` are those whose keys start with the `depth` characters of the first. */
static uint32_t put_node(FILE *f, const char *const *entries, size_t n, size_t depth)
{
	uint32_t childs[LAST - FIRST + 1] = {0}, at;
	bool leaf = entries[0][depth] == ' ';

	for (size_t i = leaf, end; i < n; i = end) {
		char c = entries[i][depth];

		for (end = i; end < n && entries[end][depth] == c; end++)
			;
		childs[c - FIRST] = put_node(f, entries + i, end - i, depth + 1);
	}
	at = (uint32_t)ftell(f);
	(void)fputc(FIRST, f);
	(void)fputc(LAST, f);
	for (size_t i = 0; i < ARRAY_SIZE(childs); i++)
		put_u32(f, childs[i]);
	if (!leaf)
		return at | NODE_CHILDS;
	put_u32(f, 1); /* values */
	put_u32(f, 0); /* priority */
	(void)fwrite(entries[0] + depth + 1, strlen(entries[0] + depth + 1) + 1, 1, f);
	return at | NODE_CHILDS | NODE_VALUES;
}

/* `entries` are sorted. */
static void write_index(const char *name, const char *const *entries, size_t n)
{
	const char *path = keep_text(mem_format("%s" LIB "%s", tmproot.path, name));
	uint32_t root;
	FILE *f;

	tmproot_write(keep_text(mem_format(LIB "%s", name)), "");
	f = fopen(path, "w");
	assert_non_null(f);
	put_u32(f, 0xb007f457);
	put_u32(f, 0x00020001);
	put_u32(f, 0);
	root = put_node(f, entries, n, 0);
	assert_int_equal(fseek(f, 8, SEEK_SET), 0);
	put_u32(f, root);
	assert_int_equal(fclose(f), 0);
}

static void write_indexes(void)
{
	static const char *const dep[] = {
		"dm_mod kernel/drivers/md/dm-mod.ko:",
		"nf_conntrack kernel/net/netfilter/nf_conntrack.ko: kernel/lib/x.ko",
		"nfs kernel/fs/nfs/nfs.ko:", "nfsd kernel/fs/nfsd/nfsd.ko:"};
	static const char *const alias[] = {"fs_nfs nfs", "ip_conntrack nf_conntrack",
	                                    "nfs4 nfs"};
	static const char *const builtin[] = {"unix "};
	static const char *const builtin_alias[] = {"net_pf_1 unix"};

	write_index("modules.dep.bin", dep, ARRAY_SIZE(dep));
	write_index("modules.alias.bin", alias, ARRAY_SIZE(alias));
	write_index("modules.builtin.bin", builtin, ARRAY_SIZE(builtin));
	write_index("modules.builtin.alias.bin", builtin_alias,
	            ARRAY_SIZE(builtin_alias));
}

static const struct row indexed[] = {
	{"nfsd", L},
	{"nf_conntrack", A},
	{"nf-conntrack", A},
	{"ip_conntrack", A},
	{"ip-conntrack", A},
	{"nfs4", A},
	{"dm-mod", A},
	{"unix", B},
	{"net-pf-1", B},
	/* /proc/modules shows a module that no index knows: made outside the tree */
	{"br_netfilter", L},
	/* the text lists do not count beside an index */
	{"tcp_bbr", M},
	{"nf_conntrac", M},
	{"ip_conntrackx", M},
	/* modprobe.d */
	{"my_alias", A},
	{"shop_made", A},
	{"off", HOST_MODULE_DISABLED},
	{"off_too", HOST_MODULE_DISABLED},
	{"off-too", HOST_MODULE_DISABLED},
	{"nfsd", L}, /* loaded before it was disabled */
	{"half_off", HOST_MODULE_DISABLED},
	{"true_story", A},
	{"other_alias", M},
};

static void test_indexed(void **state)
{
	const struct row *row = *state;

	write_indexes();
	tmproot_write("/etc/modprobe.d/a.conf", "alias my_alias nfs\n");
	tmproot_write("/usr/lib/modprobe.d/b.conf",
	              "install shop_made modprobe --ignore-install shop_made && true\n"
	              "install off /bin/false\ninstall off-too /usr/bin/true  now\n"
	              "install nfsd :\ninstall true_story true; modprobe x\n"
	              "alias half_off nfs\nalias half_off off\n");
	tmproot_write("/etc/modprobe.d/a.txt", "alias other_alias nfs\n");
	assert_int_equal(find(row->name), row->found);
}

/* The module that an alias names must be loaded. */
static void test_alias_of_loaded(void **state)
{
	(void)state;
	write_indexes();
	tmproot_write("/proc/modules", "nf_conntrack 1 0 - Live 0x0\n");
	assert_int_equal(find("ip_conntrack"), L);
	tmproot_write("/proc/modules", "nf_conntrack 1 0 - Loading 0x0\n");
	assert_int_equal(find("ip_conntrack"), A);
}

/* The kernel shows what is built in, or being unloaded, without any list. */
static void test_sysfs(void **state)
{
	(void)state;
	tmproot_remove(LIB "modules.dep");
	tmproot_remove(LIB "modules.builtin");
	tmproot_dir("/sys/module/tcp_cubic/parameters");
	assert_int_equal(find("tcp-cubic"), B);
	tmproot_write("/sys/module/nfs/initstate", "live\n");
	assert_int_equal(find("nfs"), L);
	tmproot_write("/sys/module/nfsd/initstate", "going\n");
	assert_int_equal(find("nfsd"), HOST_MODULE_UNKNOWN);
}

/* A damaged index: unknown, and the program continues. */
static void test_damaged(void **state)
{
	enum host_module found;
	struct err e = {0};

	(void)state;
	write_indexes();
	assert_int_equal(
		truncate(keep_text(mem_format("%s" LIB "modules.dep.bin", tmproot.path)),
	                 12),
		0);
	assert_int_equal(host_module_find(&tmproot.host, "nfs", &found, &e), -EBADMSG);
	assert_string_equal(e.text, "look up module nfs: " LIB
	                            "modules.dep.bin: is damaged (run depmod -a)");
	assert_int_equal(find("br_netfilter"), L);
}

/* A link in the tree does not lead to the lists of this machine. */
static void test_outside(void **state)
{
	(void)state;
	write_indexes();
	assert_int_equal(rename(keep_text(mem_format("%s/lib/modules", tmproot.path)),
	                        keep_text(mem_format("%s/modules", tmproot.outside))),
	                 0);
	tmproot_link("/lib/modules",
	             keep_text(mem_format("%s/modules", tmproot.outside)));
	assert_int_equal(find("nfs"), HOST_MODULE_UNKNOWN);
}

static void test_empty_lists(void **state)
{
	(void)state;
	tmproot_write("/proc/modules", "");
	tmproot_write(LIB "modules.builtin", "");
	tmproot_write(LIB "modules.dep", "");
	assert_int_equal(find("nfsd"), HOST_MODULE_MISSING);
}

static void test_unreadable_sysfs(void **state)
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
	assert_int_equal(host_module_load(&tmproot.host, "nfsd", &e), -ENOTSUP);
	assert_part(e.text, "is a captured tree, not a live host");
	tmproot.host.live = true;
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
	suite_rows(&s, indexed, test_indexed);
	suite_test(&s, "alias of a loaded module", test_alias_of_loaded);
	suite_test(&s, "state in sysfs", test_sysfs);
	suite_test(&s, "sysfs that cannot be read", test_unreadable_sysfs);
	suite_test(&s, "damaged index", test_damaged);
	suite_test(&s, "lists outside of the root", test_outside);
	suite_test(&s, "no lists", test_no_lists);
	suite_test(&s, "empty lists", test_empty_lists);
	suite_test(&s, "unreadable", test_unreadable);
	suite_test(&s, "load runs the host's modprobe", test_load);
	return suite_run(&s);
}
