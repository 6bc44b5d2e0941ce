/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/netlink.h"

#include "base/macro.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

/* The kernel answers before send(2) returns: the timeout covers a lost answer. */
#define ANSWER_TIMEOUT_S 10

int netlink_open(struct netlink *s, int protocol, struct err *e)
{
	struct timeval timeout = {.tv_sec = ANSWER_TIMEOUT_S};
	int on = 1, fd;

	s->seq = 0;
	s->full = false;
	s->socket = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	if (!s->socket || mnl_socket_bind(s->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return err_errno(e, errno, "open a netlink socket");
	fd = mnl_socket_get_fd(s->socket);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	return 0;
}

void netlink_close(struct netlink *s)
{
	if (s->socket)
		(void)mnl_socket_close(s->socket);
	s->socket = NULL;
}

/* --- requests ------------------------------------------------------------------------
 */

void *netlink_request(struct netlink *s, uint16_t type, int flags, size_t len)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(s->buf.bytes);

	s->full = false;
	m->nlmsg_type = type;
	m->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	m->nlmsg_seq = ++s->seq;
	return mnl_nlmsg_put_extra_header(m, len);
}

void netlink_put(struct netlink *s, uint16_t type, const void *data, size_t len)
{
	if (!mnl_attr_put_check(&s->buf.header, sizeof(s->buf), type, len, data))
		s->full = true;
}

void netlink_put_u32(struct netlink *s, uint16_t type, uint32_t value)
{
	netlink_put(s, type, &value, sizeof(value));
}

void netlink_put_text(struct netlink *s, uint16_t type, const char *text)
{
	netlink_put(s, type, text, strlen(text) + 1);
}

struct nlattr *netlink_nest(struct netlink *s, uint16_t type)
{
	struct nlattr *nest =
		mnl_attr_nest_start_check(&s->buf.header, sizeof(s->buf), type);

	s->full |= !nest;
	return nest;
}

void netlink_nest_end(struct netlink *s, struct nlattr *nest)
{
	if (nest)
		mnl_attr_nest_end(&s->buf.header, nest);
}

/* What one talk needs: libmnl has one argument for all kinds of messages. */
struct talk {
	struct netlink *s;
	int (*see)(const struct nlmsghdr *m, void *arg);
	void *arg;
};

static int see_part(const struct nlmsghdr *m, void *arg)
{
	const struct talk *t = arg;

	return t->see ? t->see(m, t->arg) : MNL_CB_OK;
}

static int see_end(const struct nlmsghdr *m, void *arg)
{
	const struct talk *t = arg;
	struct netlink *s = t->s;
	size_t left = sizeof(s->buf) - (size_t)((const char *)m - s->buf.bytes);
	int r = netlink_parse_error(m, left, s->said, sizeof(s->said));

	errno = -r;
	return r == 0 ? MNL_CB_STOP : MNL_CB_ERROR;
}

int netlink_talk(struct netlink *s, int (*see)(const struct nlmsghdr *m, void *arg),
                 void *arg, const char *what, struct err *e)
{
	mnl_cb_t control[] = {[NLMSG_ERROR] = see_end};
	struct talk t = {s, see, arg};
	unsigned port = mnl_socket_get_portid(s->socket);
	int r = 1;

	s->said[0] = '\0';
	if (s->full)
		return err_set(e, -E2BIG, "%s: the request is too long", what);
	if (mnl_socket_sendto(s->socket, &s->buf, s->buf.header.nlmsg_len) < 0)
		return err_errno(e, errno, "%s", what);
	while (r > 0) {
		ssize_t n = mnl_socket_recvfrom(s->socket, &s->buf, sizeof(s->buf));

		if (n < 0 && errno == EINTR)
			continue;
		r = n < 0 ? -1
		          : mnl_cb_run2(&s->buf, (size_t)n, s->seq, port, see_part, &t,
		                        control, ARRAY_SIZE(control));
	}
	if (r < 0 && *s->said)
		return err_errno(e, errno, "%s (%s)", what, s->said);
	return r < 0 ? err_errno(e, errno, "%s", what) : 0;
}

/* --- answers -------------------------------------------------------------------------
 */

/*
 * mnl_nlmsg_ok() treats a length above INT_MAX as negative. Attributes are looked for up
 * to the next multiple of four.
 */
bool netlink_is_message(const struct nlmsghdr *m, size_t len)
{
	return len >= sizeof(*m) && m->nlmsg_len <= len &&
	       NLMSG_ALIGN((size_t)m->nlmsg_len) <= len && mnl_nlmsg_ok(m, (int)len);
}

const void *netlink_header(const struct nlmsghdr *m, size_t size)
{
	return m->nlmsg_len >= mnl_nlmsg_size(size) ? mnl_nlmsg_get_payload(m) : NULL;
}

int netlink_each(const struct nlmsghdr *m, size_t header,
                 int (*see)(const struct nlattr *a, void *arg), void *arg)
{
	return mnl_attr_parse(m, (unsigned)header, see, arg);
}

int netlink_each_nested(const struct nlattr *a,
                        int (*see)(const struct nlattr *a, void *arg), void *arg)
{
	return mnl_attr_parse_nested(a, see, arg);
}

unsigned netlink_type(const struct nlattr *a)
{
	return mnl_attr_get_type(a);
}

bool netlink_u16(const struct nlattr *a, uint16_t *ret)
{
	if (mnl_attr_validate(a, MNL_TYPE_U16) < 0)
		return false;
	*ret = mnl_attr_get_u16(a);
	return true;
}

bool netlink_u32(const struct nlattr *a, uint32_t *ret)
{
	if (mnl_attr_validate(a, MNL_TYPE_U32) < 0)
		return false;
	*ret = mnl_attr_get_u32(a);
	return true;
}

const char *netlink_text(const struct nlattr *a)
{
	return mnl_attr_validate(a, MNL_TYPE_NUL_STRING) < 0 ? NULL : mnl_attr_get_str(a);
}

static int see_said(const struct nlattr *a, void *arg)
{
	const char **said = arg, *text = netlink_text(a);

	if (netlink_type(a) == NLMSGERR_ATTR_MSG && text)
		*said = text;
	return MNL_CB_OK;
}

/*
 * The error's number, and the request, or just its header where the kernel was asked for
 * no more: then the attributes.
 */
int netlink_parse_error(const struct nlmsghdr *m, size_t len, char *said, size_t size)
{
	size_t skip = sizeof(struct nlmsgerr);
	const struct nlmsgerr *error =
		netlink_is_message(m, len) ? netlink_header(m, skip) : NULL;
	const char *text = NULL;

	if (!error || error->error > 0)
		return -EBADMSG;
	if (!(m->nlmsg_flags & NLM_F_CAPPED)) {
		if (error->msg.nlmsg_len < sizeof(error->msg) ||
		    error->msg.nlmsg_len > m->nlmsg_len)
			return error->error;
		skip += error->msg.nlmsg_len - sizeof(error->msg);
	}
	if (m->nlmsg_flags & NLM_F_ACK_TLVS)
		(void)netlink_each(m, skip, see_said, &text);
	if (text)
		(void)snprintf(said, size, "%s", text);
	return error->error;
}
