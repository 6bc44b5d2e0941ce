/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Requests to the kernel by netlink, and answers that it would never send. */
#include "base/mem.h"
#include "host/netlink.h"
#include "test.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* --- errors ----------------------------------------------------------------------------
 */

#define ATTR_HEADER sizeof(struct nlattr)
#define WORDS       "no such thing"

/* An error message, with up to 12 bytes of the request, and then its words. */
struct answer {
	struct nlmsghdr header;
	struct nlmsgerr error;
	union {
		struct {
			uint32_t more; /* of the request */
			struct nlattr attr;
			char words[sizeof(WORDS)];
		} whole;
		struct {
			struct nlattr attr;
			char words[sizeof(WORDS)];
		} capped;
	} u;
};

static struct answer whole_answer(void)
{
	struct answer a = {
		.header = {.nlmsg_len = sizeof(a),
	                   .nlmsg_type = NLMSG_ERROR,
	                   .nlmsg_flags = NLM_F_ACK_TLVS},
		.error = {.error = -ENOENT, .msg = {.nlmsg_len = NLMSG_HDRLEN + 4}},
		.u.whole = {.attr = {.nla_len = ATTR_HEADER + sizeof(WORDS),
	                             .nla_type = NLMSGERR_ATTR_MSG},
	                    .words = WORDS},
	};

	return a;
}

static void check_error(const struct answer *a, size_t len, int code, const char *words)
{
	/* as large as it is, so that a read beyond it is seen */
	_free_ void *exact = mem_new(len, 1);
	char said[64] = "-";

	memcpy(exact, a, len);
	assert_int_equal(netlink_parse_error(exact, len, said, sizeof(said)), code);
	assert_string_equal(said, words);
}

static void test_error(void **state)
{
	struct answer a = whole_answer();
	char said[8] = "";

	(void)state;
	check_error(&a, sizeof(a), -ENOENT, WORDS);
	(void)netlink_parse_error(&a.header, sizeof(a), said, sizeof(said));
	assert_string_equal(said, "no such");
	a.error.error = 0;
	check_error(&a, sizeof(a), 0, WORDS);
	/* without the flag there are none, whatever follows */
	a.header.nlmsg_flags = 0;
	check_error(&a, sizeof(a), 0, "-");
	a = whole_answer();
	a.header.nlmsg_flags |= NLM_F_CAPPED;
	a.u.capped.attr = (struct nlattr){.nla_len = ATTR_HEADER + sizeof(WORDS),
	                                  .nla_type = NLMSGERR_ATTR_MSG};
	memcpy(a.u.capped.words, WORDS, sizeof(WORDS));
	check_error(&a, sizeof(a), -ENOENT, WORDS);
}

/* Lengths that do not fit into the message, into the request, or into one another. */
static void test_error_lengths(void **state)
{
	const uint32_t lengths[] = {0,         1,        NLMSG_HDRLEN - 1, 400,
	                            INT32_MAX, 1U << 31, UINT32_MAX - 15,  UINT32_MAX};
	struct answer a;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		a = whole_answer();
		a.error.msg.nlmsg_len = lengths[i];
		check_error(&a, sizeof(a), -ENOENT, "-");
		a = whole_answer();
		a.header.nlmsg_len = lengths[i];
		check_error(&a, sizeof(a), -EBADMSG, "-");
	}
	for (size_t len = 1; len < sizeof(a); len++) {
		a = whole_answer();
		check_error(&a, len, -EBADMSG, "-");
		a.header.nlmsg_len = (uint32_t)len;
		/* the words are cut short, or the last four bytes are */
		check_error(&a, len,
		            len % 4 || len < NLMSG_HDRLEN + sizeof(a.error) ? -EBADMSG
		                                                            : -ENOENT,
		            "-");
	}
	/* an error above 0 is none of the kernel's */
	a = whole_answer();
	a.error.error = 7;
	check_error(&a, sizeof(a), -EBADMSG, "-");
	/* words that do not end */
	a = whole_answer();
	memset(a.u.whole.words, 'x', sizeof(a.u.whole.words));
	check_error(&a, sizeof(a), -ENOENT, "-");
}

/* --- the kernel ------------------------------------------------------------------------
 */

static int see_name(const struct nlattr *a, void *arg)
{
	const char *name = netlink_type(a) == IFLA_IFNAME ? netlink_text(a) : NULL;

	if (name)
		(void)snprintf(arg, IF_NAMESIZE, "%s", name);
	return 1;
}

static int see_link(const struct nlmsghdr *m, void *arg)
{
	return netlink_header(m, sizeof(struct ifinfomsg))
	               ? netlink_each(m, sizeof(struct ifinfomsg), see_name, arg)
	               : 1;
}

static void open_route(struct netlink *s)
{
	struct err e = {0};

	if (netlink_open(s, NETLINK_ROUTE, &e) < 0)
		skip();
}

static void ask_for(struct netlink *s, unsigned index)
{
	struct ifinfomsg *m = netlink_request(s, RTM_GETLINK, NLM_F_ACK, sizeof(*m));

	m->ifi_index = (int)index;
}

static void test_talk(void **state)
{
	_netlink_ struct netlink s = {0};
	char name[IF_NAMESIZE] = "";
	unsigned index = if_nametoindex("lo");
	struct err e = {0};

	(void)state;
	open_route(&s);
	if (!index)
		skip();
	ask_for(&s, index);
	assert_int_equal(netlink_talk(&s, see_link, name, "read lo", &e), 0);
	assert_string_equal(name, "lo");
	/* the same socket, again; and an error */
	ask_for(&s, INT32_MAX);
	assert_int_equal(netlink_talk(&s, see_link, name, "read none", &e), -ENODEV);
	assert_part(e.text, "read none");
	ask_for(&s, index);
	assert_int_equal(netlink_talk(&s, see_link, name, "read lo", &e), 0);
}

static void test_full(void **state)
{
	_netlink_ struct netlink s = {0};
	static const char much[NETLINK_MESSAGE_MAX];
	struct nlattr *nest;
	struct err e = {0};

	(void)state;
	open_route(&s);
	ask_for(&s, 1);
	netlink_put(&s, 1, much, 60000);
	assert_int_equal(netlink_talk(&s, NULL, NULL, "ask", &e), -E2BIG);
	assert_string_equal(e.text, "ask: the request is too long");
	ask_for(&s, 1);
	netlink_put(&s, 1, much, sizeof(much) - 100);
	netlink_put_text(&s, 2, "one that fits");
	assert_false(s.full);
	for (int i = 0; i < 20; i++)
		netlink_put_u32(&s, 3, 7);
	nest = netlink_nest(&s, 4);
	netlink_nest_end(&s, nest);
	assert_true(s.full);
	assert_true(s.buf.header.nlmsg_len <= sizeof(s.buf));
	/* the next one is not */
	ask_for(&s, 1);
	assert_false(s.full);
}

/* --- attributes ------------------------------------------------------------------------
 */

static void test_values(void **state)
{
	struct {
		struct nlattr attr;
		char data[8];
	} a = {.attr = {.nla_len = ATTR_HEADER + 4}, .data = "abc"};
	uint32_t u32 = 9;
	uint16_t u16 = 9;

	(void)state;
	assert_true(netlink_u32(&a.attr, &u32));
	assert_string_equal(netlink_text(&a.attr), "abc");
	assert_false(netlink_u16(&a.attr, &u16));
	a.attr.nla_len = ATTR_HEADER + 2;
	assert_true(netlink_u16(&a.attr, &u16));
	assert_int_equal(u16, 'a' | 'b' << 8);
	u32 = 9;
	assert_false(netlink_u32(&a.attr, &u32));
	assert_int_equal(u32, 9);
	assert_null(netlink_text(&a.attr));
	a.attr.nla_len = ATTR_HEADER;
	assert_null(netlink_text(&a.attr));
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "the kernel's words about an error", test_error);
	suite_test(&s, "an error with wrong lengths", test_error_lengths);
	suite_test(&s, "requests and answers", test_talk);
	suite_test(&s, "a request that is too long", test_full);
	suite_test(&s, "values of attributes", test_values);
	return suite_run(&s);
}
