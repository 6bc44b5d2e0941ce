/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reading from the API; changes are in transaction.c. */
#include "bottlerocket/api.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "bottlerocket/request.h"
#include "bottlerocket/retry.h"
#include "bottlerocket/withheld.h"
#include "doc/node.h"
#include "host/recorded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/*
 * Limit of a request: actix accepts 128 KiB of headers, and the keys are in the first
 * line.
 */
#define KEYS_MAX_BYTES (16 * 1024)

/* Of a bundle: the answer for each key. */
#define SERVICES "api-services"

/* --- the connection -------------------------------------------------------------------
 */

/* Find out whether the socket exists or may appear soon. */
static int find_socket(const struct host *h, struct err *e)
{
	struct retry retry = {0};
	struct stat st;

	/* wait only there, where it is sure to appear: most other hosts have no API */
	while (stat(h->api_socket, &st) < 0) {
		int code = errno;

		if (code != ENOENT || strcmp(h->root, HOST_BOOTSTRAP_ROOT) != 0 ||
		    !retry_pause(&retry, h->deadline))
			return err_errno(e, code, "API socket %s", h->api_socket);
	}
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, -ENOENT, "API socket %s: is not a socket",
		               h->api_socket);
	return 0;
}

int api_open(const struct host *h, struct api **ret, struct err *e)
{
	const struct node *known;
	int code;

	if (!h->api_socket)
		return err_set(e, -ENOENT, "this host has no Bottlerocket API");
	code = recorded_get(h, "api", "socket", &known, e);
	if (code == 0)
		code = recorded_put(h, "api", "socket", find_socket(h, e), e, NULL);
	if (code < 0)
		return code;
	*ret = mem_new(1, sizeof(**ret));
	(*ret)->host = h;
	(*ret)->http = api_http_new(h->api_socket);
	return 0;
}

void api_free(struct api *a)
{
	if (!a)
		return;
	api_http_free(a->http);
	free(a);
}

/* --- settings -------------------------------------------------------------------------
 */

/* Whether the server answers a request that does not need the settings store. */
static bool answers_otherwise(struct api *a)
{
	const struct api_call call = {.method = "GET", .path = "/os"};
	_answer_ struct api_answer answer = {0};
	struct err ignored;

	return api_request(a, &call, &answer, &ignored) == 0;
}

static int ask_settings(struct api *a, struct node **ret, struct err *e)
{
	const struct api_call call = {.method = "GET", .path = "/settings"};
	_answer_ struct api_answer answer = {0};
	int code = api_request(a, &call, &answer, e);

	if (code == -EREMOTEIO && answer.status == 500 && answers_otherwise(a)) {
		e->code = -ENOKEY;
		return err_hint(e, "the host is locked down, or its settings store "
		                   "is broken");
	}
	return code < 0 ? code : api_request_body(&call, &answer, NODE_MAP, ret, e);
}

int api_settings(struct api *a, struct node **ret, struct err *e)
{
	const struct node *known;
	int code = recorded_get(a->host, "api", "settings", &known, e);

	if (code > 0)
		*ret = node_copy(known);
	if (code != 0)
		return code < 0 ? code : 0;
	code = ask_settings(a, ret, e);
	if (code == 0)
		withheld_remove(a->host, *ret);
	return recorded_put(a->host, "api", "settings", code, e,
	                    code == 0 && a->host->record ? node_copy(*ret) : NULL);
}

/* --- affected services ------------------------------------------------------------- */

/*
 * Quote segments that contain a dot; percent-encode everything but unreserved characters.
 */
static void api_add_segment(struct buf *b, const char *segment)
{
	bool quote = strchr(segment, '.');

	buf_add(b, quote ? "%22" : "");
	for (; *segment; segment++) {
		unsigned char c = (unsigned char)*segment;

		if (strchr("-_.", c) || (c >= '0' && c <= '9') ||
		    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
			buf_add_n(b, segment, 1);
		else
			buf_addf(b, "%%%02X", c);
	}
	buf_add(b, quote ? "%22" : "");
}

/*
 * Add the keys of a tree, as deep as the API distinguishes services:
 * "settings.kernel.sysctl" is affected like every key below it.
 */
static void add_keys(struct buf *b, const struct node *settings)
{
	node_for_each (top, settings) {
		if (top->type != NODE_MAP || top->n == 0) {
			buf_add(b, b->len ? ",settings." : "settings.");
			api_add_segment(b, top->key);
			continue;
		}
		node_for_each (below, top) {
			buf_add(b, b->len ? ",settings." : "settings.");
			api_add_segment(b, top->key);
			buf_add(b, ".");
			api_add_segment(b, below->key);
		}
	}
}

static int ask_services(struct api *a, const char *keys, struct node **ret, struct err *e)
{
	struct api_call call = {
		.method = "GET", .path = "/metadata/affected-services", .keys = keys};
	_answer_ struct api_answer answer = {0};
	int code = api_request(a, &call, &answer, e);

	return code < 0 ? code : api_request_body(&call, &answer, NODE_MAP, ret, e);
}

/* Keep the answer for each key by itself: another profile combines them differently. */
static int keep_services(struct api *a, const char *keys, int code,
                         const struct node *services, const struct err *e)
{
	_free_ char *copy = mem_dup(keys);
	char *rest = copy, *key;

	while (a->host->record && (key = strsep(&rest, ","))) {
		struct node *n = node_new(NODE_MAP);

		if (node_get(services, key))
			node_set(n, "services", node_copy(node_get(services, key)));
		(void)recorded_put(a->host, SERVICES, key, code, e, n);
	}
	return code;
}

static int recorded_services(struct api *a, const char *keys, struct node **ret,
                             struct err *e)
{
	_node_ struct node *services = node_new(NODE_MAP);
	_free_ char *copy = mem_dup(keys);
	char *rest = copy, *key;
	int code = 0;

	while (code >= 0 && (key = strsep(&rest, ","))) {
		const struct node *known = NULL;

		code = recorded_get(a->host, SERVICES, key, &known, e);
		if (code > 0 && node_get(known, "services"))
			node_set(services, key, node_copy(node_get(known, "services")));
	}
	if (code < 0)
		return code;
	*ret = TAKE_PTR(services);
	return 0;
}

int api_services(struct api *a, const struct node *settings, struct node **ret,
                 struct err *e)
{
	_buf_ struct buf keys = {0};
	int code;

	add_keys(&keys, settings);
	if (keys.len == 0 || keys.len > KEYS_MAX_BYTES)
		return err_set(e, -E2BIG, "too many settings for one request");
	if (a->host->bundle)
		return recorded_services(a, keys.text, ret, e);
	code = ask_services(a, keys.text, ret, e);
	return keep_services(a, keys.text, code, code < 0 ? NULL : *ret, e);
}
