/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <string.h>
#include <strings.h>

#include "api.h"
#include "model.h"
#include "request.h"

static const struct route *const tables[] = {
	settings_routes, keypair_routes,  transaction_routes,
	host_routes,     metadata_routes, ephemeral_routes,
};

bool api_empty_input(const char *name, const char *value, struct reply *reply)
{
	if (!*value)
		reply_error(reply, 400, "Input '%s' cannot be empty", name);
	return !*value;
}

const char *api_transaction(const struct request *request)
{
	const char *tx = request_query(request, "tx");

	return tx ? tx : "default";
}

json_t *api_or_empty(json_t *object)
{
	return object ? object : json_object();
}

static const struct route *find_route(const struct request *request)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct route *route = tables[i]; route->path; route++)
			if (strcmp(route->method, request->method) == 0 &&
			    strcmp(route->path, request->path) == 0)
				return route;
	return NULL;
}

/* The subtype or its suffix must be json: application/json, but text/json passes, too. */
static bool is_json(const char *type)
{
	const char *slash = type ? strchr(type, '/') : NULL;
	size_t len = slash ? strcspn(slash + 1, "; \t") : 0;

	if (len < 4 || strncasecmp(slash + 1 + len - 4, "json", 4) != 0)
		return false;
	return len == 4 || slash[len - 4] == '+';
}

/* Errors of the framework, before any handler of the real server gets to see them. */
static void bad_body(struct reply *reply, int status, char *text)
{
	reply_body(reply, status, TYPE_PLAIN, text);
}

static void bad_json(struct reply *reply, const char *why, size_t line, size_t column)
{
	bad_body(reply, 400,
	         text_format("Json deserialize error: %s at line %zu column %zu", why,
	                     line, column));
}

static void bad_syntax(struct reply *reply, const json_error_t *error)
{
	const char *why = "expected value";

	if (json_error_code(error) == json_error_premature_end_of_input)
		why = "EOF while parsing a value";
	else if (json_error_code(error) == json_error_end_of_input_expected)
		why = "trailing characters";
	bad_json(reply, why, (size_t)error->line, (size_t)error->column);
}

/* Point just behind the member, or behind everything when there is none to blame. */
static void bad_model(struct reply *reply, const struct buf *body,
                      const struct complaint *complaint)
{
	cleanup_text char *quoted =
		text_format("\"%s\"", complaint->token ? complaint->token : "");
	const char *found = complaint->token ? strstr(body->data, quoted) : NULL;
	const char *end = found ? found + strlen(quoted) : body->data + body->len;
	size_t line = 1;
	size_t column = 0;

	for (const char *c = body->data; c < end; c++) {
		column = *c == '\n' ? 0 : column + 1;
		line += *c == '\n';
	}
	bad_json(reply, complaint->text, line, column);
}

static bool body_arrived(const struct request *request, struct reply *reply)
{
	if (!is_json(request->type.data)) {
		bad_body(reply, 400, text_copy("Content type error"));
		return false;
	}
	if (request->body_len <= BODY_LIMIT)
		return true;
	bad_body(reply, 413,
	         request->length_known
	                 ? text_format("JSON payload (%zu bytes) is larger than allowed "
	                               "(limit: %d bytes).",
	                               request->body_len, BODY_LIMIT)
	                 : text_format("JSON payload has exceeded limit (%d bytes).",
	                               BODY_LIMIT));
	return false;
}

static bool read_body(const struct model *model, struct request *request,
                      struct reply *reply)
{
	cleanup_complaint struct complaint complaint = {0};
	json_auto_t *json = NULL;
	json_error_t error;

	if (!body_arrived(request, reply))
		return false;
	json = json_loadb(request->body.data ? request->body.data : "", request->body.len,
	                  JSON_DECODE_ANY, &error);
	if (!json) {
		bad_syntax(reply, &error);
		return false;
	}
	request->json = model_read(model, json, &complaint);
	if (!request->json)
		bad_model(reply, &request->body, &complaint);
	return request->json;
}

void api_answer(struct api *api, struct request *request, struct reply *reply)
{
	const struct route *route;

	request_split(request);
	route = find_route(request);
	/* Also for a wrong method: there is no 405, except on this one resource. */
	if (!route && strcmp(request->path, "/exec") == 0)
		reply_empty(reply, 405);
	else if (!route)
		reply_empty(reply, 404);
	else if (!route->body || read_body(route->body, request, reply))
		route->handle(api, request, reply);
}
