/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/queues/qdisc.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "host/host.h"
#include "host/own_netns.h"
#include "host/recorded.h"
#include "network/index.h"
#include "network/queues/rtnetlink.h"

#include <errno.h>
#include <linux/pkt_sched.h>
#include <stdlib.h>
#include <string.h>

#define MQ   "mq"
#define NOOP "noop" /* never listed: no root at all */

const char *const qdisc_kinds[] = {"fq",    "fq_codel", "fq_pie",     "cake",  "sfq",
                                   "codel", "pie",      "pfifo_fast", "pfifo", "bfifo",
                                   "mq",    "noqueue",  NULL};

static bool is_kind(const char *word, size_t len)
{
	for (const char *const *k = qdisc_kinds; *k; k++)
		if (strlen(*k) == len && strncmp(*k, word, len) == 0)
			return true;
	return false;
}

/* --- reading ---------------------------------------------------------------------------
 */

static const struct rtnetlink_qdisc *qdisc_root(const struct rtnetlink_qdiscs *q)
{
	for (size_t i = 0; i < q->n; i++)
		if (q->list[i].parent == TC_H_ROOT)
			return &q->list[i];
	return NULL;
}

static int compare_parents(const void *a, const void *b)
{
	const struct rtnetlink_qdisc *x = a, *y = b;

	return (x->parent > y->parent) - (x->parent < y->parent);
}

/* Move the children of the root to the front, in the order of queues. Return: how many.
 */
static size_t qdisc_children(struct rtnetlink_qdiscs *q, uint32_t handle)
{
	size_t n = 0;

	for (size_t i = 0; i < q->n; i++)
		if (q->list[i].parent != TC_H_ROOT && TC_H_MIN(q->list[i].parent) &&
		    TC_H_MAJ(q->list[i].parent) == TC_H_MAJ(handle))
			q->list[n++] = q->list[i];
	if (n)
		qsort(q->list, n, sizeof(*q->list), compare_parents);
	return n;
}

static char *qdisc_text(struct rtnetlink_qdiscs *q)
{
	const struct rtnetlink_qdisc *found = qdisc_root(q);
	const struct rtnetlink_qdisc root = found ? *found : (struct rtnetlink_qdisc){0};
	_buf_ struct buf b = {0};
	bool same = true;
	size_t n;

	if (!found || strcmp(root.kind, MQ) != 0)
		return mem_dup(found ? root.kind : NOOP);
	n = qdisc_children(q, root.handle);
	for (size_t i = 1; i < n; i++)
		same = same && strcmp(q->list[i].kind, q->list[0].kind) == 0;
	buf_add(&b, MQ);
	for (size_t i = 0; i < (same ? n > 0 : n); i++)
		buf_addf(&b, "%c%s", i ? ',' : ' ', q->list[i].kind);
	return buf_take(&b);
}

static int ask_index(const struct host *h, unsigned index, char **ret, struct err *e)
{
	_qdiscs_ struct rtnetlink_qdiscs q = {0};
	int r = host_netns_check(h, e);

	if (r == 0)
		r = rtnetlink_qdiscs(index, &q, e);
	if (r == 0)
		*ret = qdisc_text(&q);
	return r;
}

static int ask(const struct host *h, const char *interface, char **ret, struct err *e)
{
	unsigned index = 0;
	int r = h->live ? net_index_read(h, interface, &index, e)
	                : err_set(e, -ENODATA, "%s: unknown in a captured tree",
	                          interface);

	if (r == 0)
		r = ask_index(h, index, ret, e);
	/* of one that was just removed, the kernel lists none */
	return r < 0 ? r : net_index_read(h, interface, &index, e);
}

int qdisc_read(const struct host *h, const char *interface, char **ret_text,
               struct err *e)
{
	return recorded_word(h, "qdisc", interface, ask, ret_text, e);
}

/* --- lines -----------------------------------------------------------------------------
 */

static bool has_mq(const char *text)
{
	return strcmp(text, MQ) == 0 || strncmp(text, MQ " ", strlen(MQ " ")) == 0;
}

/* The children of a line, joined by ","; "": it has none. */
static const char *children_of(const char *text)
{
	return has_mq(text) && text[strlen(MQ)] ? text + strlen(MQ " ") : "";
}

char *qdisc_wanted(const char *now, const char *kind, unsigned queues)
{
	const bool whole = strcmp(kind, MQ) == 0 || strcmp(kind, "noqueue") == 0;

	if (strcmp(kind, MQ) == 0 && has_mq(now))
		return mem_dup(now);
	if (whole || strcmp(now, kind) == 0 || (!has_mq(now) && queues <= 1))
		return mem_dup(kind);
	return mem_format(MQ " %s", kind);
}

static bool is_restorable(const char *word, size_t len)
{
	return is_kind(word, len) ||
	       (len == strlen(NOOP) && strncmp(word, NOOP, len) == 0);
}

char *qdisc_configured(const char *text)
{
	const char *rest = children_of(text), *word;
	size_t len;

	if (!has_mq(text))
		return is_restorable(text, strlen(text)) ? NULL : mem_dup(text);
	while ((word = words_next(&rest, ',', &len)))
		if (!is_restorable(word, len))
			return mem_dup_n(word, len);
	return NULL;
}

bool qdisc_is_text(const char *text)
{
	_free_ char *other = qdisc_configured(text);

	return !other && strcmp(text, MQ " ") != 0 && !strchr(children_of(text), ' ');
}

/* --- writing ---------------------------------------------------------------------------
 */

/* Read it again, whatever was recorded. Return: 1: it is that line; 0; -errno. */
static int qdisc_is(const struct host *h, unsigned index, const char *text, struct err *e)
{
	_free_ char *now = NULL;
	int r = ask_index(h, index, &now, e);

	return r < 0 ? r : now && strcmp(now, text) == 0;
}

/* Child `i` of the line; of one for all, that. */
static char *child_of(const char *text, size_t i)
{
	const char *rest = children_of(text), *word;
	bool several = strchr(rest, ',');
	size_t len, at = 0;

	while ((word = words_next(&rest, ',', &len)))
		if (!several || at++ == i)
			return mem_dup_n(word, len);
	return NULL;
}

/* Children of an mq that the kernel attached by itself cannot be named: it has no handle.
 */
static int own_mq(unsigned index, struct rtnetlink_qdiscs *ret, uint32_t *ret_handle,
                  struct err *e)
{
	const struct rtnetlink_qdisc *root;

	for (int attempt = 0; attempt < 2; attempt++) {
		int r = rtnetlink_qdiscs(index, ret, e);

		if (r < 0)
			return r;
		root = qdisc_root(ret);
		*ret_handle = root ? root->handle : 0;
		if (root && root->handle && strcmp(root->kind, MQ) == 0)
			return 0;
		rtnetlink_qdiscs_done(ret);
		if (attempt == 0)
			r = rtnetlink_qdisc_replace(index, TC_H_ROOT, MQ, e);
		if (r < 0)
			return r;
	}
	return err_set(e, -EIO, "mq was set, but is not there");
}

static int write_children(unsigned index, const char *text, struct err *e)
{
	_qdiscs_ struct rtnetlink_qdiscs q = {0};
	uint32_t handle = 0;
	int r = own_mq(index, &q, &handle, e);
	size_t n = r < 0 ? 0 : qdisc_children(&q, handle);

	for (size_t i = 0; i < n && r == 0; i++) {
		_free_ char *kind = child_of(text, i);

		if (kind && strcmp(q.list[i].kind, kind) != 0)
			r = rtnetlink_qdisc_replace(index, q.list[i].parent, kind, e);
	}
	return r;
}

/* Remove a root that was set. Return: 1: what the kernel attaches is the line; 0; -errno.
 */
static int try_default(const struct host *h, unsigned index, const char *text,
                       struct err *e)
{
	_qdiscs_ struct rtnetlink_qdiscs q = {0};
	int r = rtnetlink_qdiscs(index, &q, e);
	const struct rtnetlink_qdisc *root = r == 0 ? qdisc_root(&q) : NULL;

	if (root && root->handle)
		r = rtnetlink_qdisc_delete_root(index, e);
	return r < 0 ? r : qdisc_is(h, index, text, e);
}

int qdisc_write(struct host *h, const char *interface, unsigned index, const char *text,
                bool restore, struct err *e)
{
	int r = qdisc_is(h, index, text, e);

	if (r == 0 && restore)
		r = try_default(h, index, text, e);
	/* an interface that was never up had none; if it is up now, it has the default */
	if (r == 0 && strcmp(text, NOOP) != 0)
		r = *children_of(text)
		            ? write_children(index, text, e)
		            : rtnetlink_qdisc_replace(index, TC_H_ROOT, text, e);
	return r < 0 ? err_wrap(e, "%s", interface) : 0;
}

char *qdisc_command(const char *interface, const char *text, unsigned queues)
{
	_buf_ struct buf b = {0};

	if (!*children_of(text))
		return mem_format("tc qdisc replace dev %s root %s", interface, text);
	buf_addf(&b, "tc qdisc replace dev %s root handle 1: mq", interface);
	for (unsigned i = 0; i < queues; i++) {
		_free_ char *kind = child_of(text, i);

		if (kind)
			buf_addf(&b, " && tc qdisc replace dev %s parent 1:%x %s",
			         interface, i + 1, kind);
	}
	return buf_take(&b);
}
