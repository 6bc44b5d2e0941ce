/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/buf.h"
#include "base/text/words.h"
#include "doc/node.h"
#include "sysctl/value.h"
#include "test.h"

static struct sysctl_value value;

static int teardown(void **state)
{
	(void)state;
	sysctl_value_done(&value);
	return 0;
}

#define BOUND "sysctl key: a bound must be a number or a size such as 16MiB\n"
#define WORD  "sysctl key: must be a value, {min: x} or {max: x}\n"
/* The text after the key, and the parsed value. */
static const struct row {
	const char *yaml; /* also the test's name */
	const char *described;
	bool bound;
	const char *reported;
} rows[] = {
	{"10", "10", false, ""},
	{"-1", "-1", false, ""},
	{"bbr", "bbr", false, ""},
	{"'|/bin/x %p'", "|/bin/x %p", false, ""},
	{"4096 131072  6291456", "4096 131072 6291456", false, ""},
	{"\"4096\\t131072\\t6291456\"", "4096 131072 6291456", false, ""},
	{"[4096, 131072, 6291456]", "4096 131072 6291456", false, ""},
	{"[\"1 2\", 3]", "1 2 3", false, ""},
	{"16MiB", "16777216", false, ""},
	{"3k", "3000", false, ""},
	{"[4KiB, 128KiB, 16MiB]", "4096 131072 16777216", false, ""},
	{"'16MiB'", "16MiB", false, ""}, /* quoted: not converted */
	{"010", "010", false, ""},
	{"16777216TiB", "16777216TiB", false,
         ""}, /* too large for a number: the kernel decides */
	{"{min: 5}", ">=5", true, ""},
	{"{max: 16MiB}", "<=16777216", true, ""},
	{"{min: '16MiB'}", ">=16777216", true, ""},
	{"[4096, {min: 1}, {max: 2}]", "4096 >=1 <=2", true, ""},
	{"''", "", false, ""},
	{"[]", "", false, ""},
	{"{min: 5, max: 6}", "5..6", true, ""},
	{"[1, {min: 1k, max: 2k}]", "1 1000..2000", true, ""},
	{"{min: 7, max: 6}", "7..6", true,
         "1:20: sysctl key: max, 6, must not be less than min, 7\n"},
	{"{}", "", false, "1:6: " WORD},
	{"{mn: 5}", "", false, "1:7: key: unknown key \"mn\" (did you mean \"min\"?)\n"},
	{"{min: 5, mox: 6}", ">=5", true,
         "1:15: key: unknown key \"mox\" (did you mean \"max\"?)\n"},
	{"[[1]]", "", false, "1:7: " WORD},
	{"{min: -1}", "", false, "1:12: " BOUND},
	{"{max: many}", "", false, "1:12: " BOUND},
	{"{max: [1]}", "", false, "1:12: " BOUND},
	{"{max: 16777216TiB}", "", false, "1:12: " BOUND},
	{"[1, {min: x}, 3, {max: y}]", "1 3", false, "1:16: " BOUND "1:29: " BOUND},
	{"\"a\\nb\"", "", false,
         "1:6: sysctl key: the value contains a control character\n"},
	{"\"a\\x7f\"", "", false,
         "1:6: sysctl key: the value contains a control character\n"},
	{"[1, \"\\e[31m\"]", "1", false,
         "1:10: sysctl key: the value contains a control character\n"},
	{"'= x'", "= x", false, ""},
};

static void test_parse(void **state)
{
	const struct row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	char text[256];

	(void)snprintf(text, sizeof(text), "key: %s\n", row->yaml);
	sysctl_value_parse(&value, "key", yaml(text)->items[0], diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
	assert_string_equal(keep_text(sysctl_value_describe(&value)), row->described);
	assert_int_equal(sysctl_value_has_bound(&value), row->bound);
}

/* What to write where the current value is `now`. Equal to `now`: nothing to write. */
static const struct resolved {
	const char *name, *yaml, *now, *write;
} resolved[] = {
	{"exact, other", "10", "60", "10"},
	{"exact, same", "10", "10", "10"},
	/* numbers by prefix, as the kernel reads them */
	{"octal", "010", "8", "8"},
	{"octal is not decimal", "015", "15", "015"},
	{"hex", "0x403", "1027", "1027"},
	{"hex the other way round", "1027", "0x0403", "0x0403"},
	{"a text is not a number", "10", "10a", "10"},
	{"a text", "bbr", "cubic", "bbr"},
	{"no value", "10", NULL, "10"},
	{"an empty value", "10", "", "10"},
	{"min, lower", "{min: 16MiB}", "4096", "16777216"},
	{"min, equal", "{min: 4KiB}", "4096", "4096"},
	{"min, equal in another spelling", "{min: 8}", "010", "010"},
	{"max, equal in another spelling", "{max: 8}", "010", "010"},
	{"range, below", "{min: 10, max: 20}", "9", "10"},
	{"range, within", "{min: 10, max: 20}", "20", "20"},
	{"range, above", "{min: 10, max: 20}", "21", "20"},
	{"max, a negative number", "{max: 10}", "-1", "-1"},
	{"min, higher", "{min: 4KiB}", "4097", "4097"},
	{"min, much higher", "{min: 1}", "18446744073709551615", "18446744073709551615"},
	{"min, no value", "{min: 7}", NULL, "7"},
	{"min, a text", "{min: 7}", "many", "7"},
	{"min, a negative number", "{min: 7}", "-1", "7"},
	{"max, higher", "{max: 10}", "60", "10"},
	{"max, equal", "{max: 10}", "10", "10"},
	{"max, lower", "{max: 10}", "0", "0"},
	{"vector, word by word", "[4096, {min: 131072}, {max: 6291456}]",
         "4096 200000 9999999", "4096 200000 6291456"},
	{"vector, in sync", "[{min: 1}, {min: 2}, {min: 3}]", "4 5 6", "4 5 6"},
	{"vector, all different", "[1, 2, 3]", "4 5 6", "1 2 3"},
	{"vector, fewer words", "[1, {min: 2}]", "9", "1 2"},
	{"vector, more words", "[1]", "1 2 3", "1"},
};

static void test_resolve(void **state)
{
	const struct resolved *row = *state;
	struct diagnostics *diag = new_diagnostics();

	sysctl_value_parse(&value, "key", yaml(row->yaml), diag);
	assert_int_equal(diag->n, 0);
	assert_string_equal(keep_text(sysctl_value_resolve(&value, row->now)),
	                    row->write);
}

/* The same with the shape of a key. */
static const struct shaped {
	const char *name, *yaml, *now, *write;
} shaped[] = {
	{"ports are a set", "net.ipv4.ip_local_reserved_ports: '9094,9092,9093'",
         "9092-9094", "9092-9094"},
	{"ports as a list", "net.ipv4.ip_local_reserved_ports: [9092, 80]", "",
         "9092,80"},
	{"other ports", "net.ipv4.ip_local_reserved_ports: 9092-9095", "9092-9094",
         "9092-9095"},
	{"CPUs", "kernel.watchdog_cpumask: 0,1,2,3", "0-3", "0-3"},
	{"words in another order", "net.ipv4.tcp_allowed_congestion_control: cubic reno",
         "reno cubic", "reno cubic"},
	{"fewer words", "net.ipv4.tcp_allowed_congestion_control: cubic", "reno cubic",
         "cubic"},
	{"a mask", "net.core.flow_limit_cpu_bitmap: f,0000000F", "0000000f,0000000f",
         "0000000f,0000000f"},
	{"a short mask", "net.core.flow_limit_cpu_bitmap: 3", "00000003", "00000003"},
	{"another mask", "net.core.flow_limit_cpu_bitmap: 3", "00000007", "3"},
	{"hex with leading zeros", "sunrpc.rpc_debug: 0", "0x0000", "0x0000"},
	{"milliseconds, rounded up to 4 ms", "net.ipv4.icmp_ratelimit: 1001", "1004",
         "1004"},
	{"milliseconds, another value", "net.ipv4.icmp_ratelimit: 1000", "1004", "1000"},
	{"1/100 s, rounded down", "net.ipv4.neigh.default.retrans_time: 101", "100",
         "100"},
	{"a size is rounded up", "fs.pipe-max-size: 1000000", "1048576", "1048576"},
	{"another size", "fs.pipe-max-size: 524288", "1048576", "524288"},
	{"at least a page of 16 KiB", "fs.pipe-max-size: 6000", "16384", "16384"},
	{"zero is not rounded", "net.core.rps_sock_flow_entries: 0", "1", "0"},
	{"buckets, in pages", "net.netfilter.nf_conntrack_buckets: 262000", "262144",
         "262144"},
	{"any number is true", "net.bridge.bridge-nf-call-iptables: 2", "1", "1"},
	{"a text is no number", "kernel.core_pattern: 010", "8", "010"},
	{"a text is no size", "kernel.core_pattern: 16k", "core", "16k"},
	{"an empty text", "kernel.core_pattern: ''", "core", ""},
};

static void test_shape(void **state)
{
	const struct shaped *row = *state;
	const struct node *n = yaml(row->yaml)->items[0];
	struct diagnostics *diag = new_diagnostics();

	sysctl_value_parse(&value, n->key, n, diag);
	assert_int_equal(diag->n, 0);
	assert_string_equal(keep_text(sysctl_value_resolve(&value, row->now)),
	                    row->write);
}

static void test_parse_bound(void **state)
{
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	sysctl_value_parse_bounds(&value, "key", yaml("2k"), NULL, diag);
	sysctl_value_parse_bounds(&value, "key", NULL, yaml("3"), diag);
	assert_string_equal(keep_text(sysctl_value_describe(&value)), ">=2000 <=3");
	assert_true(value.words[0].number == 2000 && value.words[1].number == 3);
	sysctl_value_parse_bounds(&value, "key", NULL, yaml("x"), diag);
	assert_string_equal(diagnostics_text(diag), "1:1: " BOUND);
	assert_int_equal(value.n, 2);
}

static void test_collapse(void **state)
{
	static const struct {
		const char *text, *collapsed;
		size_t words;
	} texts[] = {
		{"", "", 0},
		{"60", "60", 1},
		{" \t\n", "", 0},
		{"4096\t131072\t6291456\n", "4096 131072 6291456", 3},
		{"\t a \n b ", "a b", 2},
		{"reno cubic bbr", "reno cubic bbr", 3},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const char *collapsed = keep_text(words_collapse(texts[i].text));

		assert_string_equal(collapsed, texts[i].collapsed);
		assert_int_equal(sysctl_value_count(collapsed), texts[i].words);
	}
}

/* What differs, as the columns of a report show it. */
static const struct differing {
	const char *name, *key, *yaml, *now, *expected;
} differing[] = {
	{"one value", "vm.swappiness", "10", "60", " 60|10;"},
	{"a bound", "vm.swappiness", "{max: 10}", "60", " 60|<= 10;"},
	{"a range", "vm.swappiness", "{min: 10, max: 20}", "60", " 60|10..20;"},
	{"the element that differs", "net.ipv4.tcp_wmem",
         "[{min: 4096}, {min: 20480}, {min: 16MiB}]", "4096 20480 4194304",
         "[2] 4194304|>= 16777216;"},
	{"two elements", "net.ipv4.tcp_wmem", "[4096, {min: 20480}, 16MiB]",
         "4096 16384 4194304", "[1] 16384|>= 20480;[2] 4194304|16777216;"},
	{"a set of words is one value", "net.ipv4.tcp_allowed_congestion_control",
         "reno bbr", "reno cubic", " reno cubic|reno bbr;"},
	{"emptied", "kernel.core_pattern", "''", "core", " core|empty;"},
	{"in place of nothing", "kernel.core_pattern", "core", "", " empty|core;"},
};

static void test_differences(void **state)
{
	const struct differing *row = *state;
	_differences_ struct differences d = {0};
	struct diagnostics *diag = new_diagnostics();
	struct buf b = {0};

	sysctl_value_parse(&value, row->key, yaml(row->yaml), diag);
	sysctl_value_differences(&value, row->now, &d);
	for (size_t i = 0; i < d.n; i++)
		buf_addf(&b, "%s %s|%s;", d.list[i].part ? d.list[i].part : "",
		         d.list[i].live, d.list[i].wanted);
	assert_string_equal(keep_text(buf_take(&b)), row->expected);
}

int main(void)
{
	static struct suite s;

	suite_fixture(NULL, teardown);
	suite_rows(&s, rows, test_parse);
	suite_rows(&s, resolved, test_resolve);
	suite_rows(&s, differing, test_differences);
	suite_rows(&s, shaped, test_shape);
	suite_test(&s, "bound", test_parse_bound);
	suite_test(&s, "collapse and count", test_collapse);
	return suite_run(&s);
}
