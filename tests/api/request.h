/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* One request and its answer. */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "util.h"

struct request {
	const char *method;
	struct buf target; /* exactly as received */
	struct buf type;   /* Content-Type */
	struct buf body;   /* truncated after BODY_LIMIT + 1 bytes */
	size_t body_len;   /* as received */
	bool length_known; /* from Content-Length */
	char *path;        /* decoded */
	json_t *query;     /* name: last value */
	json_t *json;      /* the body, as the model of the route stores it */
};

/* The body limit of the real server, in bytes. */
#define BODY_LIMIT 2097152

/* Set path and query from the target. */
void request_split(struct request *request);
void request_done(struct request *request);

/* Look a query parameter up; NULL if absent. */
const char *request_query(const struct request *request, const char *name);

struct reply {
	int status;
	const char *type; /* Content-Type, NULL for none */
	char *body;
	size_t len;
};

#define TYPE_JSON             "application/json"
#define TYPE_PLAIN            "text/plain; charset=utf-8"
#define TYPE_APPLICATION_TEXT "application/text"

/* Each replaces the reply, and takes the body. */
void reply_empty(struct reply *reply, int status);
void reply_json(struct reply *reply, json_t *value);   /* 200; takes the value */
void reply_sorted(struct reply *reply, json_t *value); /* the same, members sorted */
void reply_body(struct reply *reply, int status, const char *type, char *body);
void reply_done(struct reply *reply);

/* The handlers of the real server send errors without a Content-Type. Its framework,
 * which rejects bad bodies, sends text/plain. */
void reply_error(struct reply *reply, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
