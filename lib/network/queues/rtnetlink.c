/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/queues/rtnetlink.h"

#include "base/mem.h"
#include "host/netlink.h"

#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define ATTEMPTS 5

/* Begin a request about the interface with that number. */
static struct tcmsg *request(struct netlink *s, unsigned index, uint16_t type, int flags)
{
	struct tcmsg *t = netlink_request(s, type, flags, sizeof(*t));

	t->tcm_family = AF_UNSPEC;
	t->tcm_ifindex = (int)index;
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
	const struct tcmsg *t = netlink_header(m, sizeof(*t));
	struct listing *l = arg;
	struct rtnetlink_qdiscs *f = l->found;
	struct rtnetlink_qdisc q = {0};

	if (m->nlmsg_type != RTM_NEWQDISC || !t || t->tcm_ifindex != l->index)
		return 1;
	q.handle = t->tcm_handle;
	q.parent = t->tcm_parent;
	if (netlink_each(m, sizeof(*t), see_kind, &q) < 0)
		return -1;
	f->list = mem_grow(f->list, &f->cap, f->n, sizeof(*f->list));
	f->list[f->n++] = q;
	return 1;
}

static int list_once(unsigned index, struct rtnetlink_qdiscs *ret, struct err *e)
{
	_netlink_ struct netlink s;
	struct listing l = {.index = (int)index, .found = ret};
	int r = netlink_open(&s, NETLINK_ROUTE, e);

	ret->n = 0;
	if (r < 0)
		return r;
	(void)request(&s, index, RTM_GETQDISC, NLM_F_DUMP);
	return netlink_talk(&s, see_qdisc, &l, "list the queueing disciplines", e);
}

int rtnetlink_qdiscs(unsigned index, struct rtnetlink_qdiscs *ret, struct err *e)
{
	int r = -EINTR;

	*ret = (struct rtnetlink_qdiscs){0};
	/* EINTR: the list changed while the kernel wrote it */
	for (int i = 0; i < ATTEMPTS && r == -EINTR; i++)
		r = list_once(index, ret, e);
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
static int change(unsigned index, uint16_t type, int flags, uint32_t parent,
                  const char *kind, const char *what, struct err *e)
{
	_netlink_ struct netlink s;
	int r = netlink_open(&s, NETLINK_ROUTE, e);

	if (r < 0)
		return r;
	request(&s, index, type, NLM_F_ACK | flags)->tcm_parent = parent;
	if (kind)
		netlink_put_text(&s, TCA_KIND, kind);
	return netlink_talk(&s, NULL, NULL, what, e);
}

int rtnetlink_qdisc_replace(unsigned index, uint32_t parent, const char *kind,
                            struct err *e)
{
	_free_ char *what = mem_format("set the queueing discipline %s", kind);

	return change(index, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, parent, kind,
	              what, e);
}

int rtnetlink_qdisc_delete_root(unsigned index, struct err *e)
{
	return change(index, RTM_DELQDISC, 0, TC_H_ROOT, NULL,
	              "remove the queueing discipline", e);
}
