/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/buf.h"
#include "diagnose/counters/drive_stat.h"
#include "diagnose/counters/irq_table.h"
#include "diagnose/counters/task.h"
#include "diagnose/counters/waiters.h"
#include "test.h"

/* --- tasks ---------------------------------------------------------------------------
 */

#define REST \
	" 0 0 0 -1 69238880 0 0 0 0 3 39 0 0 20 0 1 0 17 0 0 18446744073709551615 0\n"

static const struct task_row {
	const char *name, *text, *task, *kind;
	char state;
	bool kernel;
} task_rows[] = {
	{"nfsd", "812 (nfsd) S 2" REST, "nfsd", "nfsd", 'S', true},
	{"a process named nfsd", "812 (nfsd) S 1" REST, "nfsd", NULL, 'S', false},
	{"ksoftirqd", "15 (ksoftirqd/10001) R 2" REST, "ksoftirqd/10001", "ksoftirqd",
         'R', true},
	{"kswapd", "90 (kswapd0) D 2" REST, "kswapd0", "kswapd", 'D', true},
	{"a worker", "9 (kworker/0:1H-kblockd) I 2" REST, "kworker/0:1H-kblockd",
         "kworker", 'I', true},
	{"writeback", "9 (kworker/u16:2+flush-259:0) D 2" REST,
         "kworker/u16:2+flush-259:0", "writeback", 'D', true},
	{"raid", "9 (md127_raid0) S 2" REST, "md127_raid0", "md", 'S', true},
	{"another thread", "9 (rcu_sched) S 2" REST, "rcu_sched", NULL, 'S', true},
	{"a longer name", "9 (nfsd4_callbacks) S 2" REST, "nfsd4_callbacks", NULL, 'S',
         true},
	{"parentheses", "9 (a) R 2 (b) S 7" REST, "a) R 2 (b", NULL, 'S', false},
	{"a name that is cut",
         "9 (0123456789012345678901234567890123456789012345678901234567890123456789) S 7" REST,
         "012345678901234567890123456789012345678901234567890123456789012", NULL, 'S',
         false},
};

static void test_task(void **state)
{
	const struct task_row *row = *state;
	struct task t;

	assert_true(task_parse(row->text, &t));
	assert_string_equal(t.name, row->task);
	assert_int_equal(t.state, row->state);
	assert_int_equal(t.kernel, row->kernel);
	assert_int_equal(t.ticks, 42);
	assert_int_equal(t.start, 17);
	assert_text(task_kind(&t), row->kind);
}

static const struct text_row {
	const char *name;
} no_tasks[] = {{""},
                {"\n"},
                {"812"},
                {"812 (nfsd"},
                {"(nfsd)"},
                {"812 )nfsd( S"},
                {"812 (nfsd) S"},
                {"0 (a) S 2" REST},
                {"812 (nfsd) S 2 0 0 0 -1 6 0 0 0 0 3 39 0 0 20 0 1"}};

static void test_no_task(void **state)
{
	const struct text_row *row = *state;
	struct task t;

	assert_false(task_parse(row->name, &t));
}

static void test_waiters(void **state)
{
	_cleanup_(waiters_done) struct waiters w = {0};

	(void)state;
	assert_string_equal(keep_text(waiters_text(&w)), "none");
	for (unsigned i = 0; i < 100; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "task%u", i);
		waiters_add(&w, name, "io_schedule");
	}
	waiters_add(&w, "nfsd", "rq_qos_wait");
	waiters_add(&w, "task7", "io_schedule");
	waiters_add(&w, "task9/1", "io_schedule");
	waiters_add(&w, "task9:x", "io_schedule");
	assert_int_equal(w.tasks, 104);
	assert_string_equal(keep_text(waiters_text(&w)),
	                    "3 task9 in io_schedule, 2 task7 in io_schedule, 1 task0 in "
	                    "io_schedule, 1 task1 in io_schedule ...");
}

/* --- drives --------------------------------------------------------------------------
 */

static void test_drive_stat(void **state)
{
	struct drive_stat before, now, since;

	(void)state;
	/* Linux 6.12: seventeen numbers */
	assert_true(drive_stat_parse("  100  0  800  50  200  9  1600  4294967290  3  "
	                             "1000 2000 7 0 0 0 5 4\n",
	                             &before));
	assert_int_equal(before.reads, 100);
	assert_int_equal(before.read_ms, 50);
	assert_int_equal(before.writes, 200);
	assert_int_equal(before.in_flight, 3);
	assert_int_equal(before.busy_ms, 1000);
	assert_int_equal(before.others, 12);
	/* before Linux 4.18: eleven */
	assert_true(drive_stat_parse("130 0 800 80 210 9 1600 14 2 1900 2000", &now));
	since = drive_stat_since(&before, &now);
	assert_int_equal(since.reads, 30);
	assert_int_equal(since.read_ms, 30);
	assert_int_equal(since.writes, 10);
	assert_int_equal(since.write_ms, 20);
	assert_int_equal(since.busy_ms, 900);
	assert_int_equal(since.in_flight, 2);
	assert_false(drive_stat_parse("", &now));
	assert_false(drive_stat_parse("1 2 3 4 5 6 7 8 9", &now));
	assert_false(drive_stat_parse("a b", &now));
	assert_true(drive_is_measured("nvme0n1"));
	assert_true(drive_is_measured("md127"));
	assert_false(drive_is_measured("loop0"));
	assert_false(drive_is_measured("zram0"));
}

/* --- interrupts ----------------------------------------------------------------------
 */

#define TABLE                                                                                \
	"           CPU0       CPU2       CPU10001       \n"                                 \
	" 24:          1          0          0  IO-APIC   5-edge      ACPI:Ged\n"            \
	" 30:        100          0          0  PCI-MSIX-0000:00:05.0   0-edge ens5-mgmnt\n" \
	" 31:          7       4000          1  PCI-MSIX-0000:00:05.0   1-edge      "        \
	"ens5-Tx-Rx-0\n"                                                                     \
	" 32:          0          0          0  PCI-MSIX-0000:00:05.0   2-edge      "        \
	"ens5-Tx-Rx-1\n"                                                                     \
	"NMI:          5          5          5   Non-maskable interrupts\n"                  \
	"ERR:          0\n"                                                                  \
	" 33:          2"

static void test_irq_table(void **state)
{
	_cleanup_(irq_table_done) struct irq_table t;
	uint64_t by_cpu[3] = {0};

	(void)state;
	irq_table_parse(TABLE, &t);
	assert_int_equal(t.n_cpus, 3);
	assert_int_equal(t.cpus[2], 10001);
	assert_true(irq_table_add(&t, NULL, 30, by_cpu));
	assert_true(irq_table_add(&t, NULL, 31, by_cpu));
	assert_false(irq_table_add(&t, NULL, 32, by_cpu));
	assert_true(irq_table_add(&t, NULL, 33, by_cpu));
	assert_false(irq_table_add(&t, NULL, 99, by_cpu));
	assert_int_equal(by_cpu[0], 109);
	assert_int_equal(by_cpu[1], 4000);
	assert_int_equal(by_cpu[2], 1);
}

/* One of two counters wraps, a CPU comes, and one goes. */
static void test_irq_table_since(void **state)
{
	_cleanup_(irq_table_done) struct irq_table before, now;
	uint64_t by_cpu[2] = {0};

	(void)state;
	irq_table_parse(" CPU0 CPU1\n31: 9 7\n30: 5 4294967290\n", &before);
	irq_table_parse(" CPU1 CPU3\n30: 4 8\n31: 9 0\n32: 1 1\n", &now);
	for (unsigned irq = 30; irq <= 32; irq++)
		assert_true(irq_table_add(&now, &before, irq, by_cpu));
	assert_int_equal(by_cpu[0], 10 + 2 + 1);
	assert_int_equal(by_cpu[1], 8 + 0 + 1);
}

static void test_irq_table_without(void **state)
{
	_cleanup_(irq_table_done) struct irq_table t;

	(void)state;
	irq_table_parse("", &t);
	assert_int_equal(t.n_cpus, 0);
	assert_false(irq_table_add(&t, NULL, 1, NULL));
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, task_rows, test_task);
	suite_rows(&s, no_tasks, test_no_task);
	suite_test(&s, "waiters", test_waiters);
	suite_test(&s, "drive statistics", test_drive_stat);
	suite_test(&s, "interrupts", test_irq_table);
	suite_test(&s, "interrupts since", test_irq_table_since);
	suite_test(&s, "no interrupts", test_irq_table_without);
	return suite_run(&s);
}
