/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/queues/rtnetlink.h"

#include "base/macro.h"
#include "base/mem.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

/* The kernel answers before send(2) returns: the timeout covers a lost answer. */
#define ANSWER_TIMEOUT_S 10

/* A part of a list is at most this long, or a page (netlink_dump() of Linux). */
#define MESSAGE_MAX 32768

#define ATTEMPTS 5

struct session {
	struct mnl_socket *nl;
	int index; /* of the interface */
	char said[128];
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

static int session_open(struct session *s, const char *interface, struct err *e)
{
	struct timeval timeout = {.tv_sec = ANSWER_TIMEOUT_S};
	int on = 1, fd;

	s->said[0] = '\0';
	s->nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!s->nl || mnl_socket_bind(s->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return err_errno(e, errno, "open a netlink socket");
	fd = mnl_socket_get_fd(s->nl);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	s->index = (int)if_nametoindex(interface);
	return s->index > 0 ? 0 : err_errno(e, errno, "%s", interface);
}

static struct tcmsg *message(struct session *s, uint16_t type, int flags)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(s->buf.bytes);
	struct tcmsg *t;

	m->nlmsg_type = type;
	m->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	m->nlmsg_seq = 1;
	t = mnl_nlmsg_put_extra_header(m, sizeof(*t));
	t->tcm_family = AF_UNSPEC;
	t->tcm_ifindex = s->index;
	return t;
}

static int see_said(const struct nlattr *a, void *arg)
{
	struct session *s = arg;

	if (mnl_attr_get_type(a) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
		(void)snprintf(s->said, sizeof(s->said), "%s", mnl_attr_get_str(a));
	return MNL_CB_OK;
}

/* Keep the kernel's own words about an error, which follow its number. */
static int see_error(const struct nlmsghdr *m, void *arg)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(m);
	size_t skip = sizeof(*error);

	if (m->nlmsg_len < mnl_nlmsg_size(sizeof(*error))) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!(m->nlmsg_flags & NLM_F_CAPPED))
		skip += error->msg.nlmsg_len - sizeof(error->msg);
	if (m->nlmsg_flags & NLM_F_ACK_TLVS && m->nlmsg_len >= mnl_nlmsg_size(skip))
		(void)mnl_attr_parse(m, (unsigned)skip, see_said, arg);
	errno = -error->error;
	return error->error == 0 ? MNL_CB_STOP : MNL_CB_ERROR;
}

/* Send the message, and pass each part of the answer to `call`. */
static int talk(struct session *s, mnl_cb_t call, void *arg, const char *what,
                struct err *e)
{
	mnl_cb_t control[] = {[NLMSG_ERROR] = see_error};
	struct nlmsghdr *m = &s->buf.align;
	unsigned port = mnl_socket_get_portid(s->nl);
	int r = 1;

	if (mnl_socket_sendto(s->nl, m, m->nlmsg_len) < 0)
		return err_errno(e, errno, "%s", what);
	while (r > 0) {
		ssize_t n = mnl_socket_recvfrom(s->nl, s->buf.bytes, sizeof(s->buf));

		if (n < 0 && errno == EINTR)
			continue;
		r = n < 0 ? -1
		          : mnl_cb_run2(s->buf.bytes, (size_t)n, 1, port, call, arg,
		                        control, ARRAY_SIZE(control));
	}
	if (r < 0 && *s->said)
		return err_errno(e, errno, "%s (%s)", what, s->said);
	return r < 0 ? err_errno(e, errno, "%s", what) : 0;
}

/* --- reading -------------------------------------------------------------------------
 */

struct listing {
	struct session *session;
	struct rtnetlink_qdiscs *found;
};

static int see_kind(const struct nlattr *a, void *arg)
{
	struct rtnetlink_qdisc *q = arg;

	if (mnl_attr_get_type(a) == TCA_KIND &&
	    mnl_attr_validate(a, MNL_TYPE_NUL_STRING) >= 0)
		(void)snprintf(q->kind, sizeof(q->kind), "%s", mnl_attr_get_str(a));
	return MNL_CB_OK;
}

static int see_qdisc(const struct nlmsghdr *m, void *arg)
{
	const struct tcmsg *t = mnl_nlmsg_get_payload(m);
	struct listing *l = arg;
	struct rtnetlink_qdiscs *f = l->found;
	struct rtnetlink_qdisc q = {0};

	if (m->nlmsg_type != RTM_NEWQDISC || m->nlmsg_len < mnl_nlmsg_size(sizeof(*t)) ||
	    t->tcm_ifindex != l->session->index)
		return MNL_CB_OK;
	q.handle = t->tcm_handle;
	q.parent = t->tcm_parent;
	if (mnl_attr_parse(m, sizeof(*t), see_kind, &q) < 0)
		return MNL_CB_ERROR;
	f->list = mem_grow(f->list, &f->cap, f->n, sizeof(*f->list));
	f->list[f->n++] = q;
	return MNL_CB_OK;
}

static int list_once(const char *interface, struct rtnetlink_qdiscs *ret, struct err *e)
{
	_session_ struct session s;
	struct listing l = {.session = &s, .found = ret};
	int r = session_open(&s, interface, e);

	ret->n = 0;
	if (r < 0)
		return r;
	(void)message(&s, RTM_GETQDISC, NLM_F_DUMP);
	return talk(&s, see_qdisc, &l, "list the queueing disciplines", e);
}

int rtnetlink_qdiscs(const char *interface, struct rtnetlink_qdiscs *ret, struct err *e)
{
	int r = -EINTR;

	*ret = (struct rtnetlink_qdiscs){0};
	/* EINTR: the list changed while the kernel wrote it */
	for (int i = 0; i < ATTEMPTS && r == -EINTR; i++)
		r = list_once(interface, ret, e);
	return r;
}

void rtnetlink_qdiscs_done(struct rtnetlink_qdiscs *q)
{
	free(q->list);
	*q = (struct rtnetlink_qdiscs){0};
}

/* --- writing -------------------------------------------------------------------------
 */

int rtnetlink_qdisc_replace(const char *interface, uint32_t parent, const char *kind,
                            struct err *e)
{
	_free_ char *what = mem_format("set the queueing discipline %s", kind);
	_session_ struct session s;
	int r = session_open(&s, interface, e);

	if (r < 0)
		return r;
	message(&s, RTM_NEWQDISC, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE)->tcm_parent =
		parent;
	mnl_attr_put_strz(&s.buf.align, TCA_KIND, kind);
	return talk(&s, NULL, NULL, what, e);
}

int rtnetlink_qdisc_delete_root(const char *interface, struct err *e)
{
	_session_ struct session s;
	int r = session_open(&s, interface, e);

	if (r < 0)
		return r;
	message(&s, RTM_DELQDISC, NLM_F_ACK)->tcm_parent = TC_H_ROOT;
	return talk(&s, NULL, NULL, "remove the queueing discipline", e);
}
