/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/netlink.h"

#include "base/macro.h"
#include "host/netlink.h"
#include "nfsd/state.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

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

/* What a message has in front of its attributes. */
#define HEADER sizeof(struct genlmsghdr)

struct session {
	struct netlink nl;
	uint16_t family;
};

static void session_done(struct session *s)
{
	netlink_close(&s->nl);
}

#define _session_ _cleanup_(session_done)

static void request(struct session *s, uint16_t type, uint16_t flags, uint8_t command)
{
	struct genlmsghdr *g = netlink_request(&s->nl, type, flags, sizeof(*g));

	g->cmd = command;
	g->version = 1;
}

static int ask(struct session *s, uint8_t command,
               int (*see)(const struct nlmsghdr *m, void *arg), void *arg,
               const char *what, struct err *e)
{
	request(s, s->family, NLM_F_ACK, command);
	return netlink_talk(&s->nl, see, arg, what, e);
}

/* --- the family -------------------------------------------------------------------- */

/* One family of the list, while it is parsed. */
struct family {
	bool named, able;
	uint16_t id;
};

static int see_operation_member(const struct nlattr *a, void *arg)
{
	struct family *f = arg;
	uint32_t id;

	if (netlink_type(a) == CTRL_ATTR_OP_ID && netlink_u32(a, &id) &&
	    id == CMD_LISTENER_GET)
		f->able = true;
	return 1;
}

static int see_operation(const struct nlattr *a, void *arg)
{
	return netlink_each_nested(a, see_operation_member, arg);
}

static int see_family_member(const struct nlattr *a, void *arg)
{
	unsigned type = netlink_type(a);
	struct family *f = arg;
	const char *name = type == CTRL_ATTR_FAMILY_NAME ? netlink_text(a) : NULL;

	if (name)
		f->named = strcmp(name, "nfsd") == 0;
	else if (type == CTRL_ATTR_FAMILY_ID)
		(void)netlink_u16(a, &f->id);
	else if (type == CTRL_ATTR_OPS)
		return netlink_each_nested(a, see_operation, arg);
	return 1;
}

static int see_family(const struct nlmsghdr *m, void *arg)
{
	uint16_t *id = arg;
	struct family f = {0};
	int r = netlink_each(m, HEADER, see_family_member, &f);

	if (f.named && f.able)
		*id = f.id;
	return r;
}

/* Request the list of all families: a request by name makes the kernel run modprobe. */
static int session_open(struct session *s, struct err *e)
{
	int r = netlink_open(&s->nl, NETLINK_GENERIC, e);

	s->family = 0;
	if (r < 0)
		return r;
	request(s, GENL_ID_CTRL, NLM_F_DUMP, CTRL_CMD_GETFAMILY);
	r = netlink_talk(&s->nl, see_family, &s->family, "list the families by netlink",
	                 e);
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
	uint32_t n;

	if (netlink_type(a) == A_SERVER_THREADS && netlink_u32(a, &n)) {
		s->threads += n;
		s->pools++;
		s->empty += n == 0;
	} else if (netlink_type(a) == A_SERVER_MIN_THREADS && netlink_u32(a, &n)) {
		s->has_min_threads = true;
		s->min_threads = n;
	}
	return 1;
}

static int see_threads(const struct nlmsghdr *m, void *arg)
{
	return netlink_each(m, HEADER, see_threads_member, arg);
}

struct version {
	uint32_t major, minor;
	bool on;
};

static int see_version_member(const struct nlattr *a, void *arg)
{
	unsigned type = netlink_type(a);
	struct version *v = arg;

	if (type == A_VERSION_ENABLED)
		v->on = true;
	else if (type == A_VERSION_MAJOR)
		(void)netlink_u32(a, &v->major);
	else if (type == A_VERSION_MINOR)
		(void)netlink_u32(a, &v->minor);
	return 1;
}

static int see_version(const struct nlattr *a, void *arg)
{
	struct nfsd_server *s = arg;
	struct version v = {0};
	unsigned set;
	int r;

	if (netlink_type(a) != A_SERVER_PROTO_VERSION)
		return 1;
	r = netlink_each_nested(a, see_version_member, &v);
	set = nfsd_netlink_version_of(v.major, v.minor);
	s->versions_known |= set;
	s->versions |= v.on ? set : 0;
	return r;
}

static int see_versions(const struct nlmsghdr *m, void *arg)
{
	return netlink_each(m, HEADER, see_version, arg);
}

static int see_listener(const struct nlattr *a, void *arg)
{
	bool *listens = arg;

	*listens |= netlink_type(a) == A_SERVER_SOCK_ADDR;
	return 1;
}

static int see_listeners(const struct nlmsghdr *m, void *arg)
{
	return netlink_each(m, HEADER, see_listener, arg);
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
		r = ask(&s, CMD_THREADS_GET, see_threads, ret,
		        "read nfsd's threads by netlink", e);
	if (ret->threads == 0)
		ret->pools = ret->empty = 0;
	if (r == 0)
		r = ask(&s, CMD_VERSION_GET, see_versions, ret,
		        "read nfsd's versions by netlink", e);
	if (r == 0)
		r = ask(&s, CMD_LISTENER_GET, see_listeners, ret_listens,
		        "read nfsd's listeners by netlink", e);
	return r;
}

void nfsd_netlink_parse_threads(const void *message, size_t len, struct nfsd_server *ret)
{
	if (netlink_is_message(message, len))
		(void)see_threads(message, ret);
}

void nfsd_netlink_parse_versions(const void *message, size_t len, struct nfsd_server *ret)
{
	if (netlink_is_message(message, len))
		(void)see_versions(message, ret);
}

void nfsd_netlink_parse_listeners(const void *message, size_t len, bool *ret)
{
	if (netlink_is_message(message, len))
		(void)see_listeners(message, ret);
}

unsigned nfsd_netlink_parse_family(const void *message, size_t len)
{
	uint16_t id = 0;

	if (netlink_is_message(message, len))
		(void)see_family(message, &id);
	return id;
}

/* --- writing ----------------------------------------------------------------------- */

int nfsd_netlink_set_threads(struct host *h, const unsigned *pools, size_t n,
                             unsigned min_threads, struct err *e)
{
	_session_ struct session s;
	int r = session_open(&s, e);

	(void)h;
	if (r < 0)
		return r;
	request(&s, s.family, NLM_F_ACK, CMD_THREADS_SET);
	for (size_t i = 0; i < n; i++)
		netlink_put_u32(&s.nl, A_SERVER_THREADS, pools[i]);
	if (min_threads)
		netlink_put_u32(&s.nl, A_SERVER_MIN_THREADS,
		                min_threads == NFSD_FIXED ? 0 : min_threads);
	return netlink_talk(&s.nl, NULL, NULL, "set nfsd's threads by netlink", e);
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
	int r = session_open(&s, e);

	(void)h;
	if (r < 0)
		return r;
	/* the kernel first disables all versions */
	request(&s, s.family, NLM_F_ACK, CMD_VERSION_SET);
	for (size_t i = 0; i < ARRAY_SIZE(list); i++) {
		struct nlattr *nest;

		if (!(versions & list[i].version))
			continue;
		nest = netlink_nest(&s.nl, A_SERVER_PROTO_VERSION);
		netlink_put_u32(&s.nl, A_VERSION_MAJOR, list[i].major);
		netlink_put_u32(&s.nl, A_VERSION_MINOR, list[i].minor);
		netlink_put(&s.nl, A_VERSION_ENABLED, NULL, 0);
		netlink_nest_end(&s.nl, nest);
	}
	return netlink_talk(&s.nl, NULL, NULL, "set nfsd's versions by netlink", e);
}

static void put_listener(struct netlink *nl, const void *address, size_t len)
{
	struct nlattr *nest = netlink_nest(nl, A_SERVER_SOCK_ADDR);

	netlink_put(nl, A_SOCK_ADDR, address, len);
	netlink_put_text(nl, A_SOCK_TRANSPORT_NAME, "tcp");
	netlink_nest_end(nl, nest);
}

static int set_listeners(struct session *s, bool v4, bool v6, struct err *e)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(NFS_PORT)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(NFS_PORT)};

	request(s, s->family, NLM_F_ACK, CMD_LISTENER_SET);
	if (v4)
		put_listener(&s->nl, &in, sizeof(in));
	if (v6)
		put_listener(&s->nl, &in6, sizeof(in6));
	return netlink_talk(&s->nl, NULL, NULL, "set nfsd's listeners by netlink", e);
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
