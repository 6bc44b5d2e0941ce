/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/serve.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define METRICS "/metrics"
#define HEALTH  "/healthz"
#define TYPE    "text/plain; version=0.0.4; charset=utf-8"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Numeric addresses only: a name would need a look-up. */
static int serve_parse(const char *text, union address *ret, socklen_t *ret_len)
{
	const char *colon = strrchr(text, ':');
	_free_ char *ip = NULL;
	uint64_t port;
	size_t len;

	if (!colon || num_u64(colon + 1, &port) < 0 || port > 65535)
		return -EINVAL;
	len = (size_t)(colon - text);
	*ret = (union address){0};
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		ip = mem_dup_n(text + 1, len - 2);
		ret->v6.sin6_family = AF_INET6;
		ret->v6.sin6_port = htons((uint16_t)port);
		*ret_len = sizeof(ret->v6);
		return inet_pton(AF_INET6, ip, &ret->v6.sin6_addr) == 1 ? 0 : -EINVAL;
	}
	ip = mem_dup_n(text, len);
	ret->v4.sin_family = AF_INET;
	ret->v4.sin_port = htons((uint16_t)port);
	*ret_len = sizeof(ret->v4);
	return inet_pton(AF_INET, ip, &ret->v4.sin_addr) == 1 ? 0 : -EINVAL;
}

int serve_open(struct serve *s, const char *address, struct err *e)
{
	_close_ int fd = -1;
	union address a;
	socklen_t len = 0;
	int on = 1;

	s->fd = -1;
	s->retry_ms = 0;
	for (size_t i = 0; i < SERVE_CLIENTS; i++)
		s->clients[i] = (struct serve_client){.fd = -1};
	if (!address)
		return 0;
	if (serve_parse(address, &a, &len) < 0)
		return err_set(e, -EINVAL,
		               "\"%s\": should be ADDRESS:PORT, as in 127.0.0.1:9876 "
		               "or [::1]:9876",
		               address);
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, &a.any, len) < 0 || listen(fd, SERVE_CLIENTS) < 0)
		return err_errno(e, errno, "listen on %s", address);
	s->fd = TAKE_FD(fd);
	return 0;
}

static void serve_drop(struct serve_client *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	free(c->request);
	free(c->answer);
	*c = (struct serve_client){.fd = -1};
}

void serve_close(struct serve *s)
{
	for (size_t i = 0; i < SERVE_CLIENTS; i++)
		serve_drop(&s->clients[i]);
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
}

int serve_fds(const struct serve *s, struct pollfd *ret)
{
	int64_t soonest = -1, now = clock_now_ms();
	bool room = false;

	for (size_t i = 0; i < SERVE_CLIENTS; i++) {
		const struct serve_client *c = &s->clients[i];
		short events = c->answer ? POLLOUT : POLLIN;

		ret[1 + i] = (struct pollfd){.fd = c->fd, .events = events};
		room |= c->fd < 0;
		if (c->fd >= 0 && (soonest < 0 || c->until_ms < soonest))
			soonest = c->until_ms;
	}
	room &= s->fd >= 0;
	if (room && s->retry_ms > now) {
		room = false;
		if (soonest < 0 || s->retry_ms < soonest)
			soonest = s->retry_ms;
	}
	/* clients without a free slot wait in the kernel's queue */
	ret[0] = (struct pollfd){.fd = room ? s->fd : -1, .events = POLLIN};
	if (soonest < 0)
		return -1;
	return soonest > now ? (int)(soonest - now) : 0;
}

static void accept_one(struct serve *s)
{
	union address from;
	socklen_t len = sizeof(from);

	for (size_t i = 0; i < SERVE_CLIENTS; i++) {
		struct serve_client *c = &s->clients[i];

		if (c->fd >= 0)
			continue;
		c->fd = accept4(s->fd, &from.any, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
		c->until_ms = clock_now_ms() + SERVE_TIME_MS;
		if (c->fd >= 0)
			c->request = mem_new(SERVE_REQUEST_MAX + 1, 1);
		/* EMFILE, say: the client stays in the queue, and poll() returns at once
		 */
		else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			s->retry_ms = clock_now_ms() + SERVE_RETRY_MS;
		return;
	}
}

/* Skip the method of the request line: "GET " or "HEAD ". NULL: it is another. */
static const char *skip_method(const char *line, bool *ret_head)
{
	*ret_head = strncmp(line, "HEAD ", 5) == 0;
	if (*ret_head)
		return line + 5;
	return strncmp(line, "GET ", 4) == 0 ? line + 4 : NULL;
}

/* Whether the rest of the request line names that path. */
static bool asks(const char *line, const char *path)
{
	size_t len = strlen(path);

	if (strncmp(line, path, len) != 0)
		return false;
	line += len;
	if (*line == '?')
		line += strcspn(line, " \r\n");
	return strncmp(line, " HTTP/1.", 8) == 0;
}

static char *format(const char *status, const char *body, bool send_body)
{
	return mem_format("HTTP/1.1 %s\r\n"
	                  "Content-Type: " TYPE "\r\n"
	                  "Content-Length: %zu\r\n"
	                  "Connection: close\r\n"
	                  "%s\r\n%s",
	                  status, strlen(body),
	                  strncmp(status, "405", 3) == 0 ? "Allow: GET, HEAD\r\n" : "",
	                  send_body ? body : "");
}

static char *answer_health(const struct serve *s, bool head)
{
	_free_ char *why = s->unhealthy(s->ctx);
	_free_ char *body = mem_format("%s\n", why ? why : "ok");

	return format(why ? "503 Service Unavailable" : "200 OK", body, !head);
}

static char *answer(const struct serve *s, const struct serve_client *c)
{
	_free_ char *page = NULL;
	bool head;
	const char *rest = skip_method(c->request, &head);

	if (rest && asks(rest, METRICS)) {
		page = s->page(s->ctx);
		return format("200 OK", page, !head);
	}
	if (rest && asks(rest, HEALTH))
		return answer_health(s, head);
	if (!strstr(c->request, "\r\n\r\n"))
		return format("431 Request Header Fields Too Large", "too long\n", true);
	if (!rest)
		return format("405 Method Not Allowed", "only GET and HEAD\n", true);
	return format("404 Not Found", "only " METRICS " and " HEALTH "\n", true);
}

/* Read more; once the request is complete or too long, prepare the answer. */
static void receive(const struct serve *s, struct serve_client *c)
{
	ssize_t n = recv(c->fd, c->request + c->len, SERVE_REQUEST_MAX - c->len, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		serve_drop(c);
		return;
	}
	c->len += (size_t)n;
	c->request[c->len] = '\0';
	if (strstr(c->request, "\r\n\r\n") || c->len == SERVE_REQUEST_MAX)
		c->answer = answer(s, c);
}

static void transmit(struct serve_client *c)
{
	size_t len = strlen(c->answer);
	ssize_t n = send(c->fd, c->answer + c->sent, len - c->sent, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	c->sent += n > 0 ? (size_t)n : 0;
	if (n <= 0 || c->sent == len)
		serve_drop(c);
}

void serve_step(struct serve *s, const struct pollfd *fds)
{
	int64_t now = clock_now_ms();

	for (size_t i = 0; i < SERVE_CLIENTS; i++) {
		struct serve_client *c = &s->clients[i];

		if (c->fd < 0 || c->fd != fds[1 + i].fd)
			continue;
		if (fds[1 + i].revents && !c->answer)
			receive(s, c);
		if (c->fd >= 0 && c->answer)
			transmit(c);
		if (c->fd >= 0 && c->until_ms <= now)
			serve_drop(c);
	}
	if (fds[0].revents)
		accept_one(s);
}
