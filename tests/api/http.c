/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <http_parser.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api.h"
#include "fault.h"
#include "http.h"
#include "request.h"

/* The keep-alive time of the real server. */
#define IDLE_SECONDS 5

struct conn {
	const struct server *server;
	struct out out;
	http_parser parser;
	struct request request;
	struct buf field; /* of the header being read */
	struct buf value;
	bool in_request;
	enum fate fate;
	time_t last;
};

struct conn *conn_new(int fd, const struct server *server, time_t now)
{
	struct conn *conn = calloc(1, sizeof(*conn));

	if (!conn)
		die("out of memory");
	conn->server = server;
	conn->last = now;
	conn->out = (struct out){.fd = fd, .stop = server->stop};
	http_parser_init(&conn->parser, HTTP_REQUEST);
	conn->parser.data = conn;
	return conn;
}

void conn_free(struct conn *conn)
{
	if (!conn)
		return;
	close(conn->out.fd);
	request_done(&conn->request);
	buf_done(&conn->field);
	buf_done(&conn->value);
	free(conn);
}

int conn_fd(const struct conn *conn)
{
	return conn->out.fd;
}

bool conn_is_idle(const struct conn *conn, time_t now)
{
	return !conn->in_request && conn->fate == FATE_KEEP &&
	       now - conn->last > IDLE_SECONDS;
}

static void log_line(const struct server *server, const char *method, const char *target,
                     const struct reply *reply)
{
	if (!server->log)
		return;
	fprintf(server->log, "%s %s %d %zu\n", method, target, reply->status, reply->len);
	fflush(server->log);
}

/* A 204 has no Content-Length, not even the one with a stray body. */
static void write_answer(struct buf *answer, const struct reply *reply, bool keep)
{
	cleanup_text char *length = text_format("content-length: %zu\r\n", reply->len);
	cleanup_text char *head = text_format(
		"HTTP/1.1 %d %s\r\n%s%s%s%s%s\r\n", reply->status,
		http_status_str((enum http_status)reply->status),
		reply->status == 204 ? "" : length, keep ? "" : "connection: close\r\n",
		reply->type ? "content-type: " : "", reply->type ? reply->type : "",
		reply->type ? "\r\n" : "");

	buf_add(answer, head, strlen(head));
	if (reply->body)
		buf_add(answer, reply->body, reply->len);
}

static enum fate serve(struct conn *conn)
{
	const struct server *server = conn->server;
	bool keep = http_should_keep_alive(&conn->parser);
	struct request *request = &conn->request;
	struct buf answer = {0};
	struct reply reply = {0};
	const struct fault *fault;
	enum fate fate;

	request->method = http_method_str((enum http_method)conn->parser.method);
	fault = fault_find(server->faults, request->method, request->target.data);
	if (!fault_forge(fault, &reply))
		api_answer(server->api, request, &reply);
	/* Log before the answer: a client that has it may already read the log. */
	log_line(server, request->method, request->target.data, &reply);
	write_answer(&answer, &reply, keep);
	fate = fault_send(fault, &conn->out, &answer, keep ? FATE_KEEP : FATE_CLOSE);
	buf_done(&answer);
	reply_done(&reply);
	return fate;
}

static struct conn *conn_of(http_parser *parser)
{
	return parser->data;
}

static int on_begin(http_parser *parser)
{
	struct conn *conn = conn_of(parser);

	request_done(&conn->request);
	conn->in_request = true;
	return 0;
}

static int on_url(http_parser *parser, const char *data, size_t len)
{
	buf_add(&conn_of(parser)->request.target, data, len);
	return 0;
}

/* Handle the header just read; only two matter. */
static void take_header(struct conn *conn)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	const char *name = conn->field.data ? conn->field.data : "";

	if (strcasecmp(name, "content-type") == 0 && conn->value.data) {
		buf_done(&conn->request.type);
		buf_add(&conn->request.type, conn->value.data, conn->value.len);
	} else if (strcasecmp(name, "expect") == 0) {
		out_send(&conn->out, go_on, sizeof(go_on) - 1);
	}
	buf_done(&conn->field);
	buf_done(&conn->value);
}

static int on_header_field(http_parser *parser, const char *data, size_t len)
{
	struct conn *conn = conn_of(parser);

	if (conn->value.data)
		take_header(conn);
	buf_add(&conn->field, data, len);
	return 0;
}

static int on_header_value(http_parser *parser, const char *data, size_t len)
{
	buf_add(&conn_of(parser)->value, data, len);
	return 0;
}

static int on_headers_complete(http_parser *parser)
{
	struct conn *conn = conn_of(parser);

	take_header(conn);
	conn->request.length_known = parser->flags & F_CONTENTLENGTH;
	return 0;
}

static int on_body(http_parser *parser, const char *data, size_t len)
{
	struct request *request = &conn_of(parser)->request;
	size_t room = BODY_LIMIT + 1 - request->body.len;

	request->body_len += len;
	buf_add(&request->body, data, len < room ? len : room);
	return 0;
}

static int on_complete(http_parser *parser)
{
	struct conn *conn = conn_of(parser);

	conn->in_request = false;
	conn->fate = serve(conn);
	return conn->fate == FATE_KEEP ? 0 : -1;
}

static const http_parser_settings callbacks = {
	.on_message_begin = on_begin,
	.on_url = on_url,
	.on_header_field = on_header_field,
	.on_header_value = on_header_value,
	.on_headers_complete = on_headers_complete,
	.on_body = on_body,
	.on_message_complete = on_complete,
};

static void refuse_nonsense(struct conn *conn)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n"
				     "connection: close\r\n\r\n";
	const struct reply reply = {.status = 400};

	log_line(conn->server, "BAD", "-", &reply);
	out_send(&conn->out, answer, sizeof(answer) - 1);
}

bool conn_read(struct conn *conn, time_t now)
{
	char data[65536];
	ssize_t len = recv(conn->out.fd, data, sizeof(data), 0);

	if (len <= 0)
		return false;
	conn->last = now;
	if (conn->fate == FATE_HANG)
		return true;
	http_parser_execute(&conn->parser, &callbacks, data, (size_t)len);
	if (conn->fate == FATE_RESTART)
		conn->server->api->restart = true;
	if (conn->fate != FATE_KEEP)
		return conn->fate == FATE_HANG;
	if (!HTTP_PARSER_ERRNO(&conn->parser) && !conn->parser.upgrade)
		return true;
	if (HTTP_PARSER_ERRNO(&conn->parser))
		refuse_nonsense(conn);
	return false;
}
