/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_NOTIFY_H
#define WATCH_NOTIFY_H

/*
 * Tell a service manager what becomes of us: the datagrams of sd_notify(3), which are
 * simple enough to need no library that would have to be resident.
 */

#include "base/err.h"

struct notify {
	int fd; /* -1: nobody wants to know */
};

/*
 * `path`: $NOTIFY_SOCKET, a path or "@name"; NULL: nobody wants to know, which is fine.
 * Return: 0 or -errno.
 */
int notify_open(struct notify *n, const char *path, struct err *e);
void notify_close(struct notify *n);

/* Send "READY=1", or several lines. A lost message is no error. */
void notify_send(const struct notify *n, const char *text);

/* "RELOADING=1" with the time that systemd asks for beside it. */
void notify_reloading(const struct notify *n);

#endif
