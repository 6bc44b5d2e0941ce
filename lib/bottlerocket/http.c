/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/http.h"

#include "base/mem.h"
#include "base/progress.h"
#include "base/stop.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct api_http {
	CURL *curl;
	struct curl_slist *headers;
	char *socket;
};

/* Collects a response. */
struct sink {
	struct buf *body;
	size_t size; /* including headers and trailers: libcurl stores those, too */
	bool too_big;
};

struct api_http *api_http_new(const char *socket)
{
	struct api_http *http = mem_new(1, sizeof(*http));

	http->socket = mem_dup(socket);
	return http;
}

static int no_memory(struct err *e)
{
	return err_set(e, -ENOMEM, "cannot set up libcurl");
}

static bool add_header(struct api_http *http, const char *header)
{
	struct curl_slist *longer = curl_slist_append(http->headers, header);

	if (longer)
		http->headers = longer;
	return longer;
}

/* Set-up that is deferred to the first call. */
static int api_http_set_up(struct api_http *http, struct err *e)
{
	if (http->curl)
		return 0;
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
	curl_slist_free_all(http->headers);
	http->headers = NULL;
	/* the server requires the type on every request that may have a body; do not wait
	 * for "100 Continue" before a long one */
	if (add_header(http, "Content-Type: application/json") &&
	    add_header(http, "Expect:"))
		http->curl = curl_easy_init();
	return http->curl ? 0 : no_memory(e);
}

void api_http_move(struct api_http *http, const char *socket)
{
	mem_set(&http->socket, mem_dup(socket));
}

void api_http_free(struct api_http *http)
{
	if (!http)
		return;
	if (http->curl) {
		curl_easy_cleanup(http->curl);
		curl_global_cleanup();
	}
	curl_slist_free_all(http->headers);
	free(http->socket);
	free(http);
}

static bool api_http_fits(struct sink *sink, size_t n)
{
	sink->size += n;
	sink->too_big = sink->size > API_ANSWER_MAX;
	return !sink->too_big;
}

/* Called by libcurl: any result but n aborts the transfer. */
static size_t on_header(char *data, size_t one, size_t n, void *arg)
{
	(void)data;
	(void)one;
	return api_http_fits(arg, n) ? n : 0;
}

static size_t on_body(char *data, size_t one, size_t n, void *arg)
{
	struct sink *sink = arg;

	(void)one;
	if (!api_http_fits(sink, n))
		return 0;
	buf_add_n(sink->body, data, n);
	return n;
}

/* Called by libcurl about once per second: anything but 0 aborts the transfer. */
static int on_progress(void *arg, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                       curl_off_t up)
{
	const struct api_call *call = arg;

	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	progress_tick();
	return call->until_signal ? stop_signal() : 0;
}

/*
 * Like libcurl's own, but with close-on-exec: tools that run later do not inherit it. And
 * whatever libcurl makes of the request, it is sent to no other machine.
 */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	(void)arg;
	(void)purpose;
	if (to->family != AF_UNIX)
		return CURL_SOCKET_BAD;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* libcurl copies texts: memory can run out, and the request would be another one. */
static bool lacks_memory(CURLcode result)
{
	return result == CURLE_OUT_OF_MEMORY;
}

/* Return: whether memory sufficed. */
static bool set_connection(struct api_http *http, int timeout_ms)
{
	CURL *curl = http->curl;
	bool lacks = lacks_memory(
		curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, http->socket));

	(void)curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	/* the environment must not decide where settings are sent */
	lacks |= lacks_memory(curl_easy_setopt(curl, CURLOPT_PROXY, ""));
	(void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, http->headers);
	return !lacks;
}

/* Return: whether memory sufficed. */
static bool set_request(CURL *curl, const struct api_call *call)
{
	const char *name = call->tx ? "?tx=" : call->keys ? "?keys=" : "";
	const char *value = call->tx ? call->tx : call->keys ? call->keys : "";
	_free_ char *url = mem_format("http://localhost%s%s%s", call->path, name, value);
	bool get = strcmp(call->method, "GET") == 0;
	bool lacks = lacks_memory(curl_easy_setopt(curl, CURLOPT_URL, url));

	if (call->body || strcmp(call->method, "POST") == 0)
		lacks |= lacks_memory(curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS,
		                                       call->body ? call->body : ""));
	if (!get)
		lacks |= lacks_memory(
			curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method));
	/* libcurl itself repeats a request if a reused connection turns out to be dead */
	(void)curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, call->once ? 1L : 0L);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, call);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	return !lacks;
}

static void set_sink(CURL *curl, struct sink *sink, char *words)
{
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, sink);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink);
	(void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
}

static int report_connect(const struct api_http *http, struct err *e)
{
	long errnum = 0;

	(void)curl_easy_getinfo(http->curl, CURLINFO_OS_ERRNO, &errnum);
	(void)err_errno(e, errnum ? (int)errnum : ECONNREFUSED, "connect to %s",
	                http->socket);
	return errnum == EACCES && geteuid() != 0 ? err_hint(e, "run as root") : e->code;
}

static int http_describe(const struct api_http *http, CURLcode result,
                         const struct sink *sink, int timeout_ms, const char *words,
                         struct err *e)
{
	if (sink->too_big)
		return err_set(e, -EMSGSIZE, "the answer is longer than %d MiB",
		               API_ANSWER_MAX >> 20);
	switch ((int)result) {
	case CURLE_COULDNT_CONNECT: return report_connect(http, e);
	case CURLE_OPERATION_TIMEDOUT:
		return err_set(e, -ETIMEDOUT, "no complete answer within %d.%d s",
		               timeout_ms / 1000, timeout_ms % 1000 / 100);
	case CURLE_ABORTED_BY_CALLBACK:
		return err_set(e, -ETIMEDOUT, "%s", stop_reason());
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
		(void)err_set(e, -ECONNRESET,
		              "the connection closed before the answer was complete");
		return err_hint(e, "%s", *words ? words : curl_easy_strerror(result));
	default:
		return err_set(e, -EPROTO, "%s",
		               *words ? words : curl_easy_strerror(result));
	}
}

int api_http_call(struct api_http *http, const struct api_call *call, int timeout_ms,
                  struct api_answer *answer, struct err *e)
{
	struct sink sink = {.body = &answer->body};
	char words[CURL_ERROR_SIZE] = "";
	CURLcode result;
	int code;

	buf_done(&answer->body);
	answer->status = 0;
	code = api_http_set_up(http, e);
	if (code < 0)
		return code;
	/* libcurl treats 0 as no limit */
	if (timeout_ms <= 0)
		return err_set(e, -ETIMEDOUT, "%s",
		               call->until_signal && stop_signal() ? stop_reason()
		                                                   : "deadline exceeded");
	if (!set_connection(http, timeout_ms) || !set_request(http->curl, call)) {
		curl_easy_reset(http->curl);
		return no_memory(e);
	}
	set_sink(http->curl, &sink, words);
	result = curl_easy_perform(http->curl);
	answer->sent |= result != CURLE_COULDNT_CONNECT;
	if (result != CURLE_OK)
		code = http_describe(http, result, &sink, timeout_ms, words, e);
	else
		(void)curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE,
		                        &answer->status);
	/* libcurl takes a first line with another one, too */
	if (code == 0 && (answer->status < 100 || answer->status > 999))
		code = err_set(e, -EPROTO, "the answer has no status");
	/* keeps the connection, but drops all pointers into this stack frame */
	curl_easy_reset(http->curl);
	return code;
}

void api_answer_done(struct api_answer *answer)
{
	buf_done(&answer->body);
}
