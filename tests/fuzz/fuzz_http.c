/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as what the API's server sends before it closes the connection: an answer
 * with a status, or an error in words. libcurl reads them; the limits and the words are
 * ours.
 */
#include "fuzz.h"

#include "base/text/buf.h"
#include "bottlerocket/http.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TIMEOUT_MS 2000

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static int listener = -1;

static void remove_socket(void)
{
	(void)unlink(address.sun_path);
	*strrchr(address.sun_path, '/') = '\0';
	(void)rmdir(address.sun_path);
}

static void listen_once(void)
{
	char dir[] = "/tmp/fuzz-http-XXXXXX";

	if (listener >= 0)
		return;
	assert(mkdtemp(dir));
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/s", dir);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert(listener >= 0 &&
	       bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	       listen(listener, 8) == 0);
	(void)atexit(remove_socket);
}

struct answer_bytes {
	const uint8_t *data;
	size_t size;
};

/* Send everything, then read what the client sent, so that closing is no reset. */
static void *serve_one(void *arg)
{
	const struct answer_bytes *a = arg;
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	char request[4096];

	assert(fd >= 0);
	(void)recv(fd, request, sizeof(request), 0);
	for (size_t done = 0; done < a->size;) {
		ssize_t n = send(fd, a->data + done, a->size - done, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	(void)close(fd);
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct api_call call = {.method = "GET", .path = "/settings", .once = true};
	struct answer_bytes a = {data, size};
	_answer_ struct api_answer answer = {0};
	struct api_http *http;
	struct err e = {0};
	pthread_t thread;
	int r;

	listen_once();
	http = api_http_new(address.sun_path);
	assert(pthread_create(&thread, NULL, serve_one, &a) == 0);
	r = api_http_call(http, &call, TIMEOUT_MS, &answer, &e);
	assert(answer.sent);
	assert(answer.body.len <= API_ANSWER_MAX);
	if (r < 0)
		assert(e.code == r && *e.text && r != -1);
	else
		assert(answer.status >= 100 && answer.status < 1000);
	api_http_free(http);
	assert(pthread_join(thread, NULL) == 0);
	return 0;
}
