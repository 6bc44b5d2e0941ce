/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One connection: HTTP/1.1 in, answers out. */
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
	int stop;  /* readable once the stub shall end */
};

/* Takes the descriptor; the server is borrowed. */
struct conn *conn_new(int fd, const struct server *server, time_t now);
void conn_free(struct conn *conn);

int conn_fd(const struct conn *conn);

/* Between two requests for longer than the real server bears. */
bool conn_is_idle(const struct conn *conn, time_t now);

/* Read what has come and answer what is complete. Return: false at the end of it. */
bool conn_read(struct conn *conn, time_t now);

#endif
