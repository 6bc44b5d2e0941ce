/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Names and numbers of interfaces: none is touched that only has the name of the one that
 * was looked at. */
#include "driver.h"

static const struct kind *const kinds_here[] = {&kind_rings, &kind_link, &kind_rps};
static const char *const texts_here[] = {"rings: {rx: max}", "mtu: 9001", "rps: \"1\""};

static void write_files(void)
{
	tmproot_write(NET "eth0/tx_queue_len", "1000\n");
	tmproot_write(NET "eth0/queues/rx-0/rps_cpus", "0\n");
	tmproot_write("/sys/devices/system/cpu/online", "0-3\n");
}

static void another_takes_the_name(void)
{
	tmproot_write(NET "eth0/ifindex", "7778\n");
}

/* Nothing of the run touches another interface that has the name meanwhile. */
static void test_renamed(void **state)
{
	(void)state;
	write_files();
	for (size_t i = 0; i < ARRAY_SIZE(kinds_here); i++) {
		struct resource *r = new_nic(kinds_here[i], texts_here[i]);
		enum reason reason;
		struct err e;

		tmproot_write(NET "eth0/ifindex", "7777\n");
		assert_part(resource_reported(r), "drift ");
		another_takes_the_name();
		assert_int_equal(resource_apply(r, &reason, &e), -ESTALE);
		assert_int_equal(reason, REASON_INTERFACE_GONE);
		assert_string_equal(resource_reported(r),
		                    "failed InterfaceGone now=NULL: another interface "
		                    "has the name eth0 now");
		/* a rollback that cannot be made is an error */
		assert_int_equal(r->kind->revert(r, &tmproot.host, &e), -ESTALE);
		/* the next run begins with what there is */
		r->run.observed = false;
		assert_part(resource_reported(r), "drift ");
		assert_int_equal(driver.writes, 0);
		assert_string_equal(tmproot_read(NET "eth0/mtu"), "1500\n");
		assert_string_equal(tmproot_read(NET "eth0/queues/rx-0/rps_cpus"), "0\n");
	}
}

/* Until a module of the profile is loaded, there is none: that is no other interface. */
static void test_brought(void **state)
{
	(void)state;
	write_files();
	for (size_t i = 0; i < ARRAY_SIZE(kinds_here); i++) {
		struct resource *r = new_nic(kinds_here[i], texts_here[i]);
		enum reason reason;
		struct err e;

		tmproot_remove(NET "eth0/ifindex");
		assert_null(strstr(resource_reported(r), "drift "));
		tmproot_write(NET "eth0/ifindex", "7777\n");
		assert_part(resource_reported(r), "drift ");
		another_takes_the_name();
		assert_int_equal(resource_apply(r, &reason, &e), -ESTALE);
	}
}

/* Written, and then another one is read: that is no success. */
static void test_renamed_later(void **state)
{
	struct resource *r = new_nic(&kind_rings, "rings: {rx: max}");
	struct err e;

	(void)state;
	resource_observe(r);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	another_takes_the_name();
	r->run.begun = true;
	assert_part(resource_reported(r), "failed InterfaceGone ");
	assert_int_equal(r->kind->revert(r, &tmproot.host, &e), -ESTALE);
	assert_int_equal(driver.writes, 1);
}

/* A number that cannot be read is unknown: nothing is written. */
static void test_number_unknown(void **state)
{
	static const char *const numbers[] = {"", "0\n", "-1\n", "eth0\n",
	                                      "4294967297\n"};
	struct resource *r = new_nic(&kind_rings, "rings: {rx: max}");
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		tmproot_write(NET "eth0/ifindex", numbers[i]);
		r->run.observed = false;
		assert_part(resource_reported(r), "failed NotReadable ");
	}
	tmproot_write(NET "eth0/ifindex", "7777\n");
	r->run.observed = false;
	assert_part(resource_reported(r), "drift ");
	tmproot_write(NET "eth0/ifindex", "?\n");
	assert_int_equal(resource_apply(r, NULL, &e), -EBADMSG);
	tmproot_remove(NET "eth0/ifindex");
	assert_int_equal(resource_apply(r, NULL, &e), -ENODEV);
	assert_int_equal(driver.writes, 0);
}

int main(void)
{
	static struct suite s;

	suite_fixture(driver_setup, driver_teardown);
	suite_test(&s, "another interface has the name", test_renamed);
	suite_test(&s, "a module brings the interface", test_brought);
	suite_test(&s, "another interface has the name after the write",
	           test_renamed_later);
	suite_test(&s, "the number of an interface is unknown", test_number_unknown);
	return suite_run(&s);
}
