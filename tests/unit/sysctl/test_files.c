/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Files below /sys that have the value of a sysctl, too. */
#include "base/mem.h"
#include "resource.h"
#include "resource/kinds.h"
#include "sysctl/files.h"
#include "test.h"
#include "tmproot.h"

#define HUGEPAGES "/sys/kernel/mm/hugepages/hugepages-2048kB/"

static const char *file_of(const char *key)
{
	return keep_text(sysctl_file(key, &tmproot.host));
}

static void test_none(void **state)
{
	(void)state;
	assert_null(sysctl_file("vm.swappiness", &tmproot.host));
	assert_null(sysctl_file("vm.swappiness", NULL));
}

/* Of the default size, which the node has. */
static void test_hugepages(void **state)
{
	(void)state;
	assert_null(sysctl_file("vm.nr_hugepages", NULL));
	assert_null(sysctl_file("vm.nr_hugepages", &tmproot.host));
	tmproot_write("/proc/meminfo", "MemTotal: 1 kB\n");
	assert_null(sysctl_file("vm.nr_hugepages", &tmproot.host));
	tmproot_write("/proc/meminfo", "MemTotal: 1 kB\nHugepagesize:       2048 kB\n");
	assert_string_equal(file_of("vm.nr_hugepages"), HUGEPAGES "nr_hugepages");
	assert_string_equal(file_of("vm.nr_hugepages_mempolicy"),
	                    HUGEPAGES "nr_hugepages");
	assert_string_equal(file_of("vm.nr_overcommit_hugepages"),
	                    HUGEPAGES "nr_overcommit_hugepages");
}

/* Known without the node: the profile alone says that one file is set twice. */
static void test_parameters(void **state)
{
	(void)state;
	assert_string_equal(keep_text(sysctl_file("kernel.panic", NULL)),
	                    "/sys/module/kernel/parameters/panic");
	assert_string_equal(file_of("net.netfilter.nf_conntrack_buckets"),
	                    "/sys/module/nf_conntrack/parameters/hashsize");
	assert_string_equal(file_of("sunrpc.max_resvport"),
	                    "/sys/module/sunrpc/parameters/max_resvport");
	assert_string_equal(file_of("fs.nfs.idmap_cache_timeout"),
	                    "/sys/module/nfs/parameters/nfs_idmap_cache_timeout");
	assert_null(sysctl_file("kernel.panic_on_oops", NULL));
}

static void test_kind(void **state)
{
	struct resource *r = resource_new(&kind_sysctl, "vm/nr_hugepages: 8", NULL);

	(void)state;
	tmproot_write("/proc/meminfo", "MemTotal: 1 kB\nHugepagesize: 2048 kB\n");
	assert_string_equal(keep_text(kind_sysctl.files(r, &tmproot.host)),
	                    HUGEPAGES "nr_hugepages");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_test(&s, "a key without such a file", test_none);
	suite_test(&s, "huge pages", test_hugepages);
	suite_test(&s, "parameters of modules", test_parameters);
	suite_test(&s, "of a resource", test_kind);
	return suite_run(&s);
}
