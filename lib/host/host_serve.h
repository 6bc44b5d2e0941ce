/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_SERVE_H
#define HOST_HOST_SERVE_H

/*
 * One page over HTTP/1.1, for a scraper: GET or HEAD of one path, one request a
 * connection, few connections, little time and memory for each. No library: the one
 * in Debian (libmicrohttpd) brings a TLS library into a process that stays.
 */

#include "base/err.h"

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_SERVE_CLIENTS     4
#define HOST_SERVE_FDS         (1 + HOST_SERVE_CLIENTS)
#define HOST_SERVE_REQUEST_MAX 4096
#define HOST_SERVE_TIME_MS     5000 /* for all of a connection */

struct host_serve_client {
	int fd; /* -1: free */
	int64_t until_ms;
	char *request, *answer; /* while it is read, while it is sent */
	size_t len, sent;
};

struct host_serve {
	int fd; /* -1: nothing is served */
	struct host_serve_client clients[HOST_SERVE_CLIENTS];
	char *(*page)(void *ctx); /* the text; the caller frees it */
	void *ctx;
};

/*
 * Listen on `address`, "127.0.0.1:9876" or "[::1]:9876"; NULL: nowhere, which is fine.
 * Return: 0; -EINVAL if it is no address; -errno.
 */
int host_serve_open(struct host_serve *s, const char *address, struct err *e);
void host_serve_close(struct host_serve *s);

/*
 * What to wait for, HOST_SERVE_FDS entries; entries not needed have -1. Return: for how
 * many milliseconds at most, -1: for ever.
 */
int host_serve_fds(const struct host_serve *s, struct pollfd *ret);

/* After poll(): serve what came. Never waits. */
void host_serve_step(struct host_serve *s, const struct pollfd *fds);

#endif
