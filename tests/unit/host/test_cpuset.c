/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Sets of CPUs as the kernel writes them, and the interrupts of a device. */
#include "base/mem.h"
#include "host/cpuset.h"
#include "host/interrupts.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <string.h>

static const struct row {
	const char *name, *list, *mask;
	unsigned n;
} rows[] = {
	{"none", "", "0", 0},
	{"one", "0", "1", 1},
	{"a range", "0-3", "f", 4},
	{"gaps", "0-1,3,8-9", "30b", 5},
	{"two groups", "31-33", "3,80000000", 3},
	{"a group of zeros", "64", "1,00000000,00000000", 1},
	{"the last", "8191", NULL, 1},
};

static void test_forms(void **state)
{
	const struct row *row = *state;
	struct cpuset cpus, same;

	assert_true(cpuset_parse_list(row->list, &cpus));
	assert_int_equal(cpuset_count(&cpus), row->n);
	assert_string_equal(keep_text(cpuset_list(&cpus)), row->list);
	if (!row->mask)
		return;
	assert_string_equal(keep_text(cpuset_mask(&cpus)), row->mask);
	assert_true(cpuset_parse_mask(row->mask, &same));
	assert_memory_equal(&cpus, &same, sizeof(cpus));
}

static void test_bad(void **state)
{
	static const char *const lists[] = {"-",  "1-",   "3-1", "1,",      ",1",
	                                    "a",  " 1",   "1 ",  "0-99999", "8192",
	                                    "-1", "1--2", "0x1", "1,,2",    "4294967296"};
	static const char *const masks[] = {"",   "g",         ",f",   "f,", "-",
	                                    "f ", "123456789", "f,,f", " ",  "0x1"};
	struct cpuset cpus;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (cpuset_parse_list(lists[i], &cpus))
			fail_msg("\"%s\" is no list", lists[i]);
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++)
		if (cpuset_parse_mask(masks[i], &cpus))
			fail_msg("\"%s\" is no mask", masks[i]);
	/* a mask of more CPUs than Linux can have */
	char long_mask[9 * 300] = "f";

	for (size_t i = 1; i + 9 < sizeof(long_mask); i += 9)
		memcpy(long_mask + i, ",00000000", 10);
	assert_false(cpuset_parse_mask(long_mask, &cpus));
}

static void test_sets(void **state)
{
	struct cpuset a, b;

	(void)state;
	(void)cpuset_parse_list("0-5", &a);
	(void)cpuset_parse_list("4-9", &b);
	cpuset_remove(&a, &b);
	assert_string_equal(keep_text(cpuset_list(&a)), "0-3");
	cpuset_unite(&a, &b);
	assert_string_equal(keep_text(cpuset_list(&a)), "0-9");
	cpuset_intersect(&a, &b);
	assert_string_equal(keep_text(cpuset_list(&a)), "4-9");
	assert_int_equal(cpuset_next(&a, 0), 4);
	assert_int_equal(cpuset_next(&a, 10), CPUSET_MAX);
	cpuset_add(&a, CPUSET_MAX);
	assert_false(cpuset_has(&a, CPUSET_MAX));
}

/* --- interrupts ------------------------------------------------------------------------
 */

#define DEVICE "/sys/devices/pci0000:00/0000:00:05.0"

static void interrupt(unsigned number, const char *action, const char *effective)
{
	tmproot_write(keep_text(mem_format(DEVICE "/msi_irqs/%u", number)), "msix\n");
	tmproot_write(keep_text(mem_format("/sys/kernel/irq/%u/actions", number)),
	              action);
	tmproot_write(
		keep_text(mem_format("/proc/irq/%u/effective_affinity_list", number)),
		effective);
	tmproot_write(keep_text(mem_format("/proc/irq/%u/smp_affinity_list", number)),
	              "0-7\n");
}

static void test_interrupts(void **state)
{
	_interrupts_ struct host_interrupts in = {0};
	struct err e;

	(void)state;
	interrupt(101, "eth0-Tx-Rx-1\n", "5\n");
	interrupt(9, "eth0-Tx-Rx-0\n", "\n");
	interrupt(102, "\n", "6\n"); /* a vector without a driver */
	assert_int_equal(host_interrupts_read(&tmproot.host, DEVICE, &in, &e), 0);
	assert_int_equal(in.n, 2);
	assert_int_equal(in.list[0].number, 9);
	assert_string_equal(keep_text(cpuset_list(&in.list[0].cpus)), "0-7");
	assert_string_equal(in.list[1].action, "eth0-Tx-Rx-1");
	assert_string_equal(keep_text(cpuset_list(&in.list[1].cpus)), "5");
}

static void test_line(void **state)
{
	_interrupts_ struct host_interrupts in = {0};
	struct err e;

	(void)state;
	tmproot_write("/sys/kernel/irq/11/actions", "eth0\n");
	tmproot_write("/proc/irq/11/effective_affinity_list", "2\n");
	tmproot_write(DEVICE "/irq", "11\n");
	assert_int_equal(host_interrupts_read(&tmproot.host, DEVICE, &in, &e), 0);
	assert_int_equal(in.n, 1);
	assert_string_equal(in.list[0].action, "eth0");
	host_interrupts_done(&in);
	tmproot_write(DEVICE "/irq", "0\n");
	assert_int_equal(host_interrupts_read(&tmproot.host, DEVICE, &in, &e), 0);
	assert_int_equal(in.n, 0);
	assert_int_equal(host_interrupts_read(&tmproot.host, "/sys/none", &in, &e), 0);
	assert_int_equal(in.n, 0);
}

/* What is unknown is an error, not a device without interrupts. */
static void test_unknown(void **state)
{
	_interrupts_ struct host_interrupts in = {0};
	struct err e;

	(void)state;
	interrupt(9, "eth0-Tx-Rx-0\n", "many\n");
	assert_int_equal(host_interrupts_read(&tmproot.host, DEVICE, &in, &e), -EBADMSG);
	assert_part(e.text, "/proc/irq/9/effective_affinity_list: is no list of CPUs");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, rows, test_forms);
	suite_test(&s, "what is no set", test_bad);
	suite_test(&s, "sets", test_sets);
	suite_test(&s, "interrupts of a device", test_interrupts);
	suite_test(&s, "a device with a line", test_line);
	suite_test(&s, "interrupts that are unknown", test_unknown);
	return suite_run(&s);
}
