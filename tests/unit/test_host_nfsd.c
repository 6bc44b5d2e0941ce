/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What of it needs no kernel; tests/vm/nfsd.sh has the rest. */
#include "base/mem.h"
#include "host/host_nfsd.h"
#include "host/host_nfsd_text.h"
#include "host/host_tcp.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>

#define NFSD "/proc/fs/nfsd/"

#define V4 (HOST_NFSD_V4_0 | HOST_NFSD_V4_1 | HOST_NFSD_V4_2)

static const struct listed {
	const char *text;
	unsigned on, known;
} lists[] = {
	{"", 0, 0},
	{"+3 +4 +4.1 +4.2", HOST_NFSD_V3 | V4, HOST_NFSD_V3 | V4},
	{"-2 +3 +4 +4.1 +4.2", HOST_NFSD_V3 | V4, HOST_NFSD_V2 | HOST_NFSD_V3 | V4},
	{"-3 +4 -4.0 +4.1 +4.2", HOST_NFSD_V4_1 | HOST_NFSD_V4_2, HOST_NFSD_V3 | V4},
	{"+3 -4 -4.0 -4.1 -4.2", HOST_NFSD_V3, HOST_NFSD_V3 | V4},
	{"+3", HOST_NFSD_V3, HOST_NFSD_V3},
	{"  +3  -4.2 ", HOST_NFSD_V3, HOST_NFSD_V3 | HOST_NFSD_V4_2},
	{"+4.3 +5 -44 + - x +4.11111111111 3", 0, 0},
};

static void test_versions(void **state)
{
	const struct listed *row = *state;
	struct host_nfsd s = {.versions = 77};

	host_nfsd_text_parse(row->text, &s);
	assert_int_equal(s.versions, row->on);
	assert_int_equal(s.versions_known, row->known);
}

static void test_observe(void **state)
{
	struct host_nfsd s;
	struct err e;

	(void)state;
	assert_int_equal(host_nfsd_observe(&tmproot.host, &s, &e), -ENOENT);
	tmproot_write(NFSD "threads", "9\n");
	tmproot_write(NFSD "pool_threads", "5 4\n");
	tmproot_write(NFSD "versions", "+3 -4 -4.0 -4.1 -4.2\n");
	tmproot_write(NFSD "max_block_size", "65536\n");
	tmproot_write("/sys/module/sunrpc/parameters/pool_mode", "pernode\n");
	assert_int_equal(host_nfsd_observe(&tmproot.host, &s, &e), 0);
	assert_false(s.netlink || s.has_min_threads);
	assert_int_equal(s.threads, 9);
	assert_int_equal(s.pools, 2);
	assert_int_equal(s.versions, HOST_NFSD_V3);
	assert_int_equal(s.max_block_size, 65536);
	assert_string_equal(s.pool_mode, "pernode");
}

static void test_set_versions(void **state)
{
	struct err e;

	(void)state;
	tmproot_write(NFSD "threads", "0\n");
	tmproot_write(NFSD "versions", "-2 -3 +4 -4.0 +4.1 +4.2\n");
	assert_int_equal(host_nfsd_set_versions(&tmproot.host, HOST_NFSD_V3, &e), 0);
	assert_string_equal(tmproot_read(NFSD "versions"), "-2 +3 -4.0 -4.1 -4.2\n");
	tmproot_write(NFSD "versions", "+4 -4.0 +4.1 +4.2\n");
	assert_int_equal(host_nfsd_set_versions(&tmproot.host, HOST_NFSD_V3, &e),
	                 -EOPNOTSUPP);
}

static void test_pin_never_starts(void **state)
{
	struct err e;

	(void)state;
	tmproot_write(NFSD "threads", "0\n");
	tmproot_write(NFSD "pool_threads", "0\n");
	assert_int_equal(host_nfsd_pin(&tmproot.host, 8, 0, &e), -ESRCH);
	assert_string_equal(tmproot_read(NFSD "threads"), "0\n");
	assert_string_equal(tmproot_read(NFSD "pool_threads"), "0\n");
}

static void test_read(void **state)
{
	_free_ char *text = NULL;
	struct err e;

	(void)state;
	tmproot_write(NFSD "threads", "8\n");
	assert_int_equal(host_nfsd_read(&tmproot.host, "pool_stats", &text, &e),
	                 -ENODATA);
	tmproot_write(NFSD "pool_stats", "# pool\n0 1 2 3 0\n\n");
	assert_int_equal(host_nfsd_read(&tmproot.host, "pool_stats", &text, &e), 0);
	assert_string_equal(text, "# pool\n0 1 2 3 0");
}

static const struct table {
	const char *text;
	unsigned listening, established;
} tables[] = {
	{"", 0, 0},
	{"  sl  local_address rem_address   st\n", 0, 0},
	{"  sl\n   0: 00000000:0801 00000000:0000 0A 0:0\n", 1, 0},
	{"  sl\n   0: 0100007F:0801 0100007F:0302 01 0:0\n"
         "  12: 0100007F:0302 0100007F:0801 01 0:0\n"
         "  13: 0100007F:0801 0100007F:0303 06 0:0",
         0, 1},
	{"  sl\n   0: 00000000000000000000000000000000:0801 "
         "00000000000000000000000000000000:0000 0A 0:0\n",
         1, 0},
	{"  sl\n   0: 00000000:0801\n 1: x\n\n   :::\n", 0, 0},
	{"   0: 00000000:0801 00000000:0000 0A 0:0\n", 0, 0}, /* no headings */
};

static void test_tcp(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		struct host_tcp tcp = {0};

		host_tcp_parse(tables[i].text, 2049, &tcp);
		assert_int_equal(tcp.listening, tables[i].listening);
		assert_int_equal(tcp.established, tables[i].established);
	}
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, lists, test_versions);
	suite_test(&s, "observe", test_observe);
	suite_test(&s, "set versions", test_set_versions);
	suite_test(&s, "pinning never starts", test_pin_never_starts);
	suite_test(&s, "read a file", test_read);
	suite_test(&s, "TCP sockets", test_tcp);
	return suite_run(&s);
}
