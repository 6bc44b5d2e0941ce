/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Changes in the form k=v, as `apiclient set` sends them. */
#include "api.h"
#include "key.h"
#include "model.h"
#include "request.h"

/* The real server guesses the type from the text alone: "10" is never a string. */
static json_t *guess(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
	double number;

	if (json_is_boolean(value) || json_is_real(value) ||
	    (json_is_integer(value) && json_integer_value(value) >= 0))
		return value;
	if (!json_is_integer(value)) {
		json_decref(value);
		return json_string(text);
	}
	number = (double)json_integer_value(value);
	json_decref(value);
	return json_real(number);
}

/* Add one "key=value" to the tree. Return: false with the reply set if it is invalid. */
static bool add_pair(json_t *tree, const char *pair, struct reply *reply)
{
	const char *equal = strchr(pair, '=');
	cleanup_text char *key = NULL;
	cleanup_text char *why = NULL;
	json_auto_t *segments = NULL;
	json_t *node = tree;
	json_t *segment;
	size_t i;

	if (!equal) {
		reply_error(reply, 400, "Failed to split the string: %s", pair);
		return false;
	}
	key = text_format("%.*s", (int)(equal - pair), pair);
	segments = key_split(key, &why);
	if (!segments) {
		reply_error(reply, 400, "Prefix '%s' is not a valid key: %s", key, why);
		return false;
	}
	if (strcmp(json_string_value(json_array_get(segments, 0)), "settings") == 0)
		json_array_remove(segments, 0);
	json_array_foreach(segments, i, segment) {
		bool last = i + 1 == json_array_size(segments);
		const char *name = json_string_value(segment);

		if (last || !json_is_object(json_object_get(node, name)))
			json_object_set_new(node, name,
			                    last ? guess(equal + 1) : json_object());
		node = json_object_get(node, name);
	}
	return true;
}

static void patch_pairs(struct api *api, const struct request *request,
                        struct reply *reply)
{
	json_t *pairs = json_object_get(request->json, "request_payload");
	cleanup_text char *text = NULL;
	cleanup_text char *why = NULL;
	json_auto_t *settings = NULL;
	json_auto_t *tree = json_object();
	json_t *pair;
	size_t i;

	json_array_foreach(pairs, i, pair)
		if (!add_pair(tree, json_string_value(pair), reply))
			return;
	text = json_dumps(tree, JSON_COMPACT);
	settings = model_parse(&settings_model, text, strlen(text), &why);
	if (settings)
		api_patch(api, request, settings, reply);
	else
		reply_error(reply, 400,
		            "Unable to match your input to the data model.  We may not "
		            "have enough type information.  Please try the --json input "
		            "form.  Cause: Error during deserialization: %s",
		            why);
}

const struct route keypair_routes[] = {
	{"PATCH", "/settings/keypair", patch_pairs, &keypair_model},
	{0},
};
