/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int notify_open(struct notify *n, const char *path, struct err *e)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = path ? strlen(path) : 0;

	n->fd = -1;
	if (!path)
		return 0;
	if ((path[0] != '/' && path[0] != '@') || len >= sizeof(to.sun_path))
		return err_set(e, -EINVAL, "NOTIFY_SOCKET \"%s\": is not a socket name",
		               path);
	memcpy(to.sun_path, path, len);
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (n->fd >= 0 &&
	    connect(n->fd, (const struct sockaddr *)&to,
	            (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
		return 0;
	(void)err_errno(e, errno, "NOTIFY_SOCKET \"%s\"", path);
	notify_close(n);
	return e->code;
}

void notify_close(struct notify *n)
{
	if (n->fd >= 0)
		(void)close(n->fd);
	n->fd = -1;
}

void notify_send(const struct notify *n, const char *text)
{
	if (n->fd >= 0)
		(void)!send(n->fd, text, strlen(text), MSG_NOSIGNAL);
}

void notify_reloading(const struct notify *n)
{
	struct timespec now;
	char text[80];

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
	               (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	notify_send(n, text);
}
