/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/buf.h"
#include "diagnose/counters/cpus.h"
#include "diagnose/counters/pressure.h"
#include "diagnose/counters/tally.h"
#include "test.h"

#include <inttypes.h>

static const struct since {
	const char *name;
	uint64_t before, now;
	unsigned bits;
	uint64_t since;
} sinces[] = {
	{"grew", 5, 12, 64, 7},
	{"did not grow", 5, 5, 32, 0},
	{"wrapped at 32 bits", 0xfffffff0, 4, 32, 20},
	{"wrapped to 0", 0xffffffff, 0, 32, 1},
	{"restarted", 1000, 4, 32, 4},
	{"64 bits restart", 0xfffffff0, 4, 64, 4},
	{"more than 32 bits restart", UINT64_C(0x1fffffff0), 4, 32, 4},
};

static void test_since(void **state)
{
	const struct since *row = *state;

	assert_int_equal(counter_since(row->before, row->now, row->bits), row->since);
}

/* --- names ---------------------------------------------------------------------------
 */

static char *tally_text(const struct tally *t)
{
	struct buf b = {0};

	for (size_t i = 0; i < t->n; i++)
		buf_addf(&b, "%s=%" PRIu64 ";", t->list[i].name, t->list[i].value);
	return keep_text(buf_take(&b));
}

static const struct parse {
	const char *name;
	void (*parse)(const char *, struct tally *);
	const char *text, *tally;
} parses[] = {
	{"vmstat", tally_parse_lines, "nr_dirty 12\nallocstall_normal 3\n",
         "nr_dirty=12;allocstall_normal=3;"},
	{"snmp6", tally_parse_lines, "Ip6InReceives                   \t7\n",
         "Ip6InReceives=7;"},
	{"without an end of line", tally_parse_lines, "a 1\nb 2", "a=1;b=2;"},
	{"lines that are none", tally_parse_lines, "a\n\nb x\nc -1\nd 1.5\ne 4 5\n f 6",
         "e=4;f=6;"},
	{"a number that is too large", tally_parse_lines,
         "a 18446744073709551615\nb 18446744073709551616\n", "a=18446744073709551615;"},
	{"netstat", tally_parse_pairs,
         "TcpExt: SyncookiesSent ListenOverflows\nTcpExt: 0 4\nIpExt: InOctets\nIpExt: "
         "99\n",
         "TcpExt.SyncookiesSent=0;TcpExt.ListenOverflows=4;IpExt.InOctets=99;"},
	{"snmp has a limit of -1", tally_parse_pairs,
         "Tcp: RtoMin MaxConn OutSegs\nTcp: 200 -1 31\n",
         "Tcp.RtoMin=200;Tcp.OutSegs=31;"},
	{"fewer values than names", tally_parse_pairs, "A: a b c\nA: 1 2\n",
         "A.a=1;A.b=2;"},
	{"more values than names", tally_parse_pairs, "A: a\nA: 1 2\n", "A.a=1;"},
	{"values of another group", tally_parse_pairs, "A: a\nB: 1\nC: c\nC: 3\n",
         "C.c=3;"},
	{"a group alone", tally_parse_pairs, "A: a\n", ""},
	{"sockstat", tally_parse_groups,
         "sockets: used 17\nTCP: inuse 1 orphan 0 tw 0 alloc 1 mem 214\nUDP: inuse 0 mem "
         "0\n",
         "sockets.used=17;TCP.inuse=1;TCP.orphan=0;TCP.tw=0;TCP.alloc=1;TCP.mem=214;UDP."
         "inuse=0;UDP.mem=0;"},
	{"a name without a value", tally_parse_groups, "TCP: inuse\nno group 1\n: a 1\n",
         ""},
	{"nothing", tally_parse_pairs, "", ""},
};

static void test_parse(void **state)
{
	const struct parse *row = *state;
	_cleanup_(tally_done) struct tally t = {0};

	row->parse(row->text, &t);
	assert_string_equal(tally_text(&t), row->tally);
}

static void test_sum(void **state)
{
	_cleanup_(tally_done) struct tally before = {0}, now = {0};
	uint64_t sum;

	(void)state;
	tally_parse_lines("a_x 1\nb 10\na_y 2\n", &before);
	/* a row went, one moved, one came */
	tally_parse_lines("a_y 5\na_z 100\nb 4\n", &now);
	assert_true(tally_sum(&now, &before, "a_*", &sum));
	assert_int_equal(sum, 103);
	assert_true(tally_sum(&now, NULL, "a_*", &sum));
	assert_int_equal(sum, 105);
	assert_true(tally_sum(&now, &before, "b", &sum));
	assert_int_equal(sum, 4);
	assert_false(tally_sum(&now, &before, "c", &sum));
}

static void test_many_names(void **state)
{
	_cleanup_(tally_done) struct tally t = {0};
	struct buf b = {0};

	(void)state;
	for (unsigned i = 0; i < TALLY_MAX + 10; i++)
		buf_addf(&b, "a%u 1\n", i);
	tally_parse_lines(keep_text(buf_take(&b)), &t);
	assert_int_equal(t.n, TALLY_MAX);
}

/* --- CPUs ----------------------------------------------------------------------------
 */

#define SOFTIRQS                                               \
	"                    CPU0       CPU2       CPU10001\n" \
	"          HI:          1          0          0\n"     \
	"      NET_TX:         10          0          3\n"     \
	"      NET_RX:       4000 4294967295          7\n"     \
	"       BLOCK:          0          5\n"                \
	"     HRTIMER:          9          9          9\n"

static void test_softirqs(void **state)
{
	_cleanup_(cpus_done) struct cpus c;

	(void)state;
	cpus_parse_softirqs(SOFTIRQS, &c);
	assert_int_equal(c.n, 3);
	assert_int_equal(c.list[2].cpu, 10001);
	assert_int_equal(c.list[0].value[CPUS_NET_RX], 4000);
	assert_int_equal(c.list[1].value[CPUS_NET_RX], UINT32_MAX);
	assert_int_equal(c.list[2].value[CPUS_NET_TX], 3);
	assert_int_equal(c.list[1].value[CPUS_BLOCK], 5);
	assert_int_equal(c.list[2].value[CPUS_BLOCK], 0);
}

static void test_stat(void **state)
{
	_cleanup_(cpus_done) struct cpus c;

	(void)state;
	cpus_parse_stat(
		"cpu  30 0 20 0 0 0 0 0 0 0\ncpu3 1 2 3 4 5 6 7 8 9 10\n"
		"cpu1 10 0 10 80\nintr 5 cpu9\nctxt 1\ncpufreq 3\ncpu99999999 1\n",
		&c);
	assert_int_equal(c.n, 2);
	assert_int_equal(c.list[0].cpu, 1);
	assert_int_equal(c.list[1].cpu, 3);
	assert_int_equal(c.list[1].value[CPUS_SOFTIRQ], 7);
	assert_int_equal(c.list[1].value[CPUS_STEAL], 8);
	assert_int_equal(cpus_total(&c.list[0]), 100);
}

/* A CPU that was plugged in counts from 0; one that wrapped continues. */
static void test_hotplug(void **state)
{
	_cleanup_(cpus_done) struct cpus before = {0}, now = {0};

	(void)state;
	cpus_add(&before, &(struct cpus_row){.cpu = 0, .value = {100, 4294967290}});
	cpus_add(&before, &(struct cpus_row){.cpu = 1, .value = {7}});
	cpus_add(&before, &(struct cpus_row){.cpu = 5, .value = {50}});
	cpus_add(&now, &(struct cpus_row){.cpu = 0, .value = {103, 4}});
	cpus_add(&now, &(struct cpus_row){.cpu = 3, .value = {20}});
	cpus_add(&now, &(struct cpus_row){.cpu = 5, .value = {52}});
	cpus_since(&now, &before, 32);
	assert_int_equal(now.list[0].value[0], 3);
	assert_int_equal(now.list[0].value[1], 10);
	assert_int_equal(now.list[1].value[0], 20);
	assert_int_equal(now.list[2].value[0], 2);
	assert_int_equal(cpus_sum(&now, 0), 25);
	assert_int_equal(cpus_highest(&now, 0)->cpu, 3);
}

/* Between the readings, the kernel took back idle time and waits for I/O. */
static void test_times_go_back(void **state)
{
	_cleanup_(cpus_done) struct cpus before = {0}, now = {0};

	(void)state;
	cpus_parse_stat("cpu0 0 0 1000 5000000 200000 0 0 0\n", &before);
	cpus_parse_stat("cpu0 0 0 1010 4999999 199999 0 190 0\n", &now);
	cpus_since(&now, &before, 64);
	assert_int_equal(now.list[0].value[CPUS_IDLE], 0);
	assert_int_equal(now.list[0].value[CPUS_IOWAIT], 0);
	assert_int_equal(now.list[0].value[CPUS_SOFTIRQ], 190);
	assert_int_equal(cpus_total(&now.list[0]), 200);
}

static void test_cpus_text(void **state)
{
	_cleanup_(cpus_done) struct cpus c = {0};

	(void)state;
	assert_string_equal(keep_text(cpus_text(&c, 0)), "no CPU");
	for (uint32_t i = 0; i < 3; i++)
		cpus_add(&c, &(struct cpus_row){.cpu = i, .value = {i * 10}});
	assert_string_equal(keep_text(cpus_text(&c, 0)), "CPU 2: 20, CPU 1: 10");
	for (uint32_t i = 3; i < 20000; i++)
		cpus_add(&c, &(struct cpus_row){.cpu = i, .value = {15}});
	assert_string_equal(keep_text(cpus_text(&c, 0)),
	                    "CPU 2: 20, CPU 3: 15, CPU 4: 15, CPU 5: 15, and 19995 more");
}

/* --- pressure ------------------------------------------------------------------------
 */

static const struct psi {
	const char *name, *text;
	bool some, full;
	uint64_t avg60, total;
} psis[] = {
	{"both",
         "some avg10=0.12 avg60=3.45 avg300=0.00 total=123456\n"
         "full avg10=0.00 avg60=1.00 avg300=0.00 total=99\n",
         true, true, 3, 123456},
	{"some only", "some avg10=99.00 avg60=100.00 avg300=1.00 total=5", true, false,
         100, 5},
	{"empty", "", false, false, 0, 0},
	{"cut", "some avg10=0.12 avg60=3.45 avg300=0", false, false, 3, 0},
	{"more than all", "some avg10=0.12 avg60=101.0 avg300=0.00 total=1", false, false,
         101, 1},
	{"in another line", "xsome avg10=0.12 avg60=3.45 avg300=0.00 total=123456", false,
         false, 0, 0},
};

static void test_pressure(void **state)
{
	const struct psi *row = *state;
	struct pressure p;

	pressure_parse(row->text, &p);
	assert_int_equal(p.some.known, row->some);
	assert_int_equal(p.full.known, row->full);
	assert_int_equal(p.some.avg60, row->avg60);
	assert_int_equal(p.some.total, row->total);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, sinces, test_since);
	suite_rows(&s, parses, test_parse);
	suite_test(&s, "sums", test_sum);
	suite_test(&s, "many names", test_many_names);
	suite_test(&s, "softirqs by CPU", test_softirqs);
	suite_test(&s, "time by CPU", test_stat);
	suite_test(&s, "CPUs come and go", test_hotplug);
	suite_test(&s, "times that go back", test_times_go_back);
	suite_test(&s, "CPUs in words", test_cpus_text);
	suite_rows(&s, psis, test_pressure);
	return suite_run(&s);
}
