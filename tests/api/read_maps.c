/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Maps and lists that the real server stores in another form than it reads. */
#include <string.h>

#include "model_macros.h"
#include "read.h"
#include "text.h"
#include "value.h"

json_t *read_buffered(const struct model *model, const struct buf *text, struct de *de)
{
	cleanup_complaint struct complaint complaint = {0};
	struct de inner = {.text = text->data, .len = text->len, .complaint = &complaint};
	json_t *out = model_read(model, &inner);

	if (!out)
		de_reject(de, text_copy(complaint.text));
	return out;
}

/* A single taint is checked by hand, so its complaint lacks the usual introduction. */
static json_t *single_taint(const struct model *model, const struct buf *text,
                            struct de *de)
{
	static const char lead[] = "Unable to deserialize into KubernetesTaintValue: ";
	json_t *taint = read_buffered(model, text, de);

	if (taint)
		return json_pack("[o]", taint);
	if (begins(de->complaint->text, lead))
		de_reject(de, text_copy(de->complaint->text + strlen(lead)));
	return NULL;
}

static json_t *one_key_of_taints(const struct model *model, struct de *de)
{
	const struct model list = LIST(model->of);
	struct buf text = {0};
	int c = de_peek(de);
	json_t *taints = NULL;

	if (!value_compact(de, &text))
		taints = NULL;
	else if (c == '"')
		taints = single_taint(model->of, &text, de);
	else if (c != '[')
		de_reject(de, text_copy("unsupported taint value type"));
	else if (strcmp(text.data, "[]") == 0)
		de_reject(de, text_copy("empty taint value"));
	else
		taints = read_buffered(&list, &text, de);
	buf_done(&text);
	return taints;
}

json_t *read_taints(const struct model *model, struct de *de)
{
	json_t *out, *taints;
	enum step step = STEP_END;
	bool first = true, good = true;

	if (de_peek(de) != '{')
		return read_mismatch(de, "TOML table");
	if (!de_enter(de))
		return NULL;
	out = json_object();
	while (good && (step = de_key(de, &first)) == STEP_ITEM) {
		struct buf key = {0};

		taints = read_key(model->text, de, &key) ? one_key_of_taints(model, de)
		                                         : NULL;
		good = taints && !json_object_set_new(out, key.data, taints);
		buf_done(&key);
	}
	return read_leave(de, '}', good && step == STEP_END, out);
}

json_t *read_mirrors(const struct model *model, struct de *de)
{
	static const struct model endpoints = LIST(&model_url);
	static const struct model map = MAP(&text_line, &endpoints);
	const struct model list = LIST(model->of);
	json_auto_t *found = NULL;
	const char *registry;
	json_t *out, *urls;

	switch (de_peek(de)) {
	case '[': return model_read(&list, de);
	case '{': break;
	default: return read_mismatch(de, "TOML array or TOML table");
	}
	found = model_read(&map, de);
	if (!found)
		return NULL;
	out = json_array();
	json_object_foreach(found, registry, urls)
		json_array_append_new(out, json_pack("{s:s,s:O}", "registry", registry,
		                                     "endpoint", urls));
	return out;
}

/* The unknown members of a reservation are kept as text until the known one is there. */
static json_t *reserved(const struct model *model, json_t *texts, struct de *de)
{
	json_t *out = json_object(), *text, *value = NULL;
	const char *key;

	json_object_foreach(texts, key, text) {
		struct buf name = {.data = text_copy(key), .len = strlen(key)};
		struct buf copy = {.data = text_copy(json_string_value(text)),
		                   .len = json_string_length(text)};

		value = text_fits(model->text, &name, de)
		                ? read_buffered(model->of, &copy, de)
		                : NULL;
		buf_done(&name);
		buf_done(&copy);
		if (!value) {
			json_decref(out);
			return NULL;
		}
		json_object_set_new(out, key, value);
	}
	return out;
}

static bool read_entry(struct de *de, json_t **enabled, json_t *texts)
{
	struct buf key = {0}, text = {0};
	bool good = de_string(de, &key) && de_colon(de);

	if (good && strcmp(key.data, "enabled") == 0) {
		json_decref(*enabled);
		*enabled = model_read(&model_boolean, de);
		good = *enabled;
	} else if (good) {
		good = value_compact(de, &text) &&
		       !json_object_set_new(texts, key.data, json_string(text.data));
	}
	buf_done(&key);
	buf_done(&text);
	return good;
}

json_t *read_reservation(const struct model *model, struct de *de)
{
	json_auto_t *texts = json_object();
	json_t *enabled = NULL, *out = NULL;
	enum step step = STEP_END;
	bool first = true, good = true;

	if (de_peek(de) != '{')
		return read_mismatch(de, "struct KubernetesMemoryReservation");
	if (!de_enter(de))
		return NULL;
	while (good && (step = de_key(de, &first)) == STEP_ITEM)
		good = read_entry(de, &enabled, texts);
	good = good && step == STEP_END;
	if (good && !enabled)
		good = de_reject(de, text_copy("missing field `enabled`"));
	if (good)
		out = reserved(model, texts, de);
	if (out)
		json_object_set(out, "enabled", enabled);
	json_decref(enabled);
	return read_leave(de, '}', out, out);
}
