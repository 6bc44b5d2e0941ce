/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_SERVE_H
#define WATCH_SERVE_H

/*
 * One page over HTTP/1.1, for a scraper: GET or HEAD of one path, one request a
 * connection, few connections, little time and memory for each. No library: the one
 * in Debian (libmicrohttpd) brings a TLS library into a process that stays.
 */

#include "base/err.h"

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#define SERVE_CLIENTS     4
#define SERVE_FDS         (1 + SERVE_CLIENTS)
#define SERVE_REQUEST_MAX 4096
#define SERVE_TIME_MS     5000 /* for all of a connection */

struct serve_client {
	int fd; /* -1: free */
	int64_t until_ms;
	char *request, *answer; /* while it is read, while it is sent */
	size_t len, sent;
};

struct serve {
	int fd; /* -1: nothing is served */
	struct serve_client clients[SERVE_CLIENTS];
	char *(*page)(void *ctx); /* the text; the caller frees it */
	void *ctx;
};

/*
 * Listen on `address`, "127.0.0.1:9876" or "[::1]:9876"; NULL: nowhere, which is fine.
 * Return: 0; -EINVAL if it is no address; -errno.
 */
int serve_open(struct serve *s, const char *address, struct err *e);
void serve_close(struct serve *s);

/*
 * What to wait for, SERVE_FDS entries; entries not needed have -1. Return: for how
 * many milliseconds at most, -1: for ever.
 */
int serve_fds(const struct serve *s, struct pollfd *ret);

/* After poll(): serve what came. Never waits. */
void serve_step(struct serve *s, const struct pollfd *fds);

#endif
