/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reads JSON by a model, with the complaints of the real server. */
#include <string.h>

#include "read.h"
#include "text.h"
#include "util.h"
#include "value.h"

/* The words serde has for the value that is next; NULL on a syntax error. */
static char *describe(struct de *de)
{
	struct buf text = {0};
	struct number number;
	char *words = NULL;
	int c = de_peek(de);

	switch (c) {
	case -1: de_fail_next(de, "EOF while parsing a value"); return NULL;
	case '{': return text_copy("map");
	case '[': return text_copy("sequence");
	case 'n': return de_word(de, "null") ? text_copy("null") : NULL;
	case 't': return de_word(de, "true") ? text_copy("boolean `true`") : NULL;
	case 'f': return de_word(de, "false") ? text_copy("boolean `false`") : NULL;
	case '"':
		if (de_string(de, &text)) {
			cleanup_text char *quoted = text_debug(text.data);

			words = text_format("string %s", quoted);
		}
		buf_done(&text);
		return words;
	default: break;
	}
	if (c == '-' || (c >= '0' && c <= '9'))
		return de_number(de, &number) ? number_describe(&number) : NULL;
	de_fail_next(de, "expected value");
	return NULL;
}

json_t *read_mismatch(struct de *de, const char *what)
{
	cleanup_text char *found = describe(de);

	if (found) {
		de_reject(de, text_format("invalid type: %s, expected %s", found, what));
		de_place(de);
	}
	return NULL;
}

json_t *read_no_variant(struct de *de, const char *type)
{
	de_reject(de, text_format("data did not match any variant of untagged enum %s",
	                          type));
	return NULL;
}

json_t *read_leave(struct de *de, char bracket, bool good, json_t *out)
{
	if (de_leave(de, bracket, good))
		return out;
	json_decref(out);
	return NULL;
}

bool read_key(const struct text *rule, struct de *de, struct buf *key)
{
	return de_string(de, key) && text_fits(rule, key, de) && de_colon(de);
}

static json_t *read_string(const struct model *model, struct de *de)
{
	struct buf text = {0};
	json_t *out = NULL;

	if (de_peek(de) != '"')
		return read_mismatch(de, "a string");
	if (de_string(de, &text) && text_fits(model->text, &text, de))
		out = text_stored(model->text, &text);
	buf_done(&text);
	return out;
}

/* Unlike a string, an enum rejects a wrong word as soon as it is read. */
static json_t *read_enum(const struct model *model, struct de *de)
{
	json_t *out;

	if (de_peek(de) != '"') {
		de_fail_next(de, "expected value");
		return NULL;
	}
	out = read_string(model, de);
	if (!out)
		de_place(de);
	return out;
}

static json_t *read_bool(const struct model *model, struct de *de)
{
	int c = de_peek(de);

	(void)model;
	if (c != 't' && c != 'f')
		return read_mismatch(de, "a boolean");
	return de_word(de, c == 't' ? "true" : "false") ? json_boolean(c == 't') : NULL;
}

static json_t *read_integer(const struct model *model, struct de *de)
{
	cleanup_text char *found = NULL;
	struct number number;
	int c = de_peek(de);

	if (c != '-' && (c < '0' || c > '9'))
		return read_mismatch(de, model->type);
	if (!de_number(de, &number))
		return NULL;
	if (number.kind == NUMBER_INTEGER && number.integer >= model->min &&
	    number.integer <= model->max) {
		if (!model->natural || number.integer >= 0)
			return json_integer(number.integer);
		de_reject(de, text_copy("number must be great than or equal to 0"));
		return NULL;
	}
	found = number_describe(&number);
	de_reject(de, text_format("invalid %s: %s, expected %s",
	                          number.kind == NUMBER_REAL ? "type" : "value", found,
	                          model->type));
	de_place(de);
	return NULL;
}

static json_t *read_list(const struct model *model, struct de *de)
{
	json_t *out, *element;
	enum step step = STEP_END;
	bool first = true, good = true;

	if (de_peek(de) != '[')
		return read_mismatch(de, "a sequence");
	if (!de_enter(de))
		return NULL;
	out = json_array();
	while (good && (step = de_element(de, &first)) == STEP_ITEM) {
		element = model_read(model->of, de);
		good = element && !json_array_append_new(out, element);
	}
	return read_leave(de, ']', good && step == STEP_END, out);
}

static json_t *read_map(const struct model *model, struct de *de)
{
	json_t *out, *value;
	enum step step = STEP_END;
	bool first = true, good = true;

	if (de_peek(de) != '{')
		return read_mismatch(de, "a map");
	if (!de_enter(de))
		return NULL;
	out = json_object();
	while (good && (step = de_key(de, &first)) == STEP_ITEM) {
		struct buf key = {0};

		value = read_key(model->text, de, &key) ? model_read(model->of, de)
		                                        : NULL;
		good = value && !json_object_set_new(out, key.data, value);
		buf_done(&key);
	}
	return read_leave(de, '}', good && step == STEP_END, out);
}

json_t *model_read(const struct model *model, struct de *de)
{
	static reader *const readers[SHAPE_COUNT] = {
		[SHAPE_STRING] = read_string,   [SHAPE_ENUM] = read_enum,
		[SHAPE_BOOL] = read_bool,       [SHAPE_INTEGER] = read_integer,
		[SHAPE_LIMIT] = read_limit,     [SHAPE_PERCENT] = read_percent,
		[SHAPE_IP] = read_ip,           [SHAPE_IPS] = read_ips,
		[SHAPE_COMMAND] = read_command, [SHAPE_LIST] = read_list,
		[SHAPE_TUPLE] = read_tuple,     [SHAPE_STRUCT] = read_struct,
		[SHAPE_MAP] = read_map,         [SHAPE_TAINTS] = read_taints,
		[SHAPE_MIRRORS] = read_mirrors, [SHAPE_RESERVATION] = read_reservation,
	};

	return readers[model->shape](model, de);
}

/* "WHY at line L column C", for a complaint about this text. */
static char *locate(const struct complaint *complaint, const char *text)
{
	size_t line = 1, column = 0;

	for (size_t i = 0; i < complaint->at; i++) {
		column = text[i] == '\n' ? 0 : column + 1;
		line += text[i] == '\n';
	}
	return text_format("%s at line %zu column %zu", complaint->text, line, column);
}

json_t *model_parse(const struct model *model, const char *text, size_t len,
                    char **ret_why)
{
	cleanup_complaint struct complaint complaint = {0};
	struct de de = {.text = text, .len = len, .complaint = &complaint};
	struct buf compact = {0};
	json_t *out = NULL;

	if (model->via_value) {
		if (!value_compact(&de, &compact) || !de_end(&de)) {
			*ret_why = locate(&complaint, text);
			buf_done(&compact);
			return NULL;
		}
		de = (struct de){.text = compact.data,
		                 .len = compact.len,
		                 .complaint = &complaint};
	}
	out = model_read(model, &de);
	if (!out || !de_end(&de)) {
		de_place(&de);
		*ret_why = locate(&complaint, de.text);
		json_decref(out);
		out = NULL;
	}
	buf_done(&compact);
	return out;
}
