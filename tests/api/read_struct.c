/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Structs, which serde reads from an object or from a list, and tuples. */
#include <string.h>

#include "read.h"
#include "text.h"
#include "util.h"
#include "value.h"

#define MEMBERS_MAX 64

static bool is_called(const struct member *member, const char *name)
{
	return strcmp(member->name, name) == 0 ||
	       (member->alias && strcmp(member->alias, name) == 0);
}

static const struct member *find_member(const struct model *model, const char *name)
{
	for (size_t i = 0; i < model->n_members; i++)
		if (is_called(&model->members[i], name))
			return &model->members[i];
	return NULL;
}

/* The names of one member are sorted, the members are not. */
static size_t list_names(const struct model *model, const char **names)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_members; i++) {
		const struct member *member = &model->members[i];
		bool alias_first =
			member->alias && strcmp(member->alias, member->name) < 0;

		if (alias_first)
			names[n++] = member->alias;
		names[n++] = member->name;
		if (member->alias && !alias_first)
			names[n++] = member->alias;
	}
	return n;
}

static bool reject_name(const struct model *model, const char *name, struct de *de)
{
	const char *names[2 * MEMBERS_MAX];
	cleanup_text char *list = text_expected(names, list_names(model, names));

	return de_reject(de, text_format("unknown field `%s`, expected %s", name, list));
}

static bool read_member(const struct member *member, struct de *de, json_t *out)
{
	json_t *value;

	if (!member->required && !member->strict && de_peek(de) == 'n')
		return de_word(de, "null");
	value = model_read(member->model, de);
	return value &&
	       !json_object_set_new(out, member->stored ? member->stored : member->name,
	                            value);
}

static bool read_named(const struct model *model, const char *name, struct de *de,
                       bool *seen, json_t *out)
{
	const struct member *member = find_member(model, name);

	if (!member)
		return model->open ? de_colon(de) && value_skip(de)
		                   : reject_name(model, name, de);
	if (seen[member - model->members])
		return de_reject(de, text_format("duplicate field `%s`", member->name));
	seen[member - model->members] = true;
	return de_colon(de) && read_member(member, de, out);
}

static bool is_complete(const struct model *model, const bool *seen, struct de *de)
{
	for (size_t i = 0; i < model->n_members; i++)
		if (model->members[i].required && !seen[i])
			return de_reject(de, text_format("missing field `%s`",
			                                 model->members[i].name));
	return true;
}

static json_t *from_object(const struct model *model, struct de *de)
{
	bool seen[MEMBERS_MAX] = {false}, first = true, good = true;
	enum step step = STEP_END;
	json_t *out = json_object();

	while (good && (step = de_key(de, &first)) == STEP_ITEM) {
		struct buf name = {0};

		good = de_string(de, &name) &&
		       read_named(model, name.data, de, seen, out);
		buf_done(&name);
	}
	good = good && step == STEP_END && is_complete(model, seen, de);
	return read_leave(de, '}', good, out);
}

static bool reject_length(struct de *de, size_t n, const char *what)
{
	return de_reject(de, text_format("invalid length %zu, expected %s", n, what));
}

static json_t *from_list(const struct model *model, struct de *de)
{
	cleanup_text char *what =
		text_format("struct %s with %zu element%s", model->type, model->n_members,
	                    model->n_members == 1 ? "" : "s");
	json_t *out = json_object();
	bool first = true, good = true;

	for (size_t i = 0; good && i < model->n_members; i++) {
		enum step step = de_element(de, &first);

		good = step == STEP_ITEM && read_member(&model->members[i], de, out);
		if (step == STEP_END)
			reject_length(de, i, what);
	}
	return read_leave(de, ']', good, out);
}

json_t *read_struct(const struct model *model, struct de *de)
{
	int c = de_peek(de);

	if (c != '{' && c != '[') {
		cleanup_text char *what = text_format("struct %s", model->type);

		return read_mismatch(de, what);
	}
	if (!de_enter(de))
		return NULL;
	return c == '{' ? from_object(model, de) : from_list(model, de);
}

json_t *read_tuple(const struct model *model, struct de *de)
{
	cleanup_text char *what = text_format("a tuple of size %zu", model->n_members);
	bool first = true, good = true;
	json_t *out;

	if (de_peek(de) != '[')
		return read_mismatch(de, what);
	if (!de_enter(de))
		return NULL;
	out = json_array();
	for (size_t i = 0; good && i < model->n_members; i++) {
		enum step step = de_element(de, &first);
		json_t *element = step == STEP_ITEM
		                          ? model_read(model->members[i].model, de)
		                          : NULL;

		good = element && !json_array_append_new(out, element);
		if (step == STEP_END)
			reject_length(de, i, what);
	}
	return read_leave(de, ']', good, out);
}
