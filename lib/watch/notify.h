/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_NOTIFY_H
#define WATCH_NOTIFY_H

/*
 * Report status to a service manager with the datagrams of sd_notify(3). They are simple
 * enough to need no library, which would have to stay resident.
 */

#include "base/err.h"

struct notify {
	int fd; /* -1: no service manager */
};

/*
 * Open the socket. `path`: $NOTIFY_SOCKET, a path or "@name"; NULL: no service manager,
 * which is fine.
 * Return: 0 or -errno.
 */
int notify_open(struct notify *n, const char *path, struct err *e);
void notify_close(struct notify *n);

/* Send "READY=1", or several lines. A lost message is not an error. */
void notify_send(const struct notify *n, const char *text);

/* Send "RELOADING=1" with the timestamp that systemd requires. */
void notify_reloading(const struct notify *n);

#endif
