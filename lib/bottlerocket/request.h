/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_REQUEST_H
#define BOTTLEROCKET_REQUEST_H

/*
 * One exchange with the API that is to succeed, for the files api*.c alone: with
 * patience where the server was certainly not reached or did nothing, and within the
 * host's deadline.
 */

#include "bottlerocket/http.h"
#include "doc/node.h"
#include "host/host.h"

/* A tree of more values is no answer: memory stays below 16 MiB. Nodes have some 100. */
#define API_VALUES_MAX 4096

struct api {
	const struct host *host;
	struct api_http *http;
	struct deadline grace; /* of the clean-up, once that began */
};

/*
 * Exchange, and take an answer of another status than 2xx for a failure: -EREMOTEIO,
 * "PATCH /settings: 400: <what it said>"; answer->status is set.
 */
int api_request(struct api *a, const struct api_call *call, struct api_answer *answer,
                struct err *e);

/* The same for what was begun and is not to be left behind: 3 s for all of it. */
int api_request_cleanup(struct api *a, const struct api_call *call,
                        struct api_answer *answer, struct err *e);

/*
 * The body of an answer as a tree of `type`, owned by the caller. -EBADMSG if it is
 * none, or one of more than API_VALUES_MAX values.
 */
int api_request_body(const struct api_call *call, const struct api_answer *answer,
                     enum node_type type, struct node **ret, struct err *e);

#endif
