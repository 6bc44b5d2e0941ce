/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/request.h"

#include "base/mem.h"
#include "base/progress.h"
#include "base/text/buf.h"
#include "bottlerocket/retry.h"
#include "bottlerocket/secret.h"
#include "confine/parse.h"
#include "host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* The server has one worker: other requests, such as formatting drives, may block it. */
#define CALL_TIMEOUT_MS     60000
#define CLEAN_UP_TIMEOUT_MS 3000

/* How much of the server's message goes into an error. */
#define WORDS_MAX 512

/* --- the socket ----------------------------------------------------------------------
 */

/*
 * The container has the socket that existed when the container started. A restarted
 * server made a new one, which is in the host's tree.
 */
static int open_hosts_own(const struct host *h)
{
	struct err ignored;

	if (!*h->root || !h->live || strcmp(h->api_socket, HOST_API_SOCKET) != 0)
		return -1;
	return host_file_open(h, HOST_API_SOCKET, O_PATH, &ignored);
}

/* --- one exchange --------------------------------------------------------------------
 */

/* The first line of a body, made safe for a terminal, a log and JSON. */
static char *api_request_first_line(const struct buf *body)
{
	_buf_ struct buf line = {0};

	for (size_t i = 0; i < body->len && body->text[i] != '\n'; i++) {
		unsigned char c = (unsigned char)body->text[i];

		if (line.len >= WORDS_MAX) {
			buf_add(&line, "...");
			break;
		}
		if (c >= ' ' && c < 0x7f)
			buf_add_n(&line, &body->text[i], 1);
		else if (c != '\r')
			buf_addf(&line, "\\x%02x", c);
	}
	return buf_take(&line);
}

/* The server's message for an error, without what was sent in confidence. */
static char *api_request_words(const struct api *a, const struct buf *body)
{
	_free_ char *line = api_request_first_line(body);

	return a->sending ? secret_scrub(line, a->sending) : TAKE_PTR(line);
}

static bool not_reached(int code)
{
	/* while the server restarts, the socket's name does not exist */
	return code == -ECONNREFUSED || code == -ENOENT;
}

/* Whether the server was certainly not reached, or reports that it did nothing. */
static bool may_try_again(const struct api_call *call, int code, long status)
{
	if (code < 0)
		return not_reached(code);
	/* 404: early in the boot, the settings do not exist yet */
	return status == 423 || status == 503 ||
	       (status == 404 && strcmp(call->path, "/settings") == 0);
}

static int call_once(struct api *a, const struct api_call *what, struct deadline until,
                     struct api_answer *answer, struct err *e)
{
	struct api_call call = *what;
	_close_ int fd = -1;
	_free_ char *path = NULL;
	int code;

	/* whether a call that must not be repeated has an effect would be unknown */
	call.until_signal = until.until_signal && !call.once;
	code = api_http_call(a->http, &call, deadline_left_ms(until, INT_MAX), answer, e);
	if (!not_reached(code))
		return code;
	fd = open_hosts_own(a->host);
	if (fd < 0)
		return code;
	path = mem_format("/proc/self/fd/%d", fd);
	api_http_move(a->http, path);
	code = api_http_call(a->http, &call, deadline_left_ms(until, INT_MAX), answer, e);
	/* an open connection stays; a new one starts with the usual path again */
	api_http_move(a->http, a->host->api_socket);
	return code;
}

static int call_patiently(struct api *a, const struct api_call *call,
                          struct deadline until, struct api_answer *answer, struct err *e)
{
	struct retry retry = {0};
	int code;

	progress_start("Bottlerocket API: %s %s", call->method, call->path);
	do
		code = call_once(a, call, until, answer, e);
	while (may_try_again(call, code, answer->status) && retry_pause(&retry, until));
	progress_end();
	return code;
}

static bool accepts(const struct api_call *call, long status)
{
	/* a GET without content in the response has failed */
	return status == 200 || (status / 100 == 2 && strcmp(call->method, "GET") != 0);
}

static int ask_until(struct api *a, const struct api_call *call, struct deadline until,
                     struct api_answer *answer, struct err *e)
{
	int code = call_patiently(a, call, until, answer, e);

	/* what the server did is worth some time more */
	answer->until =
		deadline_expired(until) ? deadline_in_ms(CLEAN_UP_TIMEOUT_MS) : until;

	if (code == 0 && !accepts(call, answer->status)) {
		_free_ char *words = api_request_words(a, &answer->body);

		code = err_set(e, -EREMOTEIO, "%ld%s%s", answer->status,
		               *words ? ": " : "", words);
	}
	if (code == -ECONNREFUSED)
		code = err_hint(e, "the server is down, or was restarted and this "
		                   "container still holds its old socket");
	return code < 0 ? err_wrap(e, "%s %s", call->method, call->path) : 0;
}

int api_request(struct api *a, const struct api_call *call, struct api_answer *answer,
                struct err *e)
{
	int64_t limit_ms = a->timeout_ms ? a->timeout_ms : CALL_TIMEOUT_MS;
	struct deadline until =
		deadline_earlier(a->host->deadline, deadline_in_ms(limit_ms));

	/* the clean-up after it gets its time anew */
	a->grace = (struct deadline){0};
	return ask_until(a, call, until, answer, e);
}

int api_request_cleanup(struct api *a, const struct api_call *call,
                        struct api_answer *answer, struct err *e)
{
	if (!a->grace.at_ms)
		a->grace = deadline_in_ms(CLEAN_UP_TIMEOUT_MS);
	return ask_until(a, call, a->grace, answer, e);
}

static bool is_deeper(const struct node *n, unsigned levels)
{
	if (n->type != NODE_SCALAR && levels == 0)
		return true;
	node_for_each (item, n)
		if (is_deeper(item, levels - 1))
			return true;
	return false;
}

/* The parser quotes what it could not read, and that may be a secret. */
static int api_request_garbled(const struct api_call *call, struct err *e)
{
	char *quote = strstr(e->text, " near '");

	if (quote)
		*quote = '\0';
	return err_wrap(e, "%s %s: answer", call->method, call->path);
}

int api_request_body(const struct api_call *call, const struct api_answer *answer,
                     enum node_type type, struct node **ret, struct err *e)
{
	const struct node wanted = {.type = type};
	const char *text = answer->body.text ? answer->body.text : "";
	_node_ struct node *n = confined_json_parse_some(
		text, answer->body.len, API_VALUES_MAX, answer->until, e);

	if (!n)
		return api_request_garbled(call, e);
	if (n->type != type)
		return err_set(e, -EBADMSG, "%s %s: answer: is %s, should be %s",
		               call->method, call->path, node_type_name(n),
		               node_type_name(&wanted));
	if (is_deeper(n, API_DEPTH_MAX))
		return err_set(e, -EBADMSG, "%s %s: answer: nested deeper than %d levels",
		               call->method, call->path, API_DEPTH_MAX);
	*ret = TAKE_PTR(n);
	return 0;
}
