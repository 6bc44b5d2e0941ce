/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "host/facts.h"
#include "host/open.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

static struct host_facts facts;

static int teardown(void **state)
{
	host_facts_done(&facts);
	return tmproot_teardown(state);
}

static void read_facts(void)
{
	host_facts_read(&tmproot.host, &facts);
}

static const struct host_size *read_size(void)
{
	const struct host_size *size = NULL;
	struct err e = {0};

	if (host_facts_size(&facts, &size, &e) < 0)
		fail_msg("%s", e.text);
	return size;
}

static int setup(void **state)
{
	int r = tmproot_setup(state);

	tmproot_write("/sys/devices/system/cpu/online", "0-7\n");
	tmproot_write("/proc/meminfo", "MemTotal:  1024 kB\n");
	return r;
}

/*
 * The static CPU manager limits a pod to a few CPUs: the facts are those of the node all
 * the same.
 */
static void test_affinity(void **state)
{
	struct host live;
	cpu_set_t all, one;
	struct err e = {0};

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	if (CPU_COUNT(&all) < 2 || access("/sys/devices/system/cpu/online", R_OK) < 0)
		skip();
	CPU_ZERO(&one);
	for (size_t i = 0; CPU_COUNT(&one) == 0; i++)
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &one);
	assert_int_equal(host_open(&live, "/", &e), 0);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	host_facts_read(&live, &facts);
	(void)read_size();
	host_close(&live);
	(void)sched_setaffinity(0, sizeof(all), &all);
	assert_int_equal(read_size()->cpus, sysconf(_SC_NPROCESSORS_ONLN));
}

#define DMI "/sys/class/dmi/id/"

static const struct row {
	const char *name, *path, *text;
	size_t offset;
	const char *value;
} rows[] = {
#define FACT(fact) offsetof(struct host_facts, fact)
	{"arch", "/proc/sys/kernel/arch", "aarch64\n", FACT(arch), "aarch64"},
	{"hostname", "/proc/sys/kernel/hostname", "ip-10-0-0-1.ec2.internal\n",
         FACT(hostname), "ip-10-0-0-1.ec2.internal"},
	{"hostname of a file", "/etc/hostname", "node-1\n", FACT(hostname), "node-1"},
	{"variant", "/etc/os-release", "ID=bottlerocket\nVARIANT_ID=aws-k8s-1.31\nX=y\n",
         FACT(variant), "aws-k8s-1.31"},
	{"variant on the first line", "/etc/os-release", "VARIANT_ID='a'", FACT(variant),
         "a"},
	{"quoted variant", "/usr/lib/os-release", "ID=x\nVARIANT_ID=\"server\"\n",
         FACT(variant), "server"},
	{"no variant", "/etc/os-release", "ID=debian\nMY_VARIANT_ID=x\n", FACT(variant),
         ""},
	{"another vendor", DMI "sys_vendor", "QEMU\n", FACT(instance_type), ""},
	{"EC2 on Xen", DMI "sys_vendor", "Xen\n", FACT(instance_type), NULL},
	{"EC2 without a product", DMI "sys_vendor", "Amazon EC2\n", FACT(instance_type),
         NULL},
};

static void test_row(void **state)
{
	const struct row *row = *state;

	tmproot_write(row->path, row->text);
	read_facts();
	assert_text(*(char **)(void *)((char *)&facts + row->offset), row->value);
}

static void test_instance_type(void **state)
{
	(void)state;
	tmproot_write(DMI "sys_vendor", "Amazon EC2\n");
	tmproot_write(DMI "product_name", "i3en.2xlarge\n");
	read_facts();
	assert_text(facts.instance_type, "i3en.2xlarge");
}

static int64_t read_gbps(void)
{
	struct err e;
	int64_t gbps;

	assert_int_equal(host_nic_gbps(&tmproot.host, &gbps, &e), 0);
	return gbps;
}

static void test_nic(void **state)
{
	(void)state;
	assert_int_equal(read_gbps(), HOST_FACTS_NIC_GBPS);
	tmproot_write("/sys/class/net/eth0/device/x", "");
	tmproot_write("/sys/class/net/eth0/speed", "-1\n");
	tmproot_write("/sys/class/net/eth1/device/x", "");
	tmproot_write("/sys/class/net/eth1/speed", "100000\n");
	tmproot_write("/sys/class/net/bridge/speed", "400000\n");
	assert_int_equal(read_gbps(), 100);
	read_facts();
	assert_int_equal(facts.nic_gbps, 0);
}

/* A link that leads to itself cannot be read. */
static void assert_unknown_nic(const char *path, const char *target)
{
	int64_t gbps;
	struct err e;

	tmproot_link(path, target);
	assert_int_equal(host_nic_gbps(&tmproot.host, &gbps, &e), -ELOOP);
	tmproot_remove(path);
}

static void test_unknown_nic(void **state)
{
	int64_t gbps;
	struct err e;

	(void)state;
	tmproot_dir("/sys/class");
	assert_unknown_nic("/sys/class/net", "net");
	tmproot_write("/sys/class/net/eth0/device/x", "");
	tmproot_write("/sys/class/net/eth0/speed", "25000\n");
	tmproot_dir("/sys/class/net/eth1");
	assert_unknown_nic("/sys/class/net/eth1/device", "device");
	tmproot_write("/sys/class/net/eth1/device/x", "");
	assert_unknown_nic("/sys/class/net/eth1/speed", "speed");
	tmproot_write("/sys/class/net/eth1/speed", "fast\n");
	assert_int_equal(host_nic_gbps(&tmproot.host, &gbps, &e), -EBADMSG);
}

static void test_nothing(void **state)
{
	(void)state;
	read_facts();
	assert_int_equal(read_size()->cpus, 8);
	assert_int_equal(read_size()->memory, 1024 * 1024);
	assert_null(facts.arch);
	assert_null(facts.instance_type);
	assert_null(facts.variant);
	assert_null(facts.hostname);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "cpus without the affinity of the process", test_affinity);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "instance type", test_instance_type);
	suite_test(&s, "the fastest interface", test_nic);
	suite_test(&s, "an interface that cannot be read", test_unknown_nic);
	suite_test(&s, "texts that cannot be read", test_nothing);
	return suite_run(&s);
}
