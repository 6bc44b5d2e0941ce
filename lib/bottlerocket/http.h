/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_HTTP_H
#define BOTTLEROCKET_HTTP_H

/*
 * One HTTP exchange over a unix socket, for api*.c alone: what a request and an
 * answer are, without what they mean. The connection is kept for the next one.
 */

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

struct api_http;

/* The whole answer, headers included; what is longer is refused. */
#define API_ANSWER_MAX (1024 * 1024)

struct api_call {
	const char *method;
	const char *path; /* begins with "/" */
	const char *tx;   /* name of a transaction, safe in a URL; NULL: none */
	const char *keys; /* for ?keys=, safe in a URL; NULL: none */
	const char *body; /* JSON; NULL: none */
	bool once;        /* must not arrive twice, whatever happens to the connection */
};

/* Zeroed before the first use. */
struct api_answer {
	bool sent;   /* the server may have seen the request, or one before it */
	long status; /* 0: no answer */
	struct buf body;
};

/* `socket` is a path. The first call loads libcurl and connects. */
struct api_http *api_http_new(const char *socket);
/* Connect to another path from now on. A connection that stands is kept. */
void api_http_move(struct api_http *http, const char *socket);
void api_http_free(struct api_http *http);

/*
 * Send `call` and take the answer, of any status, all within timeout_ms.
 *
 * Return: 0; -ETIMEDOUT; -ECONNREFUSED, -ENOENT, -EACCES if the socket cannot be
 * connected to; -ECONNRESET if the connection ends before the answer does; -EMSGSIZE
 * if it is longer than API_ANSWER_MAX; -EPROTO if it is not HTTP; -ELIBACC if
 * libcurl cannot be loaded.
 */
int api_http_call(struct api_http *http, const struct api_call *call, int timeout_ms,
                  struct api_answer *answer, struct err *e);

void api_answer_done(struct api_answer *answer);

#define _answer_ _cleanup_(api_answer_done)

#endif
