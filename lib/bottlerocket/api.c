/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What is only read of the API; api_change.c is what changes. */
#include "bottlerocket/api.h"

#include "base/buf.h"
#include "base/mem.h"
#include "bottlerocket/request.h"

#include <errno.h>
#include <string.h>

/* Of a request: actix takes 128 KiB of headers, the keys are in its first line. */
#define KEYS_MAX_BYTES (16 * 1024)

/* Whether the server answers what is not kept with the settings. */
static bool answers_otherwise(struct api *a)
{
	const struct api_call call = {.method = "GET", .path = "/os"};
	_answer_ struct api_answer answer = {0};
	struct err ignored;

	return api_request(a, &call, &answer, &ignored) == 0;
}

int api_settings(struct api *a, struct node **ret, struct err *e)
{
	const struct api_call call = {.method = "GET", .path = "/settings"};
	_answer_ struct api_answer answer = {0};
	int code = api_request(a, &call, &answer, e);

	if (code == -EREMOTEIO && answer.status == 500 && answers_otherwise(a)) {
		e->code = -ENOKEY;
		return err_hint(e, "the host is locked down, or its store is broken");
	}
	return code < 0 ? code : api_request_body(&call, &answer, NODE_MAP, ret, e);
}

/* --- affected services ---------------------------------------------------------------
 */

/* Quotes are for segments with a dot; all but what needs no quoting is encoded. */
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
 * The keys of a tree, as deep as services tell them apart: "settings.kernel.sysctl" is
 * affected as each key below it is.
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

int api_services(struct api *a, const struct node *settings, struct node **ret,
                 struct err *e)
{
	struct api_call call = {.method = "GET", .path = "/metadata/affected-services"};
	_answer_ struct api_answer answer = {0};
	_buf_ struct buf keys = {0};
	int code;

	add_keys(&keys, settings);
	if (keys.len == 0 || keys.len > KEYS_MAX_BYTES)
		return err_set(e, -E2BIG, "too many settings to ask about at once");
	call.keys = keys.text;
	code = api_request(a, &call, &answer, e);
	return code < 0 ? code : api_request_body(&call, &answer, NODE_MAP, ret, e);
}
