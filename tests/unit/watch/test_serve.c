/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "test.h"
#include "watch/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static struct serve serve;
static char *body;
static const char *fault;
static int client = -1;

static char *page(void *ctx)
{
	(void)ctx;
	return mem_dup(body ? body : "hosttune_x 1\n");
}

static char *page_unhealthy(void *ctx)
{
	(void)ctx;
	return mem_dup(fault);
}

static int setup(void **state)
{
	struct err e = {0};

	(void)state;
	serve = (struct serve){.page = page, .unhealthy = page_unhealthy};
	return serve_open(&serve, "127.0.0.1:0", &e);
}

static int teardown(void **state)
{
	(void)state;
	if (client >= 0)
		(void)close(client);
	client = -1;
	serve_close(&serve);
	free(body);
	body = NULL;
	return 0;
}

static int dial(void)
{
	struct sockaddr_in to;
	socklen_t len = sizeof(to);
	struct timeval patience = {.tv_sec = 20};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), r;

	assert_int_equal(getsockname(serve.fd, (struct sockaddr *)&to, &len), 0);
	r = connect(fd, (const struct sockaddr *)&to, len);
	/* the loopback interface is down */
	if (r < 0 && errno == ENETUNREACH) {
		(void)close(fd);
		skip();
	}
	assert_int_equal(r, 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

/* Like the main loop, until nothing more arrives. */
static void serve_all(void)
{
	struct pollfd fds[SERVE_FDS];

	for (;;) {
		(void)serve_fds(&serve, fds);
		if (poll(fds, SERVE_FDS, 100) <= 0)
			return;
		serve_step(&serve, fds);
	}
}

static const char *answer_to(const char *request)
{
	_free_ char *text = mem_new(1, 1 << 20);
	size_t len = 0;
	ssize_t n;

	client = dial();
	assert_int_equal(send(client, request, strlen(request), MSG_NOSIGNAL),
	                 (ssize_t)strlen(request));
	serve_all();
	while ((n = recv(client, text + len, (1 << 20) - 1 - len, 0)) > 0)
		len += (size_t)n;
	return keep_text(mem_dup(text));
}

static const struct row {
	const char *name, *request, *answer, *end;
} rows[] = {
	{"get", "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n",
         "Connection: close\r\n\r\nhosttune_x 1\n"},
	{"get of 1.0", "GET /metrics HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "x 1\n"},
	{"with a query", "GET /metrics?a=b HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n",
         "x 1\n"},
	{"head", "HEAD /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n",
         "close\r\n\r\n"},
	{"health", "GET /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n",
         "close\r\n\r\nok\n"},
	{"head of health", "HEAD /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n",
         "close\r\n\r\n"},
	{"another path", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ", "/healthz\n"},
	{"a longer path", "GET /metricsx HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ",
         "/healthz\n"},
	{"above the path", "GET /metrics/../etc HTTP/1.1\r\n\r\n", "HTTP/1.1 404 ",
         "/healthz\n"},
	{"another method", "POST /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 ",
         "GET and HEAD\n"},
	{"no HTTP at all", "hello\r\n\r\n", "HTTP/1.1 405 ", "GET and HEAD\n"},
};

static void test_answer(void **state)
{
	const struct row *row = *state;
	const char *got = answer_to(row->request);

	assert_int_equal(strncmp(got, row->answer, strlen(row->answer)), 0);
	assert_true(strlen(got) > strlen(row->end));
	assert_string_equal(got + strlen(got) - strlen(row->end), row->end);
}

static void test_fault(void **state)
{
	const char *got;

	(void)state;
	fault = "no audit ended for 900 s";
	got = answer_to("GET /healthz?probe HTTP/1.1\r\n\r\n");
	fault = NULL;
	assert_part(got, "HTTP/1.1 503 Service Unavailable\r\n");
	assert_part(got, "\r\n\r\nno audit ended for 900 s\n");
}

static void test_too_long(void **state)
{
	char request[SERVE_REQUEST_MAX + 1];

	(void)state;
	memset(request, 'x', sizeof(request));
	memcpy(request, "GET ", 4);
	request[sizeof(request) - 1] = '\0';
	assert_part(answer_to(request), "HTTP/1.1 431 ");
}

/*
 * A request in two pieces, of which the second never arrives; and a page larger than a
 * socket's buffer.
 */
static void test_large(void **state)
{
	_free_ char *got = mem_new(1, 1 << 20);
	const char *request = "GET /metrics HTTP/1.1\r\n\r\n";
	size_t len = 0;
	ssize_t n;

	(void)state;
	body = mem_new(1, 900000);
	memset(body, 'y', 899999);
	client = dial();
	assert_int_equal(send(client, request, 8, 0), 8);
	serve_all();
	(void)close(client);
	serve_all();
	for (size_t i = 0; i < SERVE_CLIENTS; i++)
		assert_int_equal(serve.clients[i].fd, -1);
	client = dial();
	assert_int_equal(send(client, request, 9, 0), 9);
	serve_all();
	(void)send(client, request + 9, strlen(request) - 9, 0);
	serve_all();
	while ((n = recv(client, got + len, (1 << 20) - 1 - len, MSG_DONTWAIT)) > 0) {
		len += (size_t)n;
		serve_all();
	}
	assert_part(got, "HTTP/1.1 200 OK\r\n");
	assert_true(len > 899999);
}

/* A silent client is disconnected, which makes room for the next. */
static void test_slow(void **state)
{
	int idle[SERVE_CLIENTS];
	struct pollfd fds[SERVE_FDS];

	(void)state;
	for (size_t i = 0; i < SERVE_CLIENTS; i++) {
		idle[i] = dial();
		serve_all();
		assert_true(serve.clients[i].fd >= 0);
	}
	/* no room: wait only for the first to be disconnected, not for new clients */
	assert_true(serve_fds(&serve, fds) > 0);
	assert_int_equal(fds[0].fd, -1);
	serve.clients[1].until_ms = 0;
	assert_int_equal(serve_fds(&serve, fds), 0);
	serve_step(&serve, fds);
	assert_int_equal(serve.clients[1].fd, -1);
	assert_part(answer_to("GET /metrics HTTP/1.1\r\n\r\n"), "200 OK");
	for (size_t i = 0; i < SERVE_CLIENTS; i++)
		(void)close(idle[i]);
}

/* Without a free descriptor, the client waits in the queue and poll() has nothing to do.
 */
static void test_no_descriptor(void **state)
{
	struct pollfd fds[SERVE_FDS];
	struct rlimit before, none;
	int timeout;

	(void)state;
	client = dial();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	(void)serve_fds(&serve, fds);
	assert_int_equal(fds[0].fd, serve.fd);
	assert_int_equal(poll(fds, SERVE_FDS, 20000), 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	serve_step(&serve, fds);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(serve.clients[0].fd, -1);
	timeout = serve_fds(&serve, fds);
	assert_int_equal(fds[0].fd, -1);
	assert_in_range(timeout, 1, SERVE_RETRY_MS);
	serve.retry_ms = 0;
	serve_all();
	assert_true(serve.clients[0].fd >= 0);
}

static const struct address {
	const char *text;
	int code;
} addresses[] = {
	{"127.0.0.1:0", 0},
	{"[::1]:x", -EINVAL},
	{"::1:80", -EINVAL},
	{"localhost:80", -EINVAL},
	{"127.0.0.1", -EINVAL},
	{"127.0.0.1:65536", -EINVAL},
	{"127.0.0.1:-1", -EINVAL},
	{":80", -EINVAL},
	{"", -EINVAL},
	{"127.0.0.1:80x", -EINVAL},
	{"[::1:80", -EINVAL},
	{"192.0.2.1:8080", -EADDRNOTAVAIL},
};

static void test_address(void **state)
{
	const struct address *row = *state;
	struct serve s;
	struct err e = {0};
	int r = serve_open(&s, row->text, &e);

	serve_close(&s);
	/* without any interface, the kernel lets a socket have any address */
	if (row->code == -EADDRNOTAVAIL && r == 0)
		skip();
	assert_int_equal(r, row->code);
	if (r < 0)
		assert_part(e.text, row->text);
}

static void test_nowhere(void **state)
{
	struct pollfd fds[SERVE_FDS];
	struct serve s;
	struct err e;

	(void)state;
	assert_int_equal(serve_open(&s, NULL, &e), 0);
	assert_int_equal(serve_fds(&s, fds), -1);
	for (size_t i = 0; i < SERVE_FDS; i++)
		assert_int_equal(fds[i].fd, -1);
	serve_step(&s, fds);
	serve_close(&s);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_answer);
	suite_test(&s, "a fault", test_fault);
	suite_test(&s, "a request that is too long", test_too_long);
	suite_test(&s, "in pieces", test_large);
	suite_test(&s, "slow clients", test_slow);
	suite_test(&s, "no free descriptor", test_no_descriptor);
	suite_rows(&s, addresses, test_address);
	suite_test(&s, "nowhere", test_nowhere);
	return suite_run(&s);
}
