/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host_api.h"

#include "base/buf.h"
#include "base/mem.h"
#include "doc/node.h"
#include "doc/node_json.h"
#include "host/host.h"
#include "host/host_api_http.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#define CALL_TIMEOUT_S     30
#define CLEAN_UP_TIMEOUT_S 3

/* 0.1 s doubling: 6.3 s in all, more than the 5 s until systemd restarts the server. */
#define TRIES          7
#define FIRST_PAUSE_MS 100

/* Of what the server says, as much goes into an error. */
#define WORDS_MAX 512

#define TX_PREFIX "hosttune-"
#define TX_RANDOM 16

struct host_api {
	const struct host *host;
	struct host_api_http *http;
};

/* The name of a transaction of ours, terminated. */
struct tx {
	char name[sizeof(TX_PREFIX) + TX_RANDOM];
};

int host_api_open(const struct host *h, struct host_api **ret, struct err *e)
{
	struct stat st;

	if (!h->api_socket)
		return err_set(e, -ENOENT, "this host has no Bottlerocket API");
	if (stat(h->api_socket, &st) < 0)
		return err_errno(e, errno, "API socket %s", h->api_socket);
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, -ENOENT, "API socket %s: is no socket", h->api_socket);
	*ret = mem_new(1, sizeof(**ret));
	(*ret)->host = h;
	(*ret)->http = host_api_http_new(h->api_socket);
	return 0;
}

void host_api_free(struct host_api *a)
{
	if (!a)
		return;
	host_api_http_free(a->http);
	free(a);
}

void host_api_freep(struct host_api **a)
{
	host_api_free(*a);
}

/* --- one exchange --------------------------------------------------------------------
 */

/* The first line of a body, fit for a terminal, a log and JSON. */
static char *first_line(const struct buf *body)
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

static void pause_ms(int ms)
{
	struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	(void)nanosleep(&ts, NULL);
}

/* The server was certainly not reached, or says itself that it did nothing. */
static bool may_try_again(int code, long status)
{
	/* between the old socket's end and the new one's, its name is missing */
	if (code < 0)
		return code == -ECONNREFUSED || code == -ENOENT;
	return status == 423 || status == 503;
}

static int call_patiently(struct host_api *a, const struct host_api_call *call,
                          const struct host *until, struct host_api_answer *answer,
                          struct err *e)
{
	int pause = FIRST_PAUSE_MS;

	for (int try = 1;; try++, pause *= 2) {
		int left_ms = host_time_left_ms(until, INT_MAX);
		int code = host_api_http_call(a->http, call, left_ms, answer, e);

		if (!may_try_again(code, answer->status) || try == TRIES ||
		    host_time_left_ms(until, INT_MAX) <= pause)
			return code;
		pause_ms(pause);
	}
}

static bool accepts(const struct host_api_call *call, long status)
{
	/* an answer without content is none to a question */
	return status == 200 || (status / 100 == 2 && strcmp(call->method, "GET") != 0);
}

/*
 * An exchange that is to succeed. Its end is the host's deadline, but a clean-up has
 * a time of its own: what was begun is not left behind for lack of a second.
 */
static int call_api(struct host_api *a, const struct host_api_call *call, bool clean_up,
                    struct host_api_answer *answer, struct err *e)
{
	struct host until = {.root_fd = -1};
	int64_t deadline_ms = a->host->deadline_ms;
	int code;

	host_set_deadline(&until, clean_up ? CLEAN_UP_TIMEOUT_S : CALL_TIMEOUT_S);
	if (!clean_up && deadline_ms && deadline_ms < until.deadline_ms)
		until.deadline_ms = deadline_ms;
	code = call_patiently(a, call, &until, answer, e);
	if (code == 0 && !accepts(call, answer->status)) {
		_free_ char *line = first_line(&answer->body);

		code = err_set(e, -EREMOTEIO, "%ld%s%s", answer->status,
		               *line ? ": " : "", line);
	}
	if (code == -ECONNREFUSED)
		code = err_hint(e, "the server is down, or was restarted and this "
		                   "container still holds its old socket");
	return code < 0 ? err_wrap(e, "%s %s", call->method, call->path) : 0;
}

/* The body of an answer as a tree of `type`. */
static int read_body(const struct host_api_call *call,
                     const struct host_api_answer *answer, enum node_type type,
                     struct node **ret, struct err *e)
{
	const struct node wanted = {.type = type};
	const char *text = answer->body.text ? answer->body.text : "";
	_node_ struct node *n = node_json_parse(text, answer->body.len, e);

	if (!n)
		return err_wrap(e, "%s %s: answer", call->method, call->path);
	if (n->type != type)
		return err_set(e, -EBADMSG, "%s %s: answer: is %s, should be %s",
		               call->method, call->path, node_type_name(n),
		               node_type_name(&wanted));
	*ret = TAKE_PTR(n);
	return 0;
}

int host_api_settings(struct host_api *a, struct node **ret, struct err *e)
{
	const struct host_api_call call = {.method = "GET", .path = "/settings"};
	_answer_ struct host_api_answer answer = {0};
	int code = call_api(a, &call, false, &answer, e);

	return code < 0 ? code : read_body(&call, &answer, NODE_MAP, ret, e);
}

/* --- a transaction -------------------------------------------------------------------
 */

/*
 * A name that nobody else uses. Never empty: the server takes `?tx=` for all pending
 * transactions, those of the boot included.
 */
static int tx_init(struct tx *tx, struct err *e)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789";
	unsigned char random[TX_RANDOM];
	char *p = stpcpy(tx->name, TX_PREFIX);

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return err_errno(e, errno, "random name for a transaction");
	for (size_t i = 0; i < TX_RANDOM; i++)
		*p++ = letters[random[i] % (sizeof(letters) - 1)];
	*p = '\0';
	return 0;
}

/* Add to `e`, a failed commit that may have been taken, what became of it. */
static void tell_outcome(struct host_api *a, const struct tx *tx, struct err *e)
{
	const struct host_api_call call = {
		.method = "GET", .path = "/tx", .tx = tx->name};
	_answer_ struct host_api_answer answer = {0};
	_node_ struct node *pending = NULL;
	struct err other;

	if (call_api(a, &call, true, &answer, &other) < 0 ||
	    read_body(&call, &answer, NODE_MAP, &pending, &other) < 0)
		(void)err_hint(e, "whether it was taken is not known: %s", other.text);
	else if (pending->n > 0)
		(void)err_hint(e, "it was not taken");
	else
		(void)err_hint(e, "it was taken: the settings are stored, but may not be "
		                  "in effect");
}

static int commit(struct host_api *a, const struct tx *tx, struct err *e)
{
	const struct host_api_call call = {.method = "POST",
	                                   .path = "/tx/commit_and_apply",
	                                   .tx = tx->name,
	                                   .once = true};
	_answer_ struct host_api_answer answer = {0};
	_node_ struct node *keys = NULL;
	int code = call_api(a, &call, false, &answer, e);

	if (code == 0)
		code = read_body(&call, &answer, NODE_LIST, &keys, e);
	/* 4xx is a refusal; after a 5xx it is stored if only the applier did not start */
	if (code < 0 && answer.sent && answer.status / 100 != 4)
		tell_outcome(a, tx, e);
	return code;
}

static void drop(struct host_api *a, const struct tx *tx, struct err *e)
{
	const struct host_api_call call = {
		.method = "DELETE", .path = "/tx", .tx = tx->name};
	_answer_ struct host_api_answer answer = {0};
	struct err other;

	if (call_api(a, &call, true, &answer, &other) < 0)
		(void)err_hint(e, "and the transaction %s may be left behind: %s",
		               tx->name, other.text);
}

int host_api_change(struct host *h, struct host_api *a, const struct node *settings,
                    struct err *e)
{
	_free_ char *body = node_json_format(settings, false);
	_answer_ struct host_api_answer answer = {0};
	struct host_api_call call = {
		.method = "PATCH", .path = "/settings", .body = body};
	struct tx tx;
	int code;

	if (settings->n == 0)
		return 0;
	if (host_expired(h))
		return err_set(e, -ETIMEDOUT, "PATCH /settings: no time is left");
	code = tx_init(&tx, e);
	if (code < 0)
		return code;
	call.tx = tx.name;
	code = call_api(a, &call, false, &answer, e);
	if (code == 0)
		code = commit(a, &tx, e);
	if (code < 0 && answer.sent)
		drop(a, &tx, e);
	return code;
}
