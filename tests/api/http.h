/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One HTTP/1.1 connection. */
#ifndef API_HTTP_H
#define API_HTTP_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

struct api;
struct conn;
struct fault;

struct server {
	struct api *api;
	struct fault *faults;
	FILE *log; /* or NULL */
	int stop;  /* readable once the stub must end */
};

/* Create a connection. Takes @fd; @server is borrowed. */
struct conn *conn_new(int fd, const struct server *server, time_t now);
void conn_free(struct conn *conn);

int conn_fd(const struct conn *conn);

/* Whether the connection has been idle for longer than the real server allows. */
bool conn_is_idle(const struct conn *conn, time_t now);

/* Read what has arrived and answer complete requests. Return: false when the connection
 * is over. */
bool conn_read(struct conn *conn, time_t now);

#endif
