/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_API_ASK_H
#define HOST_HOST_API_ASK_H

/*
 * One exchange with the API that is to succeed, for the files host_api*.c alone: with
 * patience where the server was certainly not reached or did nothing, and within the
 * host's deadline.
 */

#include "doc/node.h"
#include "host/host.h"
#include "host/host_api_http.h"

struct host_api {
	const struct host *host;
	struct host_api_http *http;
	struct host grace; /* its deadline is the end of the clean-up, once that began */
};

/*
 * Exchange, and take an answer of another status than 2xx for a failure: -EREMOTEIO,
 * "PATCH /settings: 400: <what it said>"; answer->status is set.
 */
int host_api_ask(struct host_api *a, const struct host_api_call *call,
                 struct host_api_answer *answer, struct err *e);

/* The same for what was begun and is not to be left behind: 3 s for all of it. */
int host_api_clean_up(struct host_api *a, const struct host_api_call *call,
                      struct host_api_answer *answer, struct err *e);

/*
 * The body of an answer as a tree of `type`, owned by the caller. -EBADMSG if it is
 * none, or one of more than HOST_API_VALUES_MAX values.
 */
int host_api_read(const struct host_api_call *call, const struct host_api_answer *answer,
                  enum node_type type, struct node **ret, struct err *e);

#endif
