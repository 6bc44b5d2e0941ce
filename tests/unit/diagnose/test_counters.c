/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The sources of counters, on a captured root: two readings, or one. */
#include "base/macro.h"
#include "base/mem.h"
#include "bundle/bundle.h"
#include "diagnose/counters/counters.h"
#include "doc/node.h"
#include "measured.h"
#include "test.h"
#include "tmproot.h"

#define ROW(a, b, c, cpu)                                                                \
	a " " b " " c " 00000000 00000000 00000000 00000000 00000000 00000000 00000000 " \
	  "00000000 00000000 " cpu "\n"

static void test_cpu(void **state)
{
	void *first;

	(void)state;
	tmproot_write("/proc/net/softnet_stat",
	              ROW("0000000a", "00000001", "00000000", "00000000")
	                      ROW("fffffff0", "00000000", "00000005", "00000007"));
	tmproot_write("/proc/softirqs",
	              "  CPU0 CPU7\n NET_RX: 10 4294967295\n BLOCK: 1 1\n");
	tmproot_write("/proc/stat",
	              "cpu 0\ncpu0 10 0 10 80 0 0 0 0\ncpu7 0 0 0 100 0 0 0 0\n");
	first = source_cpu.begin(&measured_run);
	/* CPU 0 went, CPU 9 came, CPU 7 wrapped */
	tmproot_write("/proc/net/softnet_stat",
	              ROW("00000010", "00000003", "00000006", "00000007")
	                      ROW("00000002", "00000001", "00000000", "00000009"));
	tmproot_write("/proc/softirqs", "  CPU7 CPU9\n NET_RX: 99 0\n BLOCK: 1 1\n");
	tmproot_write("/proc/stat",
	              "cpu 0\ncpu7 0 0 0 105 0 0 90 5\ncpu9 0 0 0 100 0 0 0 0\n");
	source_cpu.end(&measured_run, first);
	assert_measured("softnet_processed", "34");
	assert_measured("softnet_dropped", "4");
	assert_measured("softnet_dropped_by", "CPU 7: 3, CPU 9: 1");
	assert_measured("softnet_squeezed", "1");
	assert_measured("net_rx", "100");
	assert_measured("net_rx_top", "100 %");
	assert_measured("block", "1");
	assert_measured("steal", "2 %");
	assert_string_equal(measured_value(&measured_run, "cpu_softirq", "CPU 7"),
	                    "90 %");
	assert_string_equal(measured_value(&measured_run, "cpu_softirq", "CPU 9"), "0 %");
	assert_string_equal(measured_value(&measured_run, "cpu_softirq", "CPU 0"),
	                    "none");
}

static void test_since_boot(void **state)
{
	(void)state;
	tmproot_write("/proc/net/softnet_stat",
	              ROW("0000000a", "00000001", "00000000", "00000000"));
	tmproot_write("/proc/uptime", "864000.31 100.00\n");
	tmproot_write("/proc/vmstat",
	              "nr_dirty 3\nallocstall_dma 1\nallocstall_normal 5\n");
	source_cpu.end(&measured_run, NULL);
	source_clock.end(&measured_run, NULL);
	source_memory.end(&measured_run, NULL);
	assert_measured("softnet_dropped", "1");
	assert_measured("seconds", "864000");
	assert_measured("dirty", "12 KiB");
	assert_measured("allocation_stalls", "6");
}

/* What cannot be read is missing, and never zero. */
static void test_missing(void **state)
{
	void *first;

	(void)state;
	first = source_cpu.begin(&measured_run);
	tmproot_write("/proc/net/softnet_stat",
	              ROW("0000000a", "00000001", "00000000", "00000000"));
	tmproot_write("/proc/softirqs", "\n");
	tmproot_write("/proc/stat", "intr 3\n");
	source_cpu.end(&measured_run, first);
	/* there was no first reading */
	assert_part(measured_value(&measured_run, "softnet_dropped", ""), "absent: ");
	assert_part(measured_value(&measured_run, "softnet_dropped", ""),
	            "/proc/net/softnet_stat");
	assert_measured("net_rx", "absent: /proc/softirqs: lists no CPUs");
	assert_measured("steal", "absent: /proc/stat: lists no CPUs");
	tmproot_write("/proc/vmstat", "nr_dirty x\n");
	source_memory.end(&measured_run, NULL);
	assert_measured("dirty", "absent: /proc/vmstat: has no nr_dirty");
	source_clock.end(&measured_run, NULL);
	assert_part(measured_value(&measured_run, "seconds", ""), "absent: ");
}

static void test_protocol(void **state)
{
	void *first;

	(void)state;
	tmproot_write("/proc/net/netstat", "TcpExt: ListenOverflows\nTcpExt: 5\n");
	tmproot_write("/proc/net/sockstat",
	              "TCP: inuse 1 orphan 4 tw 0 alloc 1 mem 214\n");
	tmproot_write("/proc/sys/net/ipv4/tcp_mem", "100\t200\t300\n");
	first = source_protocol.begin(&measured_run);
	tmproot_write("/proc/net/netstat", "TcpExt: New ListenOverflows\nTcpExt: 1 7\n");
	source_protocol.end(&measured_run, first);
	assert_measured("listen_overflows", "2");
	assert_measured("tcp_memory", "856 KiB");
	assert_measured("tcp_memory_pressure", "800 KiB");
	assert_measured("tcp_memory_max", "1200 KiB");
	assert_measured("tcp_orphans", "4");
	assert_measured("conntrack", "0");
	assert_measured("conntrack_max", "0");
	assert_part(measured_value(&measured_run, "udp_dropped", ""), "absent: ");
	assert_part(measured_value(&measured_run, "somaxconn", ""), "absent: ");
}

static void test_tcp_mem_short(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/net/ipv4/tcp_mem", "100\n");
	source_protocol.end(&measured_run, NULL);
	assert_measured("tcp_memory_max",
	                "absent: /proc/sys/net/ipv4/tcp_mem: \"100\" has no such number");
}

static void test_pressure(void **state)
{
	(void)state;
	tmproot_write("/proc/pressure/cpu",
	              "some avg10=1.00 avg60=61.50 avg300=1.00 total=5\n");
	tmproot_write("/proc/pressure/io",
	              "full avg10=1.00 avg60=7.50 avg300=1.00 total=5\n");
	source_pressure.end(&measured_run, NULL);
	assert_measured("cpu_pressure", "61 %");
	assert_measured("io_pressure_full", "7 %");
	assert_measured("io_pressure", "absent: /proc/pressure/io: cannot be parsed");
	assert_part(measured_value(&measured_run, "memory_pressure", ""), "absent: ");
	assert_measured("pressure_on", "true");
}

static void test_pressure_off(void **state)
{
	(void)state;
	source_pressure.end(&measured_run, NULL);
	assert_part(measured_value(&measured_run, "pressure_on", ""), "absent: ");
	measures_done(&measured_run.measures);
	tmproot_write("/proc/vmstat", "nr_dirty 3\n");
	source_pressure.end(&measured_run, NULL);
	assert_measured("pressure_on", "false");
	assert_part(measured_value(&measured_run, "cpu_pressure", ""), "absent: ");
}

static void test_drives(void **state)
{
	void *first;

	(void)state;
	tmproot_write("/sys/block/nvme1n1/stat",
	              "100 0 800 50 200 9 1600 400 0 1000 2000\n");
	tmproot_write("/sys/block/loop0/stat",
	              "100 0 800 50 200 9 1600 400 0 1000 2000\n");
	tmproot_write("/sys/block/vda/stat", "x\n");
	tmproot_write("/sys/block/nvme1n1/device/state", "live\n");
	first = source_drives.begin(&measured_run);
	tmproot_write("/sys/block/nvme1n1/stat",
	              "100 0 800 50 240 9 1600 8400 5 1000 2000\n");
	source_drives.end(&measured_run, first);
	assert_string_equal(measured_value(&measured_run, "writes", "nvme1n1"), "40");
	assert_string_equal(measured_value(&measured_run, "write_ms", "nvme1n1"),
	                    "200 ms");
	assert_string_equal(measured_value(&measured_run, "reads", "nvme1n1"), "0");
	assert_string_equal(measured_value(&measured_run, "read_ms", "nvme1n1"), "0 ms");
	assert_string_equal(measured_value(&measured_run, "completed", "nvme1n1"), "40");
	assert_string_equal(measured_value(&measured_run, "in_flight", "nvme1n1"), "5");
	assert_string_equal(measured_value(&measured_run, "drive_state", "nvme1n1"),
	                    "live");
	assert_string_equal(measured_value(&measured_run, "nvme", "nvme1n1"), "true");
	assert_string_equal(measured_value(&measured_run, "media_errors", "nvme1n1"),
	                    "absent: unknown in a captured tree");
	assert_string_equal(measured_value(&measured_run, "limits_known", "nvme1n1"),
	                    "absent: unknown in a captured tree");
	assert_string_equal(measured_value(&measured_run, "limits_known", "vda"),
	                    "false");
	assert_string_equal(measured_value(&measured_run, "writes", "loop0"), "none");
	assert_string_equal(measured_value(&measured_run, "writes", "vda"),
	                    "absent: /sys/block/vda/stat: cannot be parsed");
	assert_string_equal(measured_value(&measured_run, "drive_state", "vda"), "none");
	assert_string_equal(measured_value(&measured_run, "nvme", "vda"), "false");
}

/* Volumes of pods come before the drives that rules are for. */
static void test_many(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		_free_ char *stat = mem_format("/sys/block/dm-%u/stat", i);
		_free_ char *card = mem_format("/sys/class/net/eth%u/device", i);

		tmproot_write(stat, "1 0 8 5 2 9 16 4 0 1 2\n");
		tmproot_dir(card);
	}
	tmproot_write("/sys/block/nvme1n1/stat", "1 0 8 5 2 9 16 4 7 1 2\n");
	tmproot_write("/sys/class/net/eth99/statistics/rx_packets", "5\n");
	tmproot_write("/proc/uptime", "1000.00 1.00\n");
	source_drives.end(&measured_run, NULL);
	source_cards.end(&measured_run, NULL);
	assert_string_equal(measured_value(&measured_run, "in_flight", "nvme1n1"), "7");
	assert_string_equal(measured_value(&measured_run, "rx_packets", "eth99"), "5");
}

/* A time that is no number is not one second. */
static void test_no_uptime(void **state)
{
	(void)state;
	tmproot_write("/proc/uptime", "garbage\n");
	tmproot_write("/sys/block/vda/stat", "1 0 8 5 2 9 16 4 0 1 2\n");
	source_clock.end(&measured_run, NULL);
	source_drives.end(&measured_run, NULL);
	assert_measured("seconds", "absent: /proc/uptime: is no number");
	assert_string_equal(measured_value(&measured_run, "busy", "vda"),
	                    "absent: /proc/uptime: is no number");
}

/* All that a source has is unknown, not only the first measure. */
static void test_unlisted(void **state)
{
	static const char *const of_drives[] = {"reads", "drive_state", "nvme",
	                                        "media_errors", "limits_known"};
	static const char *const of_cards[] = {"card", "rx_packets", "tx_errors",
	                                       "missed_tx"};

	(void)state;
	tmproot_link("/sys/block", "block");
	tmproot_link("/sys/class/net", "net");
	source_drives.end(&measured_run, NULL);
	source_cards.end(&measured_run, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(of_drives); i++)
		assert_part(measured_value(&measured_run, of_drives[i], ""),
		            "absent: open /sys/block: ");
	for (size_t i = 0; i < ARRAY_SIZE(of_cards); i++)
		assert_part(measured_value(&measured_run, of_cards[i], ""),
		            "absent: open /sys/class/net: ");
}

static void test_irqs(void **state)
{
	void *first;

	(void)state;
	tmproot_write("/sys/class/net/ens5/device/msi_irqs/30", "msix\n");
	tmproot_write("/sys/class/net/ens5/device/msi_irqs/31", "msix\n");
	tmproot_dir("/sys/class/net/lo");
	tmproot_write("/sys/block/nvme0n1/device/device/msi_irqs/40", "msix\n");
	tmproot_write("/proc/irq/30/effective_affinity_list", "1\n");
	tmproot_write("/proc/irq/31/effective_affinity_list", "1\n");
	tmproot_write("/proc/interrupts",
	              " CPU0 CPU1\n30: 5 100 x\n31: 0 1000 y\n40: 1 1 z\n");
	first = source_irqs.begin(&measured_run);
	tmproot_write("/proc/interrupts",
	              " CPU1 CPU3\n30: 150 4 x\n31: 1046 0 y\n40: 1 1 z\n");
	source_irqs.end(&measured_run, first);
	assert_string_equal(measured_value(&measured_run, "irqs", "ens5"), "100");
	assert_string_equal(measured_value(&measured_run, "irq_queues", "ens5"), "2");
	assert_string_equal(measured_value(&measured_run, "irq_top", "ens5"), "96 %");
	assert_string_equal(measured_value(&measured_run, "irq_cpus", "ens5"), "1");
	assert_string_equal(measured_value(&measured_run, "irq_queues", "lo"), "0");
	assert_string_equal(measured_value(&measured_run, "irqs", "lo"), "none");
	assert_string_equal(measured_value(&measured_run, "drive_irqs", "nvme0n1"), "1");
	assert_part(measured_value(&measured_run, "drive_irq_cpus", "nvme0n1"),
	            "absent: ");
}

/* Below their PCI device; a card has an interrupt to send and one to receive for each
 * pair. */
static void test_virtio_irqs(void **state)
{
	static const char *const actions[] = {"virtio0-config",   "virtio0-input.0",
	                                      "virtio0-output.0", "virtio0-input.1",
	                                      "virtio0-output.1", "virtio1-config",
	                                      "virtio1-req.0"};

	(void)state;
	for (unsigned i = 0; i < ARRAY_SIZE(actions); i++) {
		_free_ char *action = mem_format("/sys/kernel/irq/%u/actions", 50 + i),
			    *cpus = mem_format("/proc/irq/%u/effective_affinity_list",
		                               50 + i),
			    *irq = mem_format("/sys/devices/pci0/0%u/msi_irqs/%u", i / 5,
		                              50 + i),
			    *line = mem_format("%s\n", actions[i]);

		tmproot_write(action, line);
		tmproot_write(cpus, i < 3 ? "0\n" : "1\n");
		tmproot_write(irq, "msix\n");
	}
	tmproot_dir("/sys/devices/pci0/00/virtio0");
	tmproot_dir("/sys/devices/pci0/01/virtio1");
	tmproot_dir("/sys/class/net/eth0");
	tmproot_link("/sys/class/net/eth0/device", "../../../devices/pci0/00/virtio0");
	tmproot_dir("/sys/block/vda");
	tmproot_link("/sys/block/vda/device", "../../devices/pci0/01/virtio1");
	/* its bridge has an interrupt */
	tmproot_write("/sys/devices/pci1/msi_irqs/60", "msi\n");
	tmproot_write("/sys/kernel/irq/60/actions", "pciehp\n");
	tmproot_dir("/sys/devices/pci1/05");
	tmproot_dir("/sys/class/net/ens5");
	tmproot_link("/sys/class/net/ens5/device", "../../../devices/pci1/05");
	tmproot_write("/proc/interrupts",
	              " CPU0 CPU1\n50: 1 0 x\n51: 30 0 x\n52: 9 9 x\n"
	              "53: 0 10 x\n54: 9 9 x\n56: 3 1 x\n60: 7 7 x\n");
	source_irqs.end(&measured_run, NULL);
	assert_string_equal(measured_value(&measured_run, "irqs", "eth0"), "40");
	assert_string_equal(measured_value(&measured_run, "irq_queues", "eth0"), "2");
	assert_string_equal(measured_value(&measured_run, "irq_top", "eth0"), "75 %");
	assert_string_equal(measured_value(&measured_run, "irq_cpus", "eth0"), "2");
	assert_string_equal(measured_value(&measured_run, "drive_irqs", "vda"), "4");
	assert_string_equal(measured_value(&measured_run, "drive_irq_queues", "vda"),
	                    "1");
	assert_string_equal(measured_value(&measured_run, "irqs", "ens5"), "none");
}

/* Two ports have one PCI device: each has all of its interrupts, in any order of names.
 */
static void test_shared_irqs(void **state)
{
	(void)state;
	tmproot_write("/sys/devices/pci0/msi_irqs/30", "msix\n");
	tmproot_write("/sys/devices/pci0/msi_irqs/31", "msix\n");
	tmproot_dir("/sys/class/net/ens5");
	tmproot_dir("/sys/class/net/ens6");
	tmproot_link("/sys/class/net/ens5/device", "../../../devices/pci0");
	tmproot_link("/sys/class/net/ens6/device", "../../../devices/pci0");
	tmproot_write("/proc/interrupts", " CPU0 CPU1\n30: 5 100 x\n31: 0 1000 y\n");
	source_irqs.end(&measured_run, NULL);
	assert_string_equal(measured_value(&measured_run, "irqs", "ens5"), "1105");
	assert_string_equal(measured_value(&measured_run, "irqs", "ens6"), "1105");
}

/* A device whose interrupts cannot be listed is not one without. */
static void test_unread_irqs(void **state)
{
	(void)state;
	tmproot_dir("/sys/class/net/ens5/device");
	tmproot_link("/sys/class/net/ens5/device/msi_irqs", "msi_irqs");
	tmproot_write("/sys/class/net/eth0/msi_irqs/50", "msix\n");
	tmproot_dir("/sys/class/net/eth0/device");
	tmproot_link("/sys/kernel/irq/50/actions", "actions");
	tmproot_write("/proc/interrupts", " CPU0\n30: 5 x\n");
	tmproot_link("/sys/block", "block");
	source_irqs.end(&measured_run, NULL);
	assert_string_equal(measured_value(&measured_run, "irq_queues", "ens5"),
	                    "absent: open /sys/class/net/ens5/device/msi_irqs: Too many "
	                    "levels of symbolic links");
	assert_part(measured_value(&measured_run, "irq_queues", "eth0"),
	            "absent: open /sys/kernel/irq/50/actions: ");
	assert_part(measured_value(&measured_run, "drive_irq_queues", ""),
	            "absent: open /sys/block: ");
}

/* A bundle has no files that are reached through "..". */
static void test_collected_irqs(void **state)
{
	static const char interrupts[] = " CPU0\n50: 5 x\n";
	struct node *covers = node_new(NODE_LIST);
	struct host collected = tmproot.host;
	struct diagnose_run run = {.h = &collected};

	(void)state;
	tmproot_write("/sys/class/net/eth0/msi_irqs/50", "msix\n");
	tmproot_dir("/sys/class/net/eth0/device");
	tmproot_write("/sys/kernel/irq/50/actions", "virtio0-input.0\n");
	tmproot_dir("/sys/class/net/lo");
	tmproot_write("/proc/interrupts", interrupts);
	collected.record = bundle_new();
	source_irqs.end(&run, NULL);
	measures_done(&run.measures);
	collected.bundle = collected.record;
	collected.record = NULL;
	bundle_add(collected.bundle, "/proc/interrupts", mem_dup(interrupts),
	           strlen(interrupts));
	bundle_add(collected.bundle, "/sys/class/net/eth0/mtu", mem_dup("1\n"), 2);
	bundle_add(collected.bundle, "/sys/class/net/lo/mtu", mem_dup("1\n"), 2);
	bundle_add(collected.bundle, "/sys/class/net/new/mtu", mem_dup("1\n"), 2);
	(void)bundle_seal(collected.bundle);
	node_append(covers, node_new_text("/sys/class/net/*/mtu"));
	node_set(collected.bundle->manifest, "covers", covers);
	source_irqs.end(&run, NULL);
	assert_string_equal(measured_value(&run, "irq_queues", "eth0"), "1");
	assert_string_equal(measured_value(&run, "irq_queues", "lo"), "0");
	assert_part(measured_value(&run, "irq_queues", "new"),
	            "absent: the bundle lacks");
	measures_done(&run.measures);
	bundle_free(collected.bundle);
}

int main(void)
{
	static struct suite s;

	suite_fixture(measured_setup, measured_teardown);
	suite_test(&s, "CPUs", test_cpu);
	suite_test(&s, "since boot", test_since_boot);
	suite_test(&s, "missing", test_missing);
	suite_test(&s, "TCP and UDP", test_protocol);
	suite_test(&s, "tcp_mem is short", test_tcp_mem_short);
	suite_test(&s, "pressure", test_pressure);
	suite_test(&s, "pressure is off", test_pressure_off);
	suite_test(&s, "drives", test_drives);
	suite_test(&s, "many drives and cards", test_many);
	suite_test(&s, "no uptime", test_no_uptime);
	suite_test(&s, "drives and cards are not listed", test_unlisted);
	suite_test(&s, "interrupts", test_irqs);
	suite_test(&s, "interrupts of virtio", test_virtio_irqs);
	suite_test(&s, "interrupts of two ports", test_shared_irqs);
	suite_test(&s, "unread interrupts", test_unread_irqs);
	suite_test(&s, "interrupts of a bundle", test_collected_irqs);
	return suite_run(&s);
}
