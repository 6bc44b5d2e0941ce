/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/nfs/servers.h"

#include "base/mem.h"
#include "diagnose/nfs/server_exports.h"
#include "diagnose/nfs/server_node.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/namespace/netns.h"
#include "host/process/child.h"
#include "host/recorded.h"
#include "nfsd/server.h"
#include "nfsd/stats.h"
#include "nfsd/tasks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WHAT           "nfs-servers"
#define TIMEOUT_MS     10000
#define NAMESPACES_MAX 256
#define RPC_MAX        65536
#define TABLE_MAX      (256U << 10)
#define TABLE          "/proc/fs/nfsd/exports"

/* --- in its network namespace ----------------------------------------------------------
 */

static void read_calls(const struct host *h, struct nfs_server *ret)
{
	_free_ char *text = NULL;
	struct nfsd_stats stats = {0};
	struct err e;
	int r = host_file_read(
		h, h->live ? "/proc/thread-self/net/rpc/nfsd" : "/proc/net/rpc/nfsd",
		RPC_MAX, &text, &e);

	if (r == 0)
		nfsd_stats_parse_rpc(text, &stats);
	if (r < 0)
		ret->no_calls = mem_dup(e.text);
	else if (!stats.has_rpc)
		ret->no_calls = mem_dup("/proc/net/rpc/nfsd: has no calls");
	ret->v3_calls = stats.v3_calls;
	ret->v4_calls = stats.v4_calls;
}

/* The kernel shows one table twice; this file needs no mount of the nfsd file system. */
static void read_table(const struct host *h, struct nfs_server *ret)
{
	_free_ char *text = NULL;
	struct err e;
	int r = h->live ? host_file_read(h,
	                                 "/proc/thread-self/net/rpc/nfsd.export/content",
	                                 TABLE_MAX, &text, &e)
	                : host_file_read(h, TABLE, TABLE_MAX, &text, &e);

	if (r == 0)
		nfs_exports_parse_table(text, TABLE, &ret->exports);
	else if (r != -ENOENT)
		ret->no_exports = mem_dup(e.text);
}

/* Of the namespace that this process is in. Return: 1 if a server runs, 0, or -errno. */
static int read_here(const struct host *h, struct nfs_server *ret, struct err *e)
{
	struct host here = *h;
	int r;

	here.record = NULL;
	r = nfsd_server_observe(&here, &ret->state, e);
	if (r == -ENOENT || (r == 0 && ret->state.threads == 0))
		return 0;
	if (r < 0)
		return r;
	read_calls(&here, ret);
	read_table(&here, ret);
	return 1;
}

static int read_inside(void *arg, char *text, struct err *e)
{
	_cleanup_(nfs_servers_done) struct nfs_servers one = {0};
	_node_ struct node *n = NULL;
	_free_ char *json = NULL;
	int r = read_here(arg, nfs_servers_add(&one), e);

	if (r < 0)
		return r;
	one.list[0].name = mem_dup("");
	one.list[0].process = mem_dup("");
	n = nfs_servers_node(&one);
	json = node_json_format(n, false);
	if (strlen(json) >= HOST_CHILD_TEXT_MAX)
		return err_set(e, -EFBIG, "too many exports");
	memcpy(text, json, strlen(json));
	return 0;
}

static int enter_and_read(const struct host *h, const struct host_netns *ns,
                          struct nfs_servers *ret, struct err *e)
{
	_free_ char *text = NULL;
	_node_ struct node *n = NULL;
	struct host copy = *h;
	_close_ int fd = host_netns_open(h, ns, e);
	int r = fd < 0 ? fd
	               : host_netns_call_text(h, fd, TIMEOUT_MS, read_inside, &copy,
	                                      &text, e);

	if (r < 0)
		return r;
	n = node_json_parse(text, strlen(text), e);
	if (!n)
		return e->code;
	nfs_servers_take(n, ret);
	return 0;
}

/* --- all of them -----------------------------------------------------------------------
 */

static void name_server(struct nfs_server *s, const struct host_netns *ns)
{
	mem_set(&s->name, mem_format("net:[%" PRIu64 "]", ns->ino));
	mem_set(&s->process, mem_dup(ns->name));
}

static int read_namespace(const struct host *h, const struct host_netns *ns, bool own,
                          struct nfs_servers *ret, struct err *e)
{
	size_t n = ret->n;
	struct nfs_server *s;
	char *why;
	int r = own ? read_here(h, nfs_servers_add(ret), e)
	            : enter_and_read(h, ns, ret, e);

	if (ret->n == n)
		return r;
	s = &ret->list[n];
	name_server(s, ns);
	if (s->state.threads == 0) {
		nfs_servers_drop(ret);
		return r;
	}
	why = nfs_server_exports(h, ns, &s->exports);
	if (why)
		mem_set(&s->no_exports, why);
	return 0;
}

static int read_live(const struct host *h, struct nfs_servers *ret, struct err *e)
{
	_netns_list_ struct host_netns_list all = {0};
	unsigned threads;
	int r = nfsd_tasks_count(h, &threads, e);

	if (r < 0 || threads == 0)
		return r;
	r = host_netns_list(h, &all, e);
	if (r < 0)
		return r;
	host_netns_list_mounted(h, &all);
	for (size_t i = 0; i < all.n && i < NAMESPACES_MAX; i++) {
		r = deadline_expired(h->deadline)
		            ? err_set(e, -ETIME, "%s", deadline_reason(h->deadline))
		            : read_namespace(h, &all.list[i],
		                             host_netns_is_own(&all.list[i]), ret, e);
		/* a namespace may end while it is read */
		if (r < 0 && r != -ENOENT)
			mem_set(&ret->incomplete, mem_dup(e->text));
	}
	if (all.n > NAMESPACES_MAX && !ret->incomplete)
		ret->incomplete = mem_format(
			"%zu of %zu network namespaces were not read: only %d are",
			all.n - NAMESPACES_MAX, all.n, NAMESPACES_MAX);
	if (!ret->incomplete)
		ret->incomplete = host_unseen_text(&all.unseen);
	return 0;
}

/* A captured tree shows only the server of the namespace that it was taken in. */
static int read_captured(const struct host *h, struct nfs_servers *ret, struct err *e)
{
	struct nfs_server *s = nfs_servers_add(ret);
	char *why;
	int r;

	s->name = mem_dup("");
	s->process = mem_dup("");
	r = read_here(h, s, e);
	if (r <= 0) {
		nfs_servers_done(ret);
		return r;
	}
	why = nfs_server_exports(h, NULL, &s->exports);
	if (why)
		mem_set(&s->no_exports, why);
	return 0;
}

int nfs_servers_read(const struct host *h, struct nfs_servers *ret, struct err *e)
{
	const struct node *known;
	int r = recorded_get(h, WHAT, "", &known, e);

	*ret = (struct nfs_servers){0};
	if (r > 0)
		nfs_servers_take(known, ret);
	if (r != 0)
		return r < 0 ? r : 0;
	r = h->live ? read_live(h, ret, e) : read_captured(h, ret, e);
	return recorded_put(h, WHAT, "", r, e,
	                    r == 0 && h->record ? nfs_servers_node(ret) : NULL);
}
