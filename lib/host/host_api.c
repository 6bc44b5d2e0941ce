/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What is only read of the API; host_api_change.c is what changes. */
#include "host/host_api.h"

#include "base/buf.h"
#include "base/mem.h"
#include "host/host_api_ask.h"

#include <errno.h>
#include <string.h>

/* Of a request: actix takes 128 KiB of headers, the keys are in its first line. */
#define KEYS_MAX_BYTES (16 * 1024)

/* Whether the server answers what is not kept with the settings. */
static bool answers_otherwise(struct host_api *a)
{
	const struct host_api_call call = {.method = "GET", .path = "/os"};
	_answer_ struct host_api_answer answer = {0};
	struct err ignored;

	return host_api_ask(a, &call, &answer, &ignored) == 0;
}

int host_api_settings(struct host_api *a, struct node **ret, struct err *e)
{
	const struct host_api_call call = {.method = "GET", .path = "/settings"};
	_answer_ struct host_api_answer answer = {0};
	int code = host_api_ask(a, &call, &answer, e);

	if (code == -EREMOTEIO && answer.status == 500 && answers_otherwise(a)) {
		e->code = -ENOKEY;
		return err_hint(e, "the host is locked down, or its store is broken");
	}
	return code < 0 ? code : host_api_read(&call, &answer, NODE_MAP, ret, e);
}

/* --- affected services ---------------------------------------------------------------
 */

/* Quotes are for segments with a dot; all but what needs no quoting is encoded. */
static void add_segment(struct buf *b, const char *segment)
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
 * The keys of a tree, as deep as services tell them apart: "settings.kernel.sysctl" is
 * affected as each key below it is.
 */
static void add_keys(struct buf *b, const struct node *settings)
{
	node_for_each (top, settings) {
		if (top->type != NODE_MAP || top->n == 0) {
			buf_add(b, b->len ? ",settings." : "settings.");
			add_segment(b, top->key);
			continue;
		}
		node_for_each (below, top) {
			buf_add(b, b->len ? ",settings." : "settings.");
			add_segment(b, top->key);
			buf_add(b, ".");
			add_segment(b, below->key);
		}
	}
}

int host_api_services(struct host_api *a, const struct node *settings, struct node **ret,
                      struct err *e)
{
	struct host_api_call call = {.method = "GET",
	                             .path = "/metadata/affected-services"};
	_answer_ struct host_api_answer answer = {0};
	_buf_ struct buf keys = {0};
	int code;

	add_keys(&keys, settings);
	if (keys.len == 0 || keys.len > KEYS_MAX_BYTES)
		return err_set(e, -E2BIG, "too many settings to ask about at once");
	call.keys = keys.text;
	code = host_api_ask(a, &call, &answer, e);
	return code < 0 ? code : host_api_read(&call, &answer, NODE_MAP, ret, e);
}
