/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "api.h"
#include "http.h"
#include "server.h"
#include "util.h"

#define CONNS_MAX 64
#define TICK_MS   1000

/* Slots of the poll set: stop, listener, then one per connection. */
enum { SLOT_STOP, SLOT_LISTENER, SLOT_CONNS };

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static size_t fill(struct pollfd *fds, struct conn *const *conns)
{
	size_t n = 0;

	for (size_t i = 0; i < CONNS_MAX; i++) {
		fds[SLOT_CONNS + i] = (struct pollfd){
			.fd = conns[i] ? conn_fd(conns[i]) : -1,
			.events = POLLIN,
		};
		n += conns[i] != NULL;
	}
	return n;
}

static void welcome(const struct server *server, int listener, struct conn **conns)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	while (*conns)
		conns++;
	*conns = conn_new(fd, server, seconds());
}

static void attend(struct conn **conn, short events, time_t now)
{
	if (!*conn)
		return;
	if (events ? conn_read(*conn, now) : !conn_is_idle(*conn, now))
		return;
	conn_free(*conn);
	*conn = NULL;
}

bool server_run(const struct server *server, int listener)
{
	struct conn *conns[CONNS_MAX] = {0};
	struct pollfd fds[SLOT_CONNS + CONNS_MAX];

	server->api->restart = false;
	while (!server->api->restart) {
		size_t busy = fill(fds, conns);

		fds[SLOT_STOP] = (struct pollfd){.fd = server->stop, .events = POLLIN};
		fds[SLOT_LISTENER] = (struct pollfd){
			.fd = busy < CONNS_MAX ? listener : -1,
			.events = POLLIN,
		};
		if (poll(fds, ARRAY_SIZE(fds), TICK_MS) < 0)
			die("poll failed");
		if (fds[SLOT_STOP].revents)
			break;
		for (size_t i = 0; i < CONNS_MAX; i++)
			attend(&conns[i], fds[SLOT_CONNS + i].revents, seconds());
		if (fds[SLOT_LISTENER].revents)
			welcome(server, listener, conns);
	}
	for (size_t i = 0; i < CONNS_MAX; i++)
		conn_free(conns[i]);
	return server->api->restart;
}
