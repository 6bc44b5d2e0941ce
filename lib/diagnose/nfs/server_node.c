/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/nfs/server_node.h"

#include "base/mem.h"
#include "diagnose/nfs/exports_node.h"
#include "diagnose/nfs/server.h"
#include "doc/node.h"
#include "host/recorded.h"
#include "nfsd/state_node.h"

#include <stdint.h>

/* A bundle can hold anything. */
#define SERVERS_MAX 256

static void set_text(struct node *n, const char *key, const char *text)
{
	if (text)
		node_set_text(n, key, text);
}

static struct node *server_node(const struct nfs_server *s)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "name", s->name);
	node_set_text(n, "process", s->process);
	node_set(n, "state", nfsd_state_node(&s->state));
	node_set(n, "v3_calls", node_new_uint(s->v3_calls));
	node_set(n, "v4_calls", node_new_uint(s->v4_calls));
	set_text(n, "no_calls", s->no_calls);
	node_set(n, "exports", nfs_exports_node(&s->exports));
	set_text(n, "no_exports", s->no_exports);
	return n;
}

struct node *nfs_servers_node(const struct nfs_servers *s)
{
	struct node *n = node_new(NODE_MAP), *servers = node_new(NODE_LIST);

	for (size_t i = 0; i < s->n; i++)
		node_append(servers, server_node(&s->list[i]));
	node_set(n, "servers", servers);
	set_text(n, "incomplete", s->incomplete);
	return n;
}

static char *text_or_empty(const struct node *n, const char *key)
{
	char *text = recorded_text(n, key);

	return text ? text : mem_dup("");
}

static void take_server(const struct node *n, struct nfs_servers *ret)
{
	const struct node *state = node_get(n, "state");
	struct nfs_server *s;

	if (ret->n >= SERVERS_MAX)
		return;
	s = nfs_servers_add(ret);
	*s = (struct nfs_server){
		.name = text_or_empty(n, "name"),
		.process = text_or_empty(n, "process"),
		.v3_calls = recorded_number(n, "v3_calls", INT64_MAX),
		.v4_calls = recorded_number(n, "v4_calls", INT64_MAX),
		.no_calls = recorded_text(n, "no_calls"),
		.no_exports = recorded_text(n, "no_exports"),
	};
	if (state)
		nfsd_state_take(state, &s->state);
	nfs_exports_take(node_get(n, "exports"), &s->exports);
}

void nfs_servers_take(const struct node *n, struct nfs_servers *ret)
{
	const struct node *servers = node_get(n, "servers");
	char *why = recorded_text(n, "incomplete");

	if (why)
		mem_set(&ret->incomplete, why);
	if (!servers || servers->type != NODE_LIST)
		return;
	node_for_each (s, servers)
		take_server(s, ret);
}
