/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "api.h"
#include "model.h"
#include "request.h"
#include "store.h"

/* Once locked down, the key to the store's file system is gone. */
bool api_locked(const struct api *api, const char *op, struct reply *reply)
{
	if (api->lockdown)
		reply_error(reply, 500,
		            "Data store error during %s: IO error on "
		            "'/var/lib/bottlerocket/datastore/current/live': Required "
		            "key not available (os error 126)",
		            op);
	return api->lockdown;
}

static void get_picked(const struct api *api, const char *keys, struct reply *reply)
{
	cleanup_text char *copy = text_copy(keys);
	json_auto_t *flat = json_object();
	json_auto_t *tree = NULL;
	char *rest = copy;
	char *key;

	if (api_empty_input("keys", keys, reply))
		return;
	while ((key = strsep(&rest, ","))) {
		cleanup_text char *why = NULL;
		int status = store_pick(api->store, key, flat, &why);

		if (status) {
			reply_error(reply, status, "%s", why);
			return;
		}
	}
	tree = store_tree(flat, "settings.");
	reply_json(reply, api_or_empty(json_incref(json_object_get(tree, "settings"))));
}

static void get_settings(struct api *api, const struct request *request,
                         struct reply *reply)
{
	const char *keys = request_query(request, "keys");
	const char *prefix = request_query(request, "prefix");
	cleanup_text char *full = NULL;

	if (api_locked(api, keys ? "get_key" : "get_prefix", reply))
		return;
	if (keys) {
		get_picked(api, keys, reply);
		return;
	}
	if (prefix && api_empty_input("prefix", prefix, reply))
		return;
	if (!prefix)
		prefix = "settings.";
	full = text_format("%s%s", begins(prefix, "settings") ? "" : "settings.", prefix);
	reply_json(reply, api_or_empty(store_branch(api->store, "settings", full)));
}

void api_patch(struct api *api, const struct request *request, json_t *settings,
               struct reply *reply)
{
	cleanup_text char *why = NULL;

	if (api_locked(api, "set_keys", reply))
		return;
	if (store_patch(api->store, api_transaction(request), settings, &why))
		reply_empty(reply, 204);
	else
		reply_error(reply, 500, "%s", why);
}

static void patch_settings(struct api *api, const struct request *request,
                           struct reply *reply)
{
	api_patch(api, request, request->json, reply);
}

const struct route settings_routes[] = {
	{"GET", "/settings", get_settings, NULL},
	{"PATCH", "/settings", patch_settings, &settings_model},
	{0},
};
