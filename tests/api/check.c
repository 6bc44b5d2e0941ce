/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reads JSON by a model, with the complaints that serde would make. */
#include <inttypes.h>
#include <regex.h>
#include <stdarg.h>
#include <string.h>

#include "model.h"
#include "util.h"

typedef json_t *reader(const struct model *model, json_t *in,
                       struct complaint *complaint);

void complaint_done(struct complaint *complaint)
{
	free(complaint->text);
	free(complaint->token);
	*complaint = (struct complaint){0};
}

/* Takes `text`. */
static json_t *refuse(struct complaint *complaint, char *text)
{
	complaint->text = text;
	return NULL;
}

/* The innermost member is the one to point at, so whoever comes first is right. */
static json_t *refuse_at(struct complaint *complaint, const char *token)
{
	if (!complaint->token)
		complaint->token = text_copy(token);
	return NULL;
}

static char *describe(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT: return text_copy("map");
	case JSON_ARRAY: return text_copy("sequence");
	case JSON_STRING: return text_format("string \"%s\"", json_string_value(value));
	case JSON_INTEGER:
		return text_format("integer `%" JSON_INTEGER_FORMAT "`",
		                   json_integer_value(value));
	case JSON_REAL: return text_format("floating point `%g`", json_real_value(value));
	case JSON_TRUE:
	case JSON_FALSE:
		return text_format("boolean `%s`",
		                   json_is_true(value) ? "true" : "false");
	case JSON_NULL:
	default: return text_copy("null");
	}
}

static json_t *expected(struct complaint *complaint, const json_t *value,
                        const char *what)
{
	cleanup_text char *found = describe(value);

	return refuse(complaint,
	              text_format("invalid type: %s, expected %s", found, what));
}

/* "expected `a`", "expected `a` or `b`", "expected one of `a`, `b`, `c`"; the names sit
 * `stride` bytes apart, so that members and words can share this. */
static json_t *unknown(struct complaint *complaint, const char *what, const char *name,
                       const void *names, size_t n, size_t stride)
{
	const char *joint = n == 2 ? " or " : ", ";
	struct buf list = {0};

	for (size_t i = 0; i < n; i++) {
		const char *const *entry =
			(const void *)((const char *)names + i * stride);
		cleanup_text char *item = text_format("%s`%s`", i ? joint : "", *entry);

		buf_add(&list, item, strlen(item));
	}
	refuse(complaint, text_format("unknown %s `%s`, expected %s%s", what, name,
	                              n > 2 ? "one of " : "", list.data));
	buf_done(&list);
	return NULL;
}

static bool matches(const char *pattern, const char *text)
{
	regex_t regex;
	bool match;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		die("bad pattern in the model: %s", pattern);
	match = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return match;
}

static bool is_word(const struct text *rule, const char *text)
{
	for (size_t i = 0; i < rule->n_words; i++)
		if (strcmp(rule->words[i], text) == 0)
			return true;
	return false;
}

static bool text_fits(const struct text *rule, const char *text,
                      struct complaint *complaint)
{
	if (!rule)
		return true;
	if (rule->words && !is_word(rule, text)) {
		unknown(complaint, "variant", text, rule->words, rule->n_words,
		        sizeof(rule->words[0]));
		return false;
	}
	for (size_t i = 0; i < rule->n_checks; i++) {
		const struct check *check = &rule->checks[i];

		if (matches(check->pattern, text) != check->forbidden)
			continue;
		refuse(complaint,
		       text_format("Unable to deserialize into %s: %s%s%s", rule->type,
		                   check->before, text, check->after));
		return false;
	}
	return true;
}

static json_t *read_any(const struct model *model, json_t *in,
                        struct complaint *complaint)
{
	(void)model;
	(void)complaint;
	return json_incref(in);
}

static json_t *read_string(const struct model *model, json_t *in,
                           struct complaint *complaint)
{
	if (!json_is_string(in))
		return expected(complaint, in, "a string");
	if (!text_fits(model->text, json_string_value(in), complaint))
		return NULL;
	return json_incref(in);
}

static json_t *read_bool(const struct model *model, json_t *in,
                         struct complaint *complaint)
{
	(void)model;
	return json_is_boolean(in) ? json_incref(in)
	                           : expected(complaint, in, "a boolean");
}

static json_t *read_integer(const struct model *model, json_t *in,
                            struct complaint *complaint)
{
	(void)model;
	return json_is_integer(in) ? json_incref(in) : expected(complaint, in, "i32");
}

static json_t *bad_limit(struct complaint *complaint, const char *text)
{
	return refuse(complaint, text_format("Invalid rlimit %s, expected -1 to %" PRId64
	                                     " or \"unlimited\"",
	                                     text, INT64_MAX));
}

static json_t *read_limit(const struct model *model, json_t *in,
                          struct complaint *complaint)
{
	cleanup_text char *number = NULL;

	(void)model;
	if (json_is_string(in)) {
		if (strcmp(json_string_value(in), "unlimited") == 0)
			return json_integer(-1);
		return bad_limit(complaint, json_string_value(in));
	}
	if (!json_is_integer(in))
		return refuse(complaint, text_copy("data did not match any variant of "
		                                   "untagged enum StringOrInt64"));
	if (json_integer_value(in) >= -1)
		return json_incref(in);
	number = text_format("%" JSON_INTEGER_FORMAT, json_integer_value(in));
	return bad_limit(complaint, number);
}

static json_t *read_list(const struct model *model, json_t *in,
                         struct complaint *complaint)
{
	json_auto_t *out = json_array();
	json_t *value;
	size_t i;

	if (!json_is_array(in))
		return expected(complaint, in, "a sequence");
	json_array_foreach(in, i, value) {
		json_t *element = model_read(model->of, value, complaint);

		if (!element)
			return NULL;
		json_array_append_new(out, element);
	}
	return json_incref(out);
}

static json_t *read_map(const struct model *model, json_t *in,
                        struct complaint *complaint)
{
	json_auto_t *out = json_object();
	const char *key;
	json_t *value;

	if (!json_is_object(in))
		return expected(complaint, in, "a map");
	json_object_foreach(in, key, value) {
		json_t *element;

		if (!text_fits(model->text, key, complaint))
			return refuse_at(complaint, key);
		element = model_read(model->of, value, complaint);
		if (!element)
			return refuse_at(complaint, key);
		json_object_set_new(out, key, element);
	}
	return json_incref(out);
}

static const struct member *find_member(const struct model *model, const char *name)
{
	for (size_t i = 0; i < model->n_members; i++)
		if (strcmp(model->members[i].name, name) == 0)
			return &model->members[i];
	return NULL;
}

static bool read_member(const struct model *model, const char *name, json_t *value,
                        json_t *out, struct complaint *complaint)
{
	const struct member *member = find_member(model, name);
	json_t *read;

	if (!member && !model->open)
		unknown(complaint, "field", name, &model->members[0].name,
		        model->n_members, sizeof(model->members[0]));
	if (!member)
		return model->open;
	if (json_is_null(value) && !member->required)
		return true;
	read = model_read(member->model, value, complaint);
	return read &&
	       !json_object_set_new(out, member->stored ? member->stored : name, read);
}

static json_t *read_struct(const struct model *model, json_t *in,
                           struct complaint *complaint)
{
	cleanup_text char *what = text_format("struct %s", model->type);
	json_auto_t *out = json_object();
	const char *name;
	json_t *value;

	if (!json_is_object(in))
		return expected(complaint, in, what);
	json_object_foreach(in, name, value)
		if (!read_member(model, name, value, out, complaint))
			return refuse_at(complaint, name);
	for (size_t i = 0; i < model->n_members; i++) {
		const struct member *member = &model->members[i];

		if (member->required && !json_object_get(out, member->name))
			return refuse(complaint,
			              text_format("missing field `%s`", member->name));
	}
	return json_incref(out);
}

json_t *model_read(const struct model *model, json_t *in, struct complaint *complaint)
{
	static reader *const readers[SHAPE_COUNT] = {
		[SHAPE_ANY] = read_any,       [SHAPE_STRING] = read_string,
		[SHAPE_BOOL] = read_bool,     [SHAPE_INTEGER] = read_integer,
		[SHAPE_LIMIT] = read_limit,   [SHAPE_LIST] = read_list,
		[SHAPE_STRUCT] = read_struct, [SHAPE_MAP] = read_map,
	};

	return readers[model->shape](model, in, complaint);
}
