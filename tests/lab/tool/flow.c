/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool serve PORT [BUFFER]: answer connections until killed: a request 's' is read to
 * its end; to a request 'a' each byte is answered by one.
 *
 * lab-tool send ADDRESS PORT MILLISECONDS BUFFER [WARM-MILLISECONDS [PAUSE-MILLISECONDS]]
 *   Send as much as fits in the time, after a time that is not counted (and a pause
 * without sending); BUFFER is a SO_SNDBUF, that of serve a SO_RCVBUF, 0: as the kernel
 *   chooses. Print "sent.bytes", that the receiver confirmed, and "sent.again", segments
 * sent again per million.
 *
 * lab-tool transfer ADDRESS PORT BYTES LIMIT-MILLISECONDS COUNT
 *   COUNT connections, one after the other: print "transfer.time", the sum of the times
 *   until the receiver has confirmed so much, each at most the limit.
 *
 * lab-tool ask ADDRESS PORT COUNT PAUSE: make COUNT connections, one each PAUSE
 * milliseconds; print the time from connect(2) to the first byte of the answer.
 */
#include "tool.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SOL_TCP
#define SOL_TCP 6
#endif

static char buffer[1 << 18];

static void set_buffer(int fd, int option, int bytes)
{
	if (bytes > 0 && setsockopt(fd, SOL_SOCKET, option, &bytes, sizeof(bytes)) < 0)
		die("setsockopt");
}

static void answer(int fd)
{
	ssize_t n = recv(fd, buffer, 1, 0);

	if (n == 1 && *buffer == 'a' && send(fd, buffer, 1, MSG_NOSIGNAL) == 1)
		_exit(0);
	while (n > 0)
		n = recv(fd, buffer, sizeof(buffer), 0);
	_exit(0);
}

/* bytes: a SO_RCVBUF for all connections, 0: as the kernel chooses. */
static int listen_on(long port, int bytes)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port)};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	set_buffer(fd, SO_RCVBUF, bytes);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(fd, 128) < 0)
		die("listen");
	return fd;
}

int tool_serve(int argc, char **argv)
{
	int bytes = argc > 2 ? (int)number(argv[2]) : 0;
	int fd = listen_on(number(argv[1]), bytes);

	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int peer = accept(fd, NULL, NULL);

		if (peer >= 0 && fork() == 0)
			answer(peer);
		(void)close(peer);
	}
}

static int connect_to(char **argv, int bytes)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)number(argv[2]))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	set_buffer(fd, SO_SNDBUF, bytes);
	if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 || fd < 0 ||
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		die("connect");
	return fd;
}

static struct tcp_info info_of(int fd)
{
	struct tcp_info info = {0};
	socklen_t size = sizeof(info);

	if (getsockopt(fd, SOL_TCP, TCP_INFO, &info, &size) < 0)
		die("TCP_INFO");
	return info;
}

static void send_for(int fd, long ms)
{
	struct timeval limit = {.tv_usec = 20000};
	int64_t end = now_us() + ms * 1000;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	while (now_us() < end)
		if (send(fd, buffer, sizeof(buffer), MSG_NOSIGNAL) < 0 && errno != EAGAIN)
			die("send");
}

/* Until all is confirmed that was sent. */
static void settle(int fd)
{
	for (int i = 0;
	     i < 10000 && info_of(fd).tcpi_notsent_bytes + info_of(fd).tcpi_unacked > 0;
	     i++)
		sleep_us(1000);
}

int tool_send(int argc, char **argv)
{
	int fd = connect_to(argv, (int)number(argv[4]));
	struct tcp_info from, to;
	uint64_t segments;

	memset(buffer, 's', sizeof(buffer));
	if (argc > 5)
		send_for(fd, number(argv[5]));
	if (argc > 6) {
		settle(fd);
		sleep_us(number(argv[6]) * 1000);
	}
	from = info_of(fd);
	send_for(fd, number(argv[3]));
	to = info_of(fd);
	segments = to.tcpi_data_segs_out - from.tcpi_data_segs_out;
	(void)printf("sent.bytes %llu\n",
	             (unsigned long long)(to.tcpi_bytes_acked - from.tcpi_bytes_acked));
	(void)printf("sent.again %llu\n", (unsigned long long)(to.tcpi_total_retrans -
	                                                       from.tcpi_total_retrans) *
	                                          1000000 / (segments ? segments : 1));
	return 0; /* the kernel resets what is left */
}

/* The time until `bytes` are confirmed, at most `limit`. */
static int64_t transfer_time(int fd, uint64_t bytes, int64_t limit)
{
	int64_t start = now_us();

	while (now_us() - start < limit && info_of(fd).tcpi_bytes_acked < bytes)
		if (send(fd, buffer, sizeof(buffer), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
			if (errno != EAGAIN)
				die("send");
			sleep_us(4000);
		}
	return now_us() - start;
}

int tool_transfer(int argc, char **argv)
{
	const struct linger reset = {.l_onoff = 1};
	int64_t sum = 0;

	(void)argc;
	memset(buffer, 's', sizeof(buffer));
	for (long i = number(argv[5]); i > 0; i--) {
		int fd = connect_to(argv, 0);

		sum += transfer_time(fd, (uint64_t)number(argv[3]),
		                     number(argv[4]) * 1000);
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		(void)close(fd);
	}
	(void)printf("transfer.time %lld\n", (long long)sum);
	return 0;
}

int tool_ask(int argc, char **argv)
{
	struct times answers = {.name = "first"};

	(void)argc;
	for (long i = number(argv[3]); i > 0; i--) {
		int64_t start = now_us();
		int fd = connect_to(argv, 0);

		if (send(fd, "a", 1, MSG_NOSIGNAL) != 1 || recv(fd, buffer, 1, 0) != 1)
			die("answer");
		times_add(&answers, now_us() - start);
		(void)close(fd);
		sleep_us(number(argv[4]) * 1000);
	}
	times_print(&answers);
	return 0;
}
