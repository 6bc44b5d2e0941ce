/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/group.h"

#include "base/mem.h"
#include "base/num.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/recorded.h"
#include "host/sysfs.h"
#include "network/ethtool.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Of the structs of ethtool, all members are __u32: the largest is ethtool_coalesce. */
#define WORDS_MAX 32

#define RECORDED "net"

const struct net_group *const net_groups[] = {&group_channels, &group_rings,
                                              &group_coalesce, &group_features,
                                              &group_link,     NULL};

/* --- ethtool -------------------------------------------------------------------------
 */

static void net_group_take(const struct net_group *g, const uint32_t *words,
                           struct net_values *ret)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct net_attr *a = &g->attrs[i];

		ret->now[i] = words[a->now / sizeof(*words)];
		ret->max[i] = a->max ? words[a->max / sizeof(*words)] : NET_KEEP;
	}
}

static int net_group_ask(const struct host *h, const struct net_group *g,
                         const char *interface, struct net_values *ret, struct err *e)
{
	uint32_t words[WORDS_MAX] = {g->get};
	int r;

	if (g->ask)
		return g->ask(h, g, interface, ret, e);
	r = ethtool_read(h, interface, words, e);
	if (r == 0)
		net_group_take(g, words, ret);
	return r;
}

static struct node *net_values_node(const struct net_group *g, const struct net_values *v)
{
	struct node *n = node_new(NODE_MAP);

	for (size_t i = 0; i < g->n; i++) {
		_free_ char *max = mem_format("max %s", g->attrs[i].name);
		_free_ char *fixed = mem_format("fixed %s", g->attrs[i].name);

		node_set(n, g->attrs[i].name, node_new_uint(v->now[i]));
		if (v->fixed[i])
			node_set(n, fixed, node_new_bool(true));
		if (v->max[i] != NET_KEEP)
			node_set(n, max, node_new_uint(v->max[i]));
	}
	return n;
}

static void net_values_of_node(const struct net_group *g, const struct node *known,
                               struct net_values *ret)
{
	for (size_t i = 0; i < g->n; i++) {
		_free_ char *max = mem_format("max %s", g->attrs[i].name);
		_free_ char *fixed = mem_format("fixed %s", g->attrs[i].name);

		ret->fixed[i] = recorded_flag(known, fixed);
		ret->now[i] = recorded_number(known, g->attrs[i].name, UINT32_MAX);
		if (node_get(known, max))
			ret->max[i] = recorded_number(known, max, UINT32_MAX);
	}
}

static int net_group_read_ethtool(const struct host *h, const struct net_group *g,
                                  const char *interface, struct net_values *ret,
                                  struct err *e)
{
	_free_ char *subject = mem_format("%s %s", interface, g->name);
	struct node *answer = NULL;
	const struct node *known;
	int r = recorded_get(h, RECORDED, subject, &known, e);

	if (r > 0)
		net_values_of_node(g, known, ret);
	if (r != 0)
		return r < 0 ? r : 0;
	r = net_group_ask(h, g, interface, ret, e);
	if (r == 0)
		answer = net_values_node(g, ret);
	return recorded_put(h, RECORDED, subject, r, e, answer);
}

/* The kernel checks all members, also those that are as they were. */
static int net_group_write_ethtool(struct host *h, const struct net_group *g,
                                   const char *interface, const uint64_t *want,
                                   struct err *e)
{
	uint32_t words[WORDS_MAX] = {g->get};
	int r;

	if (g->put)
		return g->put(h, g, interface, want, e);
	r = ethtool_read(h, interface, words, e);
	for (size_t i = 0; i < g->n; i++)
		if (want[i] != NET_KEEP)
			words[g->attrs[i].now / sizeof(*words)] = (uint32_t)want[i];
	words[0] = g->set;
	return r < 0 ? r : ethtool_write(h, interface, words, e);
}

/* --- files ---------------------------------------------------------------------------
 */

static char *net_file(const char *interface, const struct net_attr *a)
{
	return mem_format("/sys/class/net/%s/%s", interface, a->file);
}

/* The file of an interface that is just removed can still be opened. */
static int net_file_error(int r)
{
	return r == -ENOENT || r == -ENOTDIR || r == -EINVAL ? -ENODEV : r;
}

static int net_file_read(const struct host *h, const char *interface,
                         const struct net_attr *a, uint64_t *ret, struct err *e)
{
	_free_ char *path = net_file(interface, a), *text = NULL;
	int r = host_file_read_line(h, path, &text, e);

	if (r < 0)
		return net_file_error(r);
	return num_u64(text, ret) < 0 ? err_set(e, -EBADMSG, "%s: is no number", path)
	                              : 0;
}

static int net_file_write(struct host *h, const char *interface, const struct net_attr *a,
                          uint64_t want, struct err *e)
{
	_free_ char *link = mem_format("/sys/class/net/%s", interface);
	_free_ char *dir = host_sysfs_real(h, link), *text = mem_format("%" PRIu64, want);
	_free_ char *path = mem_format("%s/%s", dir, a->file);
	int r = host_file_write(h, path, text, e);

	return r == -ENOENT ? -ENODEV : r;
}

/* --- a group -------------------------------------------------------------------------
 */

int net_group_read(const struct host *h, const struct net_group *g, const char *interface,
                   struct net_values *ret, struct err *e)
{
	int r = 0;

	*ret = (struct net_values){0};
	memset(ret->max, 0xff, sizeof(ret->max));
	if (g->get || g->ask)
		return net_group_read_ethtool(h, g, interface, ret, e);
	for (size_t i = 0; i < g->n && r == 0; i++)
		r = net_file_read(h, interface, &g->attrs[i], &ret->now[i], e);
	return r;
}

int net_group_write(struct host *h, const struct net_group *g, const char *interface,
                    const uint64_t *want, struct err *e)
{
	struct net_values v;
	int r;

	if (g->get || g->put)
		return net_group_write_ethtool(h, g, interface, want, e);
	r = net_group_read(h, g, interface, &v, e);
	for (size_t i = 0; i < g->n && r == 0; i++)
		if (want[i] != NET_KEEP && want[i] != v.now[i])
			r = net_file_write(h, interface, &g->attrs[i], want[i], e);
	return r;
}
