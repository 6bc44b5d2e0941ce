/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/record.h"

#include "base/mem.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/namespace/netns.h"
#include "host/process/child.h"
#include "host/recorded.h"
#include "nfsd/server.h"
#include "nfsd/state_node.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS     10000
#define NAMESPACES_MAX 256

static const char *const record_files[] = {"pool_stats", "filecache", "max_connections",
                                           "max_block_size"};

/* Runs in a child, in the other namespace: the answer is its own. */
static int observe_inside(void *arg, char *text, struct err *e)
{
	struct host h = *(const struct host *)arg;
	_free_ char *json = NULL;
	_node_ struct node *n = NULL;
	struct nfsd_server s;
	int r;

	h.record = NULL;
	r = nfsd_server_observe(&h, &s, e);
	if (r < 0)
		return r;
	n = nfsd_state_node(&s);
	json = node_json_format(n, false);
	if (strlen(json) >= HOST_CHILD_TEXT_MAX)
		return err_set(e, -EFBIG, "the state is too long");
	memcpy(text, json, strlen(json));
	return 0;
}

static int ask_namespace(const struct host *h, const struct host_netns *ns,
                         struct node **ret, struct err *e)
{
	_free_ char *text = NULL;
	struct host copy = *h;
	_close_ int fd = host_netns_open(h, ns, e);
	int r = fd < 0 ? fd
	               : host_netns_call_text(h, fd, TIMEOUT_MS, observe_inside, &copy,
	                                      &text, e);

	if (r < 0)
		return r;
	*ret = node_json_parse(text, strlen(text), e);
	return *ret ? 0 : e->code;
}

/* One that is not asked is unknown, which is not the same as one without a server. */
static void record_namespace(const struct host *h, const struct host_netns *ns,
                             bool too_many)
{
	_free_ char *name = mem_format("net:[%" PRIu64 "]", ns->ino);
	struct node *n = NULL;
	struct err e = {0};
	int r;

	if (too_many)
		r = err_set(&e, -E2BIG, "not asked: only %d network namespaces are",
		            NAMESPACES_MAX);
	else if (deadline_expired(h->deadline))
		r = err_set(&e, -ETIME, "not asked: %s", deadline_reason(h->deadline));
	else
		r = ask_namespace(h, ns, &n, &e);
	(void)recorded_put(h, "nfsd-namespace", name, r, &e, n);
}

void nfsd_record(const struct host *h)
{
	_netns_list_ struct host_netns_list all = {0};
	struct nfsd_server s;
	struct err ignored;

	if (nfsd_server_observe(h, &s, &ignored) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(record_files); i++) {
		_free_ char *text = NULL;

		(void)nfsd_server_read(h, record_files[i], &text, &ignored);
	}
	(void)host_file_exists(h, "/run/rpcbind.sock");
	if (host_netns_list(h, &all, &ignored) == 0)
		host_netns_list_mounted(h, &all);
	for (size_t i = 0; i < all.n; i++)
		record_namespace(h, &all.list[i], i >= NAMESPACES_MAX);
}
