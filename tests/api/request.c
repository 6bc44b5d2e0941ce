/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "request.h"

static int hex(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Decode %XX, except to a character of @keep; a plus becomes @space. */
static struct buf decode(const char *text, size_t len, const char *keep, char space)
{
	struct buf out = {0};

	buf_add(&out, "", 0);
	for (size_t i = 0; i < len; i++) {
		bool escaped = text[i] == '%' && i + 2 < len && hex(text[i + 1]) >= 0 &&
		               hex(text[i + 2]) >= 0;
		char c = text[i] == '+' ? space : text[i];

		if (escaped)
			c = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
		if (escaped && c && strchr(keep, c))
			c = '%';
		else if (escaped)
			i += 2;
		buf_add(&out, &c, 1);
	}
	return out;
}

static void add_pair(json_t *query, const char *pair, size_t len)
{
	const char *equal = memchr(pair, '=', len);
	size_t name_len = equal ? (size_t)(equal - pair) : len;
	size_t value_len = equal ? len - name_len - 1 : 0;
	struct buf name = decode(pair, name_len, "", ' ');
	struct buf value = decode(equal ? equal + 1 : "", value_len, "", ' ');
	json_t *string = json_stringn(value.data, value.len);

	/* The real server replaces what is not UTF-8. */
	json_object_set_new(query, name.data,
	                    string ? string : json_string("\xef\xbf\xbd"));
	buf_done(&name);
	buf_done(&value);
}

void request_split(struct request *request)
{
	const char *target = request->target.data ? request->target.data : "";
	const char *mark = strchrnul(target, '?');

	/* An encoded slash stays encoded: no route matches across it. */
	request->path = decode(target, (size_t)(mark - target), "%/+", '+').data;
	request->query = json_object();
	while (*mark) {
		const char *pair = mark + 1;

		mark = strchrnul(pair, '&');
		if (mark > pair)
			add_pair(request->query, pair, (size_t)(mark - pair));
	}
}

void request_done(struct request *request)
{
	buf_done(&request->target);
	buf_done(&request->type);
	buf_done(&request->body);
	free(request->path);
	json_decref(request->query);
	json_decref(request->json);
	*request = (struct request){0};
}

const char *request_query(const struct request *request, const char *name)
{
	return json_string_value(json_object_get(request->query, name));
}

void reply_body(struct reply *reply, int status, const char *type, char *body)
{
	free(reply->body);
	*reply = (struct reply){.status = status, .type = type, .body = body};
	reply->len = body ? strlen(body) : 0;
}

void reply_empty(struct reply *reply, int status)
{
	reply_body(reply, status, NULL, NULL);
}

void reply_json(struct reply *reply, json_t *value)
{
	reply_body(reply, 200, TYPE_JSON,
	           json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY));
	json_decref(value);
}

void reply_sorted(struct reply *reply, json_t *value)
{
	reply_body(reply, 200, TYPE_JSON,
	           json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS));
	json_decref(value);
}

void reply_error(struct reply *reply, int status, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		die("out of memory");
	va_end(args);
	reply_body(reply, status, NULL, text);
}

void reply_done(struct reply *reply)
{
	free(reply->body);
	*reply = (struct reply){0};
}
