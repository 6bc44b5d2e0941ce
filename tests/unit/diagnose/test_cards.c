/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Network cards, with recorded answers of a kernel: this machine has no ENA. */
#include "bundle/bundle.h"
#include "diagnose/counters/counters.h"
#include "doc/node.h"
#include "host/net_statistics.h"
#include "host/recorded.h"
#include "measured.h"
#include "test.h"
#include "tmproot.h"

#define NET "/sys/class/net/ens5/"

static struct diagnose_run run;

static int setup(void **state)
{
	(void)tmproot_setup(state);
	run = (struct diagnose_run){.h = &tmproot.host};
	tmproot.host.record = bundle_new();
	tmproot_dir("/sys/class/net/lo");
	tmproot_write(NET "device/uevent", "DRIVER=ena\n");
	tmproot_write(NET "statistics/rx_packets", "100\n");
	tmproot_write(NET "statistics/rx_missed_errors", "x\n");
	return 0;
}

static int teardown(void **state)
{
	measures_done(&run.measures);
	bundle_free(tmproot.host.record);
	tmproot.host.record = NULL;
	return tmproot_teardown(state);
}

static const char *value_of(const char *name, const char *subject)
{
	return measured_value(&run, name, subject);
}

#define assert_card(name, value) assert_string_equal(value_of(name, "ens5"), value)

/* What the kernel answers from now on. */
static void answer(const char *statistics)
{
	struct err none = {0};

	(void)recorded_put(&tmproot.host, "net-statistics", "ens5", 0, &none,
	                   yaml_owned(statistics));
}

static void test_ena(void **state)
{
	void *first;

	(void)state;
	answer("{tx_timeout: 0, interface_down: 2, bw_in_allowance_exceeded: 10, "
	       "queue_0_tx_missed_tx: 4, queue_1_tx_missed_tx: 5, wd_expired: 3}");
	first = source_cards.begin(&run);
	tmproot_write(NET "statistics/rx_packets", "350\n");
	/* a reset: counters of the driver start again; a queue was added */
	answer("{tx_timeout: 1, interface_down: 3, bw_in_allowance_exceeded: 25, "
	       "conntrack_allowance_available: 4242, queue_0_tx_missed_tx: 1, "
	       "queue_1_tx_missed_tx: 9, queue_2_tx_missed_tx: 7, wd_expired: 3}");
	source_cards.end(&run, first);
	assert_card("card", "true");
	assert_string_equal(value_of("card", "lo"), "false");
	assert_string_equal(value_of("rx_packets", "lo"), "none");
	assert_card("rx_packets", "250");
	assert_card("rx_missed", "absent: /sys/class/net/ens5/statistics: has no "
	                         "rx_missed_errors");
	assert_card("bandwidth_in_exceeded", "15");
	assert_card("bandwidth_out_exceeded",
	            "absent: ethtool -S ens5: has no bw_out_allowance_exceeded");
	assert_card("missed_tx", "12");
	assert_card("tx_timeouts", "1");
	assert_card("ena_down", "1");
	assert_card("ena_watchdog", "0");
	assert_card("conntrack_available", "4242");
}

static void test_since_boot(void **state)
{
	(void)state;
	answer("{bw_in_allowance_exceeded: 10, missed_tx: 5, other: -1}");
	source_cards.end(&run, NULL);
	assert_card("rx_packets", "100");
	assert_card("bandwidth_in_exceeded", "10");
	assert_card("missed_tx", "5");
}

/* A first reading that failed gives no difference. */
static void test_failed(void **state)
{
	void *first;

	(void)state;
	first = source_cards.begin(&run);
	answer("{bw_in_allowance_exceeded: 10}");
	source_cards.end(&run, first);
	assert_part(value_of("bandwidth_in_exceeded", "ens5"), "absent: ");
	assert_card("conntrack_available", "none");
}

/* Names of 32 bytes are not terminated. */
static void test_build(void **state)
{
	static const char names[3 * 32] =
		"tx_timeout\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"queue_0_tx_unmask_interrupt_long\0unseen";
	static const uint64_t values[] = {1, UINT64_MAX, 3};
	_net_statistics_ struct net_statistics s;

	(void)state;
	net_statistics_build(names, values, 3, &s);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.list[0].name, "tx_timeout");
	assert_string_equal(s.list[1].name, "queue_0_tx_unmask_interrupt_long");
	assert_true(s.list[1].value == UINT64_MAX);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_test(&s, "ENA", test_ena);
	suite_test(&s, "since boot", test_since_boot);
	suite_test(&s, "failed", test_failed);
	suite_test(&s, "names and values", test_build);
	return suite_run(&s);
}
