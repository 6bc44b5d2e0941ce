/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/os.h"

#include "bottlerocket/api.h"
#include "bottlerocket/request.h"
#include "doc/node.h"
#include "host/recorded.h"

static int ask_os(const struct host *h, struct node **ret, struct err *e)
{
	const struct api_call call = {.method = "GET", .path = "/os"};
	_answer_ struct api_answer answer = {0};
	struct api *api = NULL;
	int r = api_open(h, &api, e);

	if (r == 0)
		r = api_request(api, &call, &answer, e);
	if (r == 0)
		r = api_request_body(&call, &answer, NODE_MAP, ret, e);
	api_free(api);
	return r;
}

int api_os(const struct host *h, struct node **ret, struct err *e)
{
	const struct node *known;
	int r = recorded_get(h, "api", "os", &known, e);

	if (r > 0)
		*ret = node_copy(known);
	if (r != 0)
		return r < 0 ? r : 0;
	r = ask_os(h, ret, e);
	return recorded_put(h, "api", "os", r, e,
	                    r == 0 && h->record ? node_copy(*ret) : NULL);
}
