/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "out.h"

bool out_nap(const struct out *out, int ms)
{
	struct pollfd stop = {.fd = out->stop, .events = POLLIN};

	return poll(&stop, 1, ms) == 0;
}

static bool wait_for_room(const struct out *out)
{
	struct pollfd fds[] = {
		{.fd = out->fd, .events = POLLOUT},
		{.fd = out->stop, .events = POLLIN},
	};

	return poll(fds, 2, -1) > 0 && !fds[1].revents;
}

bool out_send(const struct out *out, const char *data, size_t len)
{
	while (len) {
		ssize_t sent = send(out->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent >= 0) {
			data += sent;
			len -= (size_t)sent;
		} else if (errno != EAGAIN || !wait_for_room(out)) {
			return false;
		}
	}
	return true;
}
