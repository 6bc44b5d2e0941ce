/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "api.h"
#include "request.h"
#include "store.h"

static void get_transaction(struct api *api, const struct request *request,
                            struct reply *reply)
{
	cleanup_text char *tx = api_transaction(request);

	reply_sorted(reply, api_or_empty(store_pending(api->store, tx)));
}

static void delete_transaction(struct api *api, const struct request *request,
                               struct reply *reply)
{
	cleanup_text char *tx = api_transaction(request);
	cleanup_text char *why = NULL;
	json_t *keys = store_delete(api->store, tx, &why);

	if (keys)
		reply_json(reply, keys);
	else
		reply_error(reply, 500, "%s", why);
}

static void list_transactions(struct api *api, const struct request *request,
                              struct reply *reply)
{
	(void)request;
	reply_json(reply, store_transactions(api->store));
}

static void commit(struct api *api, const struct request *request, struct reply *reply,
                   bool apply)
{
	cleanup_text char *tx = api_transaction(request);
	cleanup_text char *why = NULL;
	json_t *keys = store_commit(api->store, tx, api->kit, &why);

	if (!keys) {
		reply_error(reply, 500, "%s", why);
		return;
	}
	if (!json_array_size(keys)) {
		json_decref(keys);
		reply_error(reply, 422, "Tried to commit with no pending changes");
		return;
	}
	api_save(api);
	if (apply)
		api_apply(api, keys);
	reply_json(reply, keys);
}

static void post_commit(struct api *api, const struct request *request,
                        struct reply *reply)
{
	commit(api, request, reply, false);
}

static void post_commit_and_apply(struct api *api, const struct request *request,
                                  struct reply *reply)
{
	commit(api, request, reply, true);
}

/* Without keys everything is applied. */
static json_t *keys_to_apply(const struct api *api, const char *text)
{
	cleanup_text char *copy = text_copy(text ? text : "");
	json_t *keys;
	char *rest = copy;
	char *key;

	if (!text)
		return store_names(api->store, "settings.");
	keys = json_array();
	while ((key = strsep(&rest, ",")))
		json_array_append_new(keys, json_string(key));
	return keys;
}

static void post_apply(struct api *api, const struct request *request,
                       struct reply *reply)
{
	const char *text = request_query(request, "keys");
	json_auto_t *keys = NULL;

	if (text && api_empty_input("keys", text, reply))
		return;
	keys = keys_to_apply(api, text);
	api_apply(api, keys);
	/* A bug of the real handler: "no content", followed by the word null. */
	reply_body(reply, 204, TYPE_JSON, text_copy("null"));
}

const struct route transaction_routes[] = {
	{"GET", "/tx", get_transaction, NULL},
	{"DELETE", "/tx", delete_transaction, NULL},
	{"GET", "/tx/list", list_transactions, NULL},
	{"POST", "/tx/commit", post_commit, NULL},
	{"POST", "/tx/apply", post_apply, NULL},
	{"POST", "/tx/commit_and_apply", post_commit_and_apply, NULL},
	{0},
};
