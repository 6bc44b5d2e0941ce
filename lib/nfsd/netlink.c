/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/netlink.h"

#include "base/macro.h"
#include "nfsd/state.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

/*
 * The ABI, missing from Debian 12's headers: include/uapi/linux/nfsd_netlink.h of Linux
 * 6.12; A_SERVER_MIN_THREADS of 7.0.
 */
enum {
	CMD_THREADS_SET = 2,
	CMD_THREADS_GET,
	CMD_VERSION_SET,
	CMD_VERSION_GET,
	CMD_LISTENER_SET,
	CMD_LISTENER_GET
};
enum { A_SERVER_THREADS = 1, A_SERVER_MIN_THREADS = 5 };
enum { A_SERVER_PROTO_VERSION = 1 };
enum { A_VERSION_MAJOR = 1, A_VERSION_MINOR, A_VERSION_ENABLED };
enum { A_SERVER_SOCK_ADDR = 1 };
enum { A_SOCK_ADDR = 1, A_SOCK_TRANSPORT_NAME };

#define NFS_PORT 2049

/* The kernel answers before send(2) returns: the timeout covers a lost answer. */
#define ANSWER_TIMEOUT_S 10

/* Room for a number (8 bytes) for each pool of a large machine, and more. */
#define MESSAGE_MAX 32768

struct session {
	struct mnl_socket *nl;
	uint16_t family;
	unsigned seq;
	union {
		char bytes[MESSAGE_MAX];
		struct nlmsghdr align;
	} buf;
};

static void session_done(struct session *s)
{
	if (s->nl)
		(void)mnl_socket_close(s->nl);
}

#define _session_ _cleanup_(session_done)

static struct nlmsghdr *message(struct session *s, uint16_t type, uint16_t flags,
                                uint8_t command)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(s->buf.bytes);
	struct genlmsghdr *g;

	m->nlmsg_type = type;
	m->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	m->nlmsg_seq = ++s->seq;
	g = mnl_nlmsg_put_extra_header(m, sizeof(*g));
	g->cmd = command;
	g->version = 1;
	return m;
}

/* Send the buffer, and pass each message of the answer to `call`. */
static int talk(struct session *s, struct nlmsghdr *m, mnl_cb_t call, void *arg,
                const char *what, struct err *e)
{
	unsigned port = mnl_socket_get_portid(s->nl);
	int r = 1;

	if (mnl_socket_sendto(s->nl, m, m->nlmsg_len) < 0)
		return err_errno(e, errno, "%s by netlink", what);
	while (r > 0) {
		ssize_t n = mnl_socket_recvfrom(s->nl, s->buf.bytes, sizeof(s->buf));

		if (n < 0 && errno == EINTR)
			continue;
		r = n < 0 ? -1
		          : mnl_cb_run(s->buf.bytes, (size_t)n, s->seq, port, call, arg);
	}
	return r < 0 ? err_errno(e, errno, "%s by netlink", what) : 0;
}

/* --- the family -------------------------------------------------------------------- */

static bool is_u32(const struct nlattr *a)
{
	return mnl_attr_validate(a, MNL_TYPE_U32) >= 0;
}

/* One family of the list, while it is parsed. */
struct family {
	bool named, able;
	uint16_t id;
};

static int see_operation_member(const struct nlattr *a, void *arg)
{
	struct family *f = arg;

	if (mnl_attr_get_type(a) == CTRL_ATTR_OP_ID && is_u32(a) &&
	    mnl_attr_get_u32(a) == CMD_LISTENER_GET)
		f->able = true;
	return MNL_CB_OK;
}

static int see_operation(const struct nlattr *a, void *arg)
{
	return mnl_attr_parse_nested(a, see_operation_member, arg);
}

static int see_family_member(const struct nlattr *a, void *arg)
{
	uint16_t type = mnl_attr_get_type(a);
	struct family *f = arg;

	if (type == CTRL_ATTR_FAMILY_NAME &&
	    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
		f->named = strcmp(mnl_attr_get_str(a), "nfsd") == 0;
	else if (type == CTRL_ATTR_FAMILY_ID && mnl_attr_validate(a, MNL_TYPE_U16) >= 0)
		f->id = mnl_attr_get_u16(a);
	else if (type == CTRL_ATTR_OPS)
		return mnl_attr_parse_nested(a, see_operation, arg);
	return MNL_CB_OK;
}

static int see_family(const struct nlmsghdr *m, void *arg)
{
	uint16_t *id = arg;
	struct family f = {0};
	int r = mnl_attr_parse(m, sizeof(struct genlmsghdr), see_family_member, &f);

	if (f.named && f.able)
		*id = f.id;
	return r;
}

/* Request the list of all families: a request by name makes the kernel run modprobe. */
static int session_open(struct session *s, struct err *e)
{
	struct timeval timeout = {.tv_sec = ANSWER_TIMEOUT_S};
	int r;

	s->seq = 0;
	s->family = 0;
	s->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!s->nl || mnl_socket_bind(s->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return err_errno(e, errno, "open a netlink socket");
	(void)setsockopt(mnl_socket_get_fd(s->nl), SOL_SOCKET, SO_RCVTIMEO, &timeout,
	                 sizeof(timeout));
	r = talk(s, message(s, GENL_ID_CTRL, NLM_F_DUMP, CTRL_CMD_GETFAMILY), see_family,
	         &s->family, "list the families", e);
	if (r == 0 && s->family == 0)
		return err_set(e, -ENOENT, "the kernel has no netlink family \"nfsd\"");
	return r;
}

/* --- reading ----------------------------------------------------------------------- */

static unsigned nfsd_netlink_version_of(uint32_t major, uint32_t minor)
{
	if (major == 2 || major == 3)
		return major == 2 ? NFSD_V2 : NFSD_V3;
	return major == 4 && minor <= 2 ? (unsigned)NFSD_V4_0 << minor : 0;
}

static int see_threads_member(const struct nlattr *a, void *arg)
{
	struct nfsd_server *s = arg;

	if (mnl_attr_get_type(a) == A_SERVER_THREADS && is_u32(a)) {
		s->threads += mnl_attr_get_u32(a);
		s->pools++;
		s->empty += mnl_attr_get_u32(a) == 0;
	} else if (mnl_attr_get_type(a) == A_SERVER_MIN_THREADS && is_u32(a)) {
		s->has_min_threads = true;
		s->min_threads = mnl_attr_get_u32(a);
	}
	return MNL_CB_OK;
}

static int see_threads(const struct nlmsghdr *m, void *arg)
{
	return mnl_attr_parse(m, sizeof(struct genlmsghdr), see_threads_member, arg);
}

struct version {
	uint32_t major, minor;
	bool on;
};

static int see_version_member(const struct nlattr *a, void *arg)
{
	uint16_t type = mnl_attr_get_type(a);
	struct version *v = arg;

	if (type == A_VERSION_ENABLED)
		v->on = true;
	else if (type == A_VERSION_MAJOR && is_u32(a))
		v->major = mnl_attr_get_u32(a);
	else if (type == A_VERSION_MINOR && is_u32(a))
		v->minor = mnl_attr_get_u32(a);
	return MNL_CB_OK;
}

static int see_version(const struct nlattr *a, void *arg)
{
	struct nfsd_server *s = arg;
	struct version v = {0};
	unsigned set;
	int r;

	if (mnl_attr_get_type(a) != A_SERVER_PROTO_VERSION)
		return MNL_CB_OK;
	r = mnl_attr_parse_nested(a, see_version_member, &v);
	set = nfsd_netlink_version_of(v.major, v.minor);
	s->versions_known |= set;
	s->versions |= v.on ? set : 0;
	return r;
}

static int see_versions(const struct nlmsghdr *m, void *arg)
{
	return mnl_attr_parse(m, sizeof(struct genlmsghdr), see_version, arg);
}

static int see_listener(const struct nlattr *a, void *arg)
{
	bool *listens = arg;

	*listens |= mnl_attr_get_type(a) == A_SERVER_SOCK_ADDR;
	return MNL_CB_OK;
}

static int see_listeners(const struct nlmsghdr *m, void *arg)
{
	return mnl_attr_parse(m, sizeof(struct genlmsghdr), see_listener, arg);
}

int nfsd_netlink_get(const struct host *h, struct nfsd_server *ret, bool *ret_listens,
                     struct err *e)
{
	_session_ struct session s;
	int r = session_open(&s, e);

	(void)h;
	*ret = (struct nfsd_server){.netlink = true};
	*ret_listens = false;
	if (r == 0)
		r = talk(&s, message(&s, s.family, NLM_F_ACK, CMD_THREADS_GET),
		         see_threads, ret, "read nfsd's threads", e);
	if (ret->threads == 0)
		ret->pools = ret->empty = 0;
	if (r == 0)
		r = talk(&s, message(&s, s.family, NLM_F_ACK, CMD_VERSION_GET),
		         see_versions, ret, "read nfsd's versions", e);
	if (r == 0)
		r = talk(&s, message(&s, s.family, NLM_F_ACK, CMD_LISTENER_GET),
		         see_listeners, ret_listens, "read nfsd's listeners", e);
	return r;
}

/* mnl_nlmsg_ok() treats a length above INT_MAX as negative. */
static bool is_message(const struct nlmsghdr *m, size_t len)
{
	return len >= sizeof(*m) && m->nlmsg_len <= len && mnl_nlmsg_ok(m, (int)len);
}

void nfsd_netlink_parse_threads(const void *message, size_t len, struct nfsd_server *ret)
{
	if (is_message(message, len))
		(void)see_threads(message, ret);
}

void nfsd_netlink_parse_versions(const void *message, size_t len, struct nfsd_server *ret)
{
	if (is_message(message, len))
		(void)see_versions(message, ret);
}

void nfsd_netlink_parse_listeners(const void *message, size_t len, bool *ret)
{
	if (is_message(message, len))
		(void)see_listeners(message, ret);
}

unsigned nfsd_netlink_parse_family(const void *message, size_t len)
{
	uint16_t id = 0;

	if (is_message(message, len))
		(void)see_family(message, &id);
	return id;
}

/* --- writing ----------------------------------------------------------------------- */

int nfsd_netlink_set_threads(struct host *h, const unsigned *pools, size_t n,
                             unsigned min_threads, struct err *e)
{
	_session_ struct session s;
	struct nlmsghdr *m;
	int r = session_open(&s, e);

	(void)h;
	if (r < 0)
		return r;
	m = message(&s, s.family, NLM_F_ACK, CMD_THREADS_SET);
	for (size_t i = 0; i < n; i++)
		if (!mnl_attr_put_u32_check(m, sizeof(s.buf), A_SERVER_THREADS, pools[i]))
			return err_set(e, -E2BIG, "set nfsd's threads: %zu pools", n);
	if (min_threads)
		mnl_attr_put_u32(m, A_SERVER_MIN_THREADS,
		                 min_threads == NFSD_FIXED ? 0 : min_threads);
	return talk(&s, m, NULL, NULL, "set nfsd's threads", e);
}

int nfsd_netlink_set_versions(struct host *h, unsigned versions, struct err *e)
{
	static const struct {
		unsigned version;
		uint32_t major, minor;
	} list[] = {{NFSD_V2, 2, 0},
	            {NFSD_V3, 3, 0},
	            {NFSD_V4_0, 4, 0},
	            {NFSD_V4_1, 4, 1},
	            {NFSD_V4_2, 4, 2}};
	_session_ struct session s;
	struct nlmsghdr *m;
	int r = session_open(&s, e);

	(void)h;
	if (r < 0)
		return r;
	/* the kernel first disables all versions */
	m = message(&s, s.family, NLM_F_ACK, CMD_VERSION_SET);
	for (size_t i = 0; i < ARRAY_SIZE(list); i++) {
		struct nlattr *nest;

		if (!(versions & list[i].version))
			continue;
		nest = mnl_attr_nest_start(m, A_SERVER_PROTO_VERSION);
		mnl_attr_put_u32(m, A_VERSION_MAJOR, list[i].major);
		mnl_attr_put_u32(m, A_VERSION_MINOR, list[i].minor);
		mnl_attr_put(m, A_VERSION_ENABLED, 0, NULL);
		mnl_attr_nest_end(m, nest);
	}
	return talk(&s, m, NULL, NULL, "set nfsd's versions", e);
}

static void put_listener(struct nlmsghdr *m, const void *address, size_t len)
{
	struct nlattr *nest = mnl_attr_nest_start(m, A_SERVER_SOCK_ADDR);

	mnl_attr_put(m, A_SOCK_ADDR, len, address);
	mnl_attr_put_strz(m, A_SOCK_TRANSPORT_NAME, "tcp");
	mnl_attr_nest_end(m, nest);
}

static int set_listeners(struct session *s, bool v4, bool v6, struct err *e)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(NFS_PORT)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(NFS_PORT)};
	struct nlmsghdr *m = message(s, s->family, NLM_F_ACK, CMD_LISTENER_SET);

	if (v4)
		put_listener(m, &in, sizeof(in));
	if (v6)
		put_listener(m, &in6, sizeof(in6));
	return talk(s, m, NULL, NULL, "set nfsd's listeners", e);
}

int nfsd_netlink_set_listeners(struct host *h, bool on, struct err *e)
{
	_session_ struct session s;
	int r = session_open(&s, e);

	(void)h;
	if (r == 0)
		r = set_listeners(&s, on, false, e);
	if (r < 0 || !on)
		return r;
	/* if the second fails, the first stays open */
	r = set_listeners(&s, true, true, e);
	return r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL ? 0 : r;
}
