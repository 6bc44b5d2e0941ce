/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as a request to the watch, in pieces: one answer of HTTP/1.1 whose length is
 * as it says, or none. The first byte is the size of the pieces, of which there are few.
 */
#include "fuzz.h"

#include "base/macro.h"
#include "base/mem.h"
#include "watch/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAGE       "metric 1\n"
#define PIECES_MAX 32

static char *page(void *ctx)
{
	(void)ctx;
	return mem_dup(PAGE);
}

static char *unhealthy(void *ctx)
{
	return *(const bool *)ctx ? mem_dup("why") : NULL;
}

static void check_answer(const char *text, size_t len)
{
	const char *body = strstr(text, "\r\n\r\n");
	const char *length = strstr(text, "Content-Length: ");

	assert(strncmp(text, "HTTP/1.1 ", 9) == 0 && body && length);
	body += 4;
	/* that of HEAD has no body */
	assert(strlen(body) == 0 || strlen(body) == strtoul(length + 16, NULL, 10));
	assert(strlen(text) == len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool ill = size > 0 && data[0] & 1;
	struct serve s = {.fd = -1, .page = page, .unhealthy = unhealthy, .ctx = &ill};
	size_t piece = size > 0 ? size / PIECES_MAX + 1 + data[0] * 16 : 1;
	struct pollfd fds[SERVE_FDS];
	char answer[1024] = "";
	struct err e;
	ssize_t n;
	int pair[2];

	assert(serve_open(&s, NULL, &e) == 0);
	assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) ==
	       0);
	s.clients[0].fd = pair[0];
	s.clients[0].until_ms = INT64_MAX;
	s.clients[0].request = mem_new(SERVE_REQUEST_MAX + 1, 1);
	for (size_t at = 1; at < size; at += piece) {
		size_t len = size - at < piece ? size - at : piece;

		if (send(pair[1], data + at, len, MSG_NOSIGNAL) < 0)
			break;
		(void)serve_fds(&s, fds);
		assert(poll(fds, SERVE_FDS, 0) >= 0);
		serve_step(&s, fds);
		assert(s.clients[0].len <= SERVE_REQUEST_MAX);
	}
	n = recv(pair[1], answer, sizeof(answer) - 1, 0);
	if (n > 0)
		check_answer(answer, (size_t)n);
	serve_close(&s);
	(void)close(pair[1]);
	return 0;
}
