/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <string.h>
#include <strings.h>

#include "api.h"
#include "model.h"
#include "request.h"
#include "store.h"

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

char *api_transaction(const struct request *request)
{
	json_t *tx = json_object_get(request->query, "tx");

	if (!tx)
		return text_copy("default");
	return store_encode(json_string_value(tx), json_string_length(tx));
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

/* The subtype or its suffix must be json: text/json passes too. */
static bool is_json(const char *type)
{
	const char *slash = type ? strchr(type, '/') : NULL;
	size_t len = slash ? strcspn(slash + 1, "; \t") : 0;

	if (len < 4 || strncasecmp(slash + 1 + len - 4, "json", 4) != 0)
		return false;
	return len == 4 || slash[len - 4] == '+';
}

/* Errors of the framework, which checks the body before any handler runs. */
static void bad_body(struct reply *reply, int status, char *text)
{
	reply_body(reply, status, TYPE_PLAIN, text);
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
	cleanup_text char *why = NULL;

	if (!body_arrived(request, reply))
		return false;
	request->json = model_parse(model, request->body.data ? request->body.data : "",
	                            request->body.len, &why);
	if (!request->json)
		bad_body(reply, 400, text_format("Json deserialize error: %s", why));
	return request->json;
}

void api_answer(struct api *api, struct request *request, struct reply *reply)
{
	const struct route *route;

	request_split(request);
	route = find_route(request);
	/* A wrong method is a 404 too, except on this one resource. */
	if (!route && strcmp(request->path, "/exec") == 0)
		reply_empty(reply, 405);
	else if (!route)
		reply_empty(reply, 404);
	else if (!route->body || read_body(route->body, request, reply))
		route->handle(api, request, reply);
}
