/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The part that needs no kernel; tests/vm/nfsd.sh tests the rest. */
#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "nfsd/netlink.h"
#include "nfsd/server.h"
#include "nfsd/state_node.h"
#include "nfsd/tcp.h"
#include "nfsd/versions_file.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#define NFSD "/proc/fs/nfsd/"

#define V4 (NFSD_V4_0 | NFSD_V4_1 | NFSD_V4_2)

static const struct listed {
	const char *text;
	unsigned on, known;
} lists[] = {
	{"", 0, 0},
	{"+3 +4 +4.1 +4.2", NFSD_V3 | V4, NFSD_V3 | V4},
	{"-2 +3 +4 +4.1 +4.2", NFSD_V3 | V4, NFSD_V2 | NFSD_V3 | V4},
	{"-3 +4 -4.0 +4.1 +4.2", NFSD_V4_1 | NFSD_V4_2, NFSD_V3 | V4},
	{"+3 -4 -4.0 -4.1 -4.2", NFSD_V3, NFSD_V3 | V4},
	{"+3", NFSD_V3, NFSD_V3},
	{"  +3  -4.2 ", NFSD_V3, NFSD_V3 | NFSD_V4_2},
	{"+4.3 +5 -44 + - x +4.11111111111 3", 0, 0},
};

static void test_versions(void **state)
{
	const struct listed *row = *state;
	struct nfsd_server s = {.versions = 77};

	nfsd_versions_file_parse(row->text, &s);
	assert_int_equal(s.versions, row->on);
	assert_int_equal(s.versions_known, row->known);
}

static void test_observe(void **state)
{
	struct nfsd_server s;
	struct err e;

	(void)state;
	assert_int_equal(nfsd_server_observe(&tmproot.host, &s, &e), -ENOENT);
	tmproot_write(NFSD "threads", "9\n");
	tmproot_write(NFSD "pool_threads", "5 4\n");
	tmproot_write(NFSD "versions", "+3 -4 -4.0 -4.1 -4.2\n");
	tmproot_write(NFSD "max_block_size", "65536\n");
	tmproot_write("/sys/module/sunrpc/parameters/pool_mode", "pernode\n");
	assert_int_equal(nfsd_server_observe(&tmproot.host, &s, &e), 0);
	assert_false(s.netlink || s.has_min_threads);
	assert_int_equal(s.threads, 9);
	assert_int_equal(s.pools, 2);
	assert_int_equal(s.versions, NFSD_V3);
	assert_int_equal(s.max_block_size, 65536);
	assert_string_equal(s.pool_mode, "pernode");
}

static void test_set_versions(void **state)
{
	struct err e;

	(void)state;
	tmproot_write(NFSD "threads", "0\n");
	tmproot_write(NFSD "versions", "-2 -3 +4 -4.0 +4.1 +4.2\n");
	assert_int_equal(nfsd_server_set_versions(&tmproot.host, NFSD_V3, &e), 0);
	assert_string_equal(tmproot_read(NFSD "versions"), "-2 +3 -4.0 -4.1 -4.2\n");
	tmproot_write(NFSD "versions", "+4 -4.0 +4.1 +4.2\n");
	assert_int_equal(nfsd_server_set_versions(&tmproot.host, NFSD_V3, &e),
	                 -EOPNOTSUPP);
}

static void test_set_threads_never_starts(void **state)
{
	struct err e;

	(void)state;
	tmproot_write(NFSD "threads", "0\n");
	tmproot_write(NFSD "pool_threads", "0\n");
	assert_int_equal(nfsd_server_set_threads(&tmproot.host, 8, 0, &e), -ESRCH);
	assert_string_equal(tmproot_read(NFSD "threads"), "0\n");
	assert_string_equal(tmproot_read(NFSD "pool_threads"), "0\n");
}

static void test_read(void **state)
{
	_free_ char *text = NULL;
	struct err e;

	(void)state;
	tmproot_write(NFSD "threads", "8\n");
	assert_int_equal(nfsd_server_read(&tmproot.host, "pool_stats", &text, &e),
	                 -ENODATA);
	tmproot_write(NFSD "pool_stats", "# pool\n0 1 2 3 0\n\n");
	assert_int_equal(nfsd_server_read(&tmproot.host, "pool_stats", &text, &e), 0);
	assert_string_equal(text, "# pool\n0 1 2 3 0");
}

/* It may be mounted, with a server, and it may not: nothing is read or written. */
static void test_mount_unread(void **state)
{
	_free_ char *text = NULL;
	struct nfsd_server s;
	struct err e;

	(void)state;
	tmproot_write(NFSD "pool_threads", "0\n");
	tmproot_write(NFSD "pool_stats", "# pool\n");
	tmproot_link(NFSD "threads", "threads");
	assert_int_equal(nfsd_server_observe(&tmproot.host, &s, &e), -ELOOP);
	assert_int_equal(nfsd_server_read(&tmproot.host, "pool_stats", &text, &e),
	                 -ELOOP);
	assert_int_equal(nfsd_server_set_threads(&tmproot.host, 8, 0, &e), -ELOOP);
	assert_int_equal(nfsd_server_start(&tmproot.host, 8, 0, &e), -ELOOP);
	assert_string_equal(tmproot_read(NFSD "pool_threads"), "0\n");
	assert_string_equal(e.text, "open " NFSD "threads: Too many levels of symbolic "
	                            "links");
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
	{"   0: 00000000:0801 00000000:0000 0A 0:0\n", 0, 0}, /* no header line */
};

static void test_tcp(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		struct tcp_sockets tcp = {0};

		tcp_sockets_parse(tables[i].text, 2049, &tcp);
		assert_int_equal(tcp.listening, tables[i].listening);
		assert_int_equal(tcp.established, tables[i].established);
	}
}

/* --- answers to THREADS_GET: the numbers of nfsd_netlink.h ------------------------- */

#define THREADS(n)        \
	{                 \
		{8, 1}, n \
	}
#define GRACETIME          \
	{                  \
		{8, 2}, 90 \
	}
#define LEASETIME          \
	{                  \
		{8, 3}, 90 \
	}
#define MIN_THREADS(n)    \
	{                 \
		{8, 5}, n \
	}
#define UNKNOWN            \
	{                  \
		{8, 77}, 1 \
	}

struct answer {
	struct nlmsghdr netlink;
	struct genlmsghdr generic;
	struct {
		struct nlattr head;
		uint32_t value;
	} attrs[5];
};

static const struct answered {
	const char *name;
	struct answer answer; /* without the headers */
	unsigned threads, pools;
	bool has_min_threads;
	unsigned min_threads;
} answers[] = {
	{"the kernel has a minimum",
         {.attrs = {GRACETIME, LEASETIME, MIN_THREADS(2), THREADS(8)}},
         8,
         1,
         true,
         2},
	{"it has one, and all stay",
         {.attrs = {GRACETIME, LEASETIME, MIN_THREADS(0), THREADS(8)}},
         8,
         1,
         true,
         0},
	{"it has none", {.attrs = {GRACETIME, LEASETIME, THREADS(8)}}, 8, 1, false, 0},
	{"several pools, unknown attributes",
         {.attrs = {THREADS(5), UNKNOWN, THREADS(4), MIN_THREADS(3), THREADS(0)}},
         9,
         3,
         true,
         3},
	{"numbers of another size",
         {.attrs = {{{6, 1}, 8}, {{5, 5}, 2}, THREADS(8)}},
         8,
         1,
         false,
         0},
	{"longer than the message",
         {.attrs = {THREADS(8), {{64, 5}, 2}}},
         8,
         1,
         false,
         0},
	{"nothing", {.attrs = {{{0, 0}, 0}}}, 0, 0, false, 0},
};

static void test_answer(void **state)
{
	const struct answered *row = *state;
	struct answer a = row->answer;
	struct nfsd_server s = {0};

	a.netlink.nlmsg_len = sizeof(a);
	nfsd_netlink_parse_threads(&a, sizeof(a), &s);
	assert_int_equal(s.threads, row->threads);
	assert_int_equal(s.pools, row->pools);
	assert_int_equal(s.has_min_threads, row->has_min_threads);
	assert_int_equal(s.min_threads, row->min_threads);
	/* a message that claims to be longer than the received data */
	s = (struct nfsd_server){0};
	nfsd_netlink_parse_threads(&a, sizeof(a) - 1, &s);
	assert_int_equal(s.pools, 0);
	a.netlink.nlmsg_len = UINT32_C(1) << 31;
	nfsd_netlink_parse_threads(&a, sizeof(a), &s);
	assert_int_equal(s.pools, 0);
}

/* --- a minimum of threads ---------------------------------------------------------- */

static const struct kept {
	const char *name;
	unsigned threads, min_threads;
	bool moving, keeps_8;
	unsigned least;
} kepts[] = {
	{"fixed", 8, 0, false, true, 8},
	{"fixed, less", 7, 0, false, false, 7},
	{"fixed, more", 9, 0, false, false, 9},
	{"as requested", 8, 2, false, true, 2},
	{"fewer requested", 3, 2, false, false, 2},
	{"more requested", 16, 2, false, false, 2},
	{"a minimum above it: all stay", 8, 16, false, true, 8},
	{"moving, all run", 8, 2, true, true, 2},
	{"moving, some run", 3, 2, true, true, 2},
	{"moving, those that stay run", 2, 2, true, true, 2},
	{"moving, below the minimum", 1, 2, true, false, 1},
	{"moving, too many run", 9, 2, true, false, 2},
	{"moving, a minimum above it", 8, 16, true, true, 8},
	{"moving, a minimum above it, less", 7, 16, true, false, 7},
};

static void test_kept(void **state)
{
	const struct kept *row = *state;
	struct nfsd_server s = {.threads = row->threads,
	                        .pools = 1,
	                        .has_min_threads = true,
	                        .min_threads = row->min_threads,
	                        .moving = row->moving};

	assert_int_equal(nfsd_server_has(&s, 8), row->keeps_8);
	assert_int_equal(nfsd_server_least(&s), row->least);
}

static void test_moving(void **state)
{
	struct nfsd_server s;
	struct err e;

	(void)state;
	tmproot_write(NFSD "threads", "8\n");
	assert_int_equal(nfsd_server_observe(&tmproot.host, &s, &e), 0);
	assert_false(s.has_min_threads || s.moving);
	tmproot_write(NFSD "min_threads", "0\n");
	assert_int_equal(nfsd_server_observe(&tmproot.host, &s, &e), 0);
	assert_true(s.has_min_threads && !s.moving);
	tmproot_write(NFSD "min_threads", "2\n");
	assert_int_equal(nfsd_server_observe(&tmproot.host, &s, &e), 0);
	assert_true(s.has_min_threads && s.moving);
	tmproot.host.kernel = NUM_VERSION(7, 0);
	assert_int_equal(nfsd_server_observe(&tmproot.host, &s, &e), 0);
	assert_true(s.has_min_threads && !s.moving);
	assert_int_equal(s.min_threads, 2);
}

/* A bundle decides as the node does. */
static void test_recorded(void **state)
{
	const struct nfsd_server s = {.netlink = true,
	                              .threads = 4,
	                              .pools = 2,
	                              .empty = 1,
	                              .has_min_threads = true,
	                              .moving = true,
	                              .min_threads = 3,
	                              .versions = NFSD_V4_2,
	                              .versions_known = V4,
	                              .pool_mode = "percpu",
	                              .pool_mode_error = -EISDIR,
	                              .max_block_size = 65536};
	_node_ struct node *n = nfsd_state_node(&s), *old = node_new(NODE_MAP);
	struct nfsd_server back;

	(void)state;
	nfsd_state_take(n, &back);
	assert_int_equal(back.netlink, s.netlink);
	assert_int_equal(back.threads, s.threads);
	assert_int_equal(back.pools, s.pools);
	assert_int_equal(back.empty, s.empty);
	assert_int_equal(back.has_min_threads, s.has_min_threads);
	assert_int_equal(back.moving, s.moving);
	assert_int_equal(back.min_threads, s.min_threads);
	assert_int_equal(back.versions, s.versions);
	assert_int_equal(back.versions_known, s.versions_known);
	assert_string_equal(back.pool_mode, s.pool_mode);
	assert_int_equal(back.pool_mode_error, s.pool_mode_error);
	assert_int_equal(back.max_block_size, s.max_block_size);
	/* one of an older version */
	node_set(old, "threads", node_new_uint(4));
	nfsd_state_take(old, &back);
	assert_true(nfsd_server_has(&back, 4));
	assert_int_equal(back.pool_mode_error, 0);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, lists, test_versions);
	suite_test(&s, "observe", test_observe);
	suite_test(&s, "set versions", test_set_versions);
	suite_test(&s, "pinning never starts", test_set_threads_never_starts);
	suite_test(&s, "a mount that cannot be looked at", test_mount_unread);
	suite_test(&s, "read a file", test_read);
	suite_test(&s, "TCP sockets", test_tcp);
	suite_rows(&s, answers, test_answer);
	suite_rows(&s, kepts, test_kept);
	suite_test(&s, "what the kernel's number means", test_moving);
	suite_test(&s, "as a bundle has it", test_recorded);
	return suite_run(&s);
}
