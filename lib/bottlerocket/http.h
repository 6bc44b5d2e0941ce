/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_HTTP_H
#define BOTTLEROCKET_HTTP_H

/*
 * One HTTP exchange over a unix socket, only for api*.c: requests and responses
 * without their meaning. The connection is reused for the next exchange.
 */

#include "base/deadline.h"
#include "base/err.h"
#include "base/text/buf.h"

#include <stdbool.h>

struct api_http;

/* The whole response including headers; a longer one is rejected. */
#define API_ANSWER_MAX (1024 * 1024)

struct api_call {
	const char *method;
	const char *path; /* starts with "/" */
	const char *tx;   /* transaction name, safe in a URL; NULL: none */
	const char *keys; /* for ?keys=, safe in a URL; NULL: none */
	const char *body; /* JSON; NULL: none */
	bool once;        /* must not be delivered twice, even if the connection breaks */
	bool until_signal; /* a signal ends it, as its timeout does (base/stop.h) */
};

/* Must be zeroed before the first use. */
struct api_answer {
	bool sent;   /* the server may have seen this request or an earlier one */
	long status; /* 0: no response */
	struct buf body;
	struct deadline until; /* of parsing it */
};

/* `socket` is a path. The first call connects. */
struct api_http *api_http_new(const char *socket);
/* Connect to another path from now on. An open connection stays in use. */
void api_http_move(struct api_http *http, const char *socket);
void api_http_free(struct api_http *http);

/*
 * Send `call` and receive the response, whatever its status, within timeout_ms.
 *
 * Return: 0; -ETIMEDOUT; -ECONNREFUSED, -ENOENT, -EACCES if connecting to the socket
 * fails; -ECONNRESET if the connection closes before the response is complete; -EMSGSIZE
 * if the response is longer than API_ANSWER_MAX; -EPROTO if it is not HTTP.
 */
int api_http_call(struct api_http *http, const struct api_call *call, int timeout_ms,
                  struct api_answer *answer, struct err *e);

void api_answer_done(struct api_answer *answer);

#define _answer_ _cleanup_(api_answer_done)

#endif
