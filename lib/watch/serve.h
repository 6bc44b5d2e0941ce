/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_SERVE_H
#define WATCH_SERVE_H

/*
 * Serve two pages over HTTP/1.1, to a scraper and a prober: GET or HEAD of /metrics and
 * /healthz, one request per connection, few connections, little time and memory for each.
 * No library: the one in Debian (libmicrohttpd) would load a TLS library into a resident
 * process.
 */

#include "base/err.h"

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#define SERVE_CLIENTS     4
#define SERVE_FDS         (1 + SERVE_CLIENTS)
#define SERVE_REQUEST_MAX 4096
#define SERVE_TIME_MS     5000 /* for the whole connection */
#define SERVE_RETRY_MS    1000 /* after a connection that could not be accepted */

struct serve_client {
	int fd; /* -1: free */
	int64_t until_ms;
	char *request, *answer; /* while reading, while sending */
	size_t len, sent;
};

struct serve {
	int fd;           /* -1: not serving */
	int64_t retry_ms; /* accept nothing before this time */
	struct serve_client clients[SERVE_CLIENTS];
	char *(*page)(void *ctx); /* returns the text, which serve frees */
	/* returns why the service does not do its work, for a probe; NULL: it does */
	char *(*unhealthy)(void *ctx);
	void *ctx;
};

/*
 * Listen on `address`, "127.0.0.1:9876" or "[::1]:9876"; NULL: serve nothing, which is
 * fine.
 * Return: 0; -EINVAL if `address` is invalid; -errno.
 */
int serve_open(struct serve *s, const char *address, struct err *e);
void serve_close(struct serve *s);

/*
 * Fill in what to poll() for: SERVE_FDS entries, unused ones with fd -1.
 * Return: the timeout in milliseconds, -1: none.
 */
int serve_fds(const struct serve *s, struct pollfd *ret);

/* After poll(): serve what is ready. Never blocks. */
void serve_step(struct serve *s, const struct pollfd *fds);

#endif
