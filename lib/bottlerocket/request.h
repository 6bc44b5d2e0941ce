/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_REQUEST_H
#define BOTTLEROCKET_REQUEST_H

/*
 * One exchange with the API that must succeed; only for api*.c. Retries while the
 * server was certainly not reached or did nothing, within the host's deadline.
 */

#include "bottlerocket/http.h"
#include "doc/node.h"
#include "host/host.h"

/*
 * A tree with more values is rejected, which keeps memory below 16 MiB. Nodes have about
 * 100.
 */
#define API_VALUES_MAX 4096

/*
 * A deeper tree is rejected. Settings have 5 levels; a captured one must fit in a profile
 * (NODE_YAML_DEPTH_MAX), below the key "settings".
 */
#define API_DEPTH_MAX 24

struct api {
	const struct host *host;
	struct api_http *http;
	int timeout_ms;        /* of each request; 0: 60 s */
	struct deadline grace; /* the clean-up's, once it has started */
	/* what is being sent, borrowed: an error may quote its secrets; NULL: nothing */
	const struct node *sending;
};

/*
 * Send a request. A status other than 2xx is an error: -EREMOTEIO, "PATCH /settings: 400:
 * <the server's message>"; answer->status is set.
 */
int api_request(struct api *a, const struct api_call *call, struct api_answer *answer,
                struct err *e);

/*
 * The same for clean-up: all calls that follow one api_request() together get 3 s, even
 * after the deadline.
 */
int api_request_cleanup(struct api *a, const struct api_call *call,
                        struct api_answer *answer, struct err *e);

/*
 * Parse the body of a response as a tree of `type`, owned by the caller. -EBADMSG if it
 * is not such a tree, has more than API_VALUES_MAX values, or is deeper than
 * API_DEPTH_MAX.
 */
int api_request_body(const struct api_call *call, const struct api_answer *answer,
                     enum node_type type, struct node **ret, struct err *e);

#endif
