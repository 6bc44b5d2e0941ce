/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/queues/rtnetlink.h"

#include "base/mem.h"
#include "host/netlink.h"

#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define ATTEMPTS 5

/* Begin a request about an interface. NULL: there is none. */
static struct tcmsg *request(struct netlink *s, const char *interface, uint16_t type,
                             int flags, struct err *e)
{
	int index = (int)if_nametoindex(interface);
	struct tcmsg *t;

	if (index <= 0) {
		(void)err_errno(e, errno, "%s", interface);
		return NULL;
	}
	t = netlink_request(s, type, flags, sizeof(*t));
	t->tcm_family = AF_UNSPEC;
	t->tcm_ifindex = index;
	return t;
}

/* --- reading -------------------------------------------------------------------------
 */

struct listing {
	int index;
	struct rtnetlink_qdiscs *found;
};

static int see_kind(const struct nlattr *a, void *arg)
{
	const char *kind = netlink_type(a) == TCA_KIND ? netlink_text(a) : NULL;
	struct rtnetlink_qdisc *q = arg;

	if (kind)
		(void)snprintf(q->kind, sizeof(q->kind), "%s", kind);
	return 1;
}

static int see_qdisc(const struct nlmsghdr *m, void *arg)
{
	const struct tcmsg *t = NLMSG_DATA(m);
	struct listing *l = arg;
	struct rtnetlink_qdiscs *f = l->found;
	struct rtnetlink_qdisc q = {0};

	if (m->nlmsg_type != RTM_NEWQDISC || !netlink_has_header(m, sizeof(*t)) ||
	    t->tcm_ifindex != l->index)
		return 1;
	q.handle = t->tcm_handle;
	q.parent = t->tcm_parent;
	if (netlink_each(m, sizeof(*t), see_kind, &q) < 0)
		return -1;
	f->list = mem_grow(f->list, &f->cap, f->n, sizeof(*f->list));
	f->list[f->n++] = q;
	return 1;
}

static int list_once(const char *interface, struct rtnetlink_qdiscs *ret, struct err *e)
{
	_netlink_ struct netlink s;
	struct listing l = {.found = ret};
	const struct tcmsg *t;
	int r = netlink_open(&s, NETLINK_ROUTE, e);

	ret->n = 0;
	if (r < 0)
		return r;
	t = request(&s, interface, RTM_GETQDISC, NLM_F_DUMP, e);
	if (!t)
		return e->code;
	l.index = t->tcm_ifindex;
	return netlink_talk(&s, see_qdisc, &l, "list the queueing disciplines", e);
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

/* `kind` NULL: remove it. */
static int change(const char *interface, uint16_t type, int flags, uint32_t parent,
                  const char *kind, const char *what, struct err *e)
{
	_netlink_ struct netlink s;
	struct tcmsg *t;
	int r = netlink_open(&s, NETLINK_ROUTE, e);

	if (r < 0)
		return r;
	t = request(&s, interface, type, NLM_F_ACK | flags, e);
	if (!t)
		return e->code;
	t->tcm_parent = parent;
	if (kind)
		netlink_put_text(&s, TCA_KIND, kind);
	return netlink_talk(&s, NULL, NULL, what, e);
}

int rtnetlink_qdisc_replace(const char *interface, uint32_t parent, const char *kind,
                            struct err *e)
{
	_free_ char *what = mem_format("set the queueing discipline %s", kind);

	return change(interface, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, parent, kind,
	              what, e);
}

int rtnetlink_qdisc_delete_root(const char *interface, struct err *e)
{
	return change(interface, RTM_DELQDISC, 0, TC_H_ROOT, NULL,
	              "remove the queueing discipline", e);
}
