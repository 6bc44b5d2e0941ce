/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "api.h"
#include "model.h"
#include "request.h"
#include "store.h"

/* In lockdown the kernel no longer has the key of the store's file system. */
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

/* The server reads keys of other branches as if they were settings, and fails. */
static void reply_picked(json_t *tree, struct reply *reply)
{
	json_auto_t *settings =
		api_or_empty(json_incref(json_object_get(tree, "settings")));
	cleanup_text char *text = NULL;
	cleanup_text char *why = NULL;

	json_object_del(tree, "settings");
	json_object_update(settings, tree);
	if (!json_object_size(tree)) {
		reply_sorted(reply, json_incref(settings));
		return;
	}
	text = json_dumps(settings, JSON_COMPACT);
	json_decref(model_parse(&settings_model, text, strlen(text), &why));
	reply_error(reply, 500,
	            "Error deserializing given keys: Error during deserialization: %s ",
	            why ? why : "");
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
	tree = store_tree(flat, "");
	reply_picked(tree, reply);
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
	reply_sorted(reply, api_or_empty(store_branch(api->store, "settings", full)));
}

void api_patch(struct api *api, const struct request *request, json_t *settings,
               struct reply *reply)
{
	cleanup_text char *tx = api_transaction(request);
	cleanup_text char *why = NULL;
	const char *strength = request_query(request, "strength");
	bool weak = api->kit >= 600 && strength && strcmp(strength, "weak") == 0;

	if (api_locked(api, "set_keys", reply))
		return;
	if (store_patch(api->store, tx, settings, weak, &why))
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
