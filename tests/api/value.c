/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stdlib.h>
#include <string.h>

#include "value.h"

struct entry {
	struct buf key;
	struct buf value;
	size_t order; /* position in the text: the last of two equals wins */
};

struct entries {
	struct entry *list;
	size_t n;
};

static void entries_done(struct entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		buf_done(&entries->list[i].key);
		buf_done(&entries->list[i].value);
	}
	free(entries->list);
}

static struct entry *entries_add(struct entries *entries)
{
	struct entry *grown =
		realloc(entries->list, (entries->n + 1) * sizeof(*entries->list));

	if (!grown)
		die("out of memory");
	entries->list = grown;
	grown[entries->n] = (struct entry){.order = entries->n};
	return &grown[entries->n++];
}

static int by_key(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	size_t len = a->key.len < b->key.len ? a->key.len : b->key.len;
	int order = memcmp(a->key.data, b->key.data, len);

	if (!order)
		order = (a->key.len > b->key.len) - (a->key.len < b->key.len);
	return order ? order : (a->order > b->order) - (a->order < b->order);
}

static bool same_key(const struct entry *a, const struct entry *b)
{
	return a->key.len == b->key.len &&
	       memcmp(a->key.data, b->key.data, a->key.len) == 0;
}

void value_add_string(struct buf *out, const char *text, size_t len)
{
	static const char bytes[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";

	buf_add(out, "\"", 1);
	for (size_t i = 0; i < len; i++) {
		const char *special = text[i] ? strchr(bytes, text[i]) : NULL;
		char escape[8];

		if (special)
			snprintf(escape, sizeof(escape), "\\%c", names[special - bytes]);
		else if ((unsigned char)text[i] < 0x20)
			snprintf(escape, sizeof(escape), "\\u%04x",
			         (unsigned int)text[i]);
		else
			snprintf(escape, sizeof(escape), "%c", text[i]);
		buf_add(out, escape, strlen(escape));
	}
	buf_add(out, "\"", 1);
}

static void write_object(struct entries *entries, struct buf *out)
{
	bool first = true;

	if (entries->n)
		qsort(entries->list, entries->n, sizeof(*entries->list), by_key);
	buf_add(out, "{", 1);
	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *entry = &entries->list[i];

		if (i + 1 < entries->n && same_key(entry, entry + 1))
			continue;
		buf_add(out, ",", !first);
		value_add_string(out, entry->key.data, entry->key.len);
		buf_add(out, ":", 1);
		buf_add(out, entry->value.data, entry->value.len);
		first = false;
	}
	buf_add(out, "}", 1);
}

static bool read_object(struct de *de, struct buf *out)
{
	struct entries entries = {0};
	bool first = true, good = true;
	enum step step = STEP_END;

	if (!de_enter(de))
		return false;
	while (good && (step = de_key(de, &first)) == STEP_ITEM) {
		struct entry *entry = entries_add(&entries);

		good = de_string(de, &entry->key) && de_colon(de) &&
		       value_compact(de, &entry->value);
	}
	good = de_leave(de, '}', good && step == STEP_END);
	if (good)
		write_object(&entries, out);
	entries_done(&entries);
	return good;
}

static bool read_list(struct de *de, struct buf *out)
{
	bool first = true, good = true, comma = false;
	enum step step = STEP_END;

	if (!de_enter(de))
		return false;
	buf_add(out, "[", 1);
	while (good && (step = de_element(de, &first)) == STEP_ITEM) {
		buf_add(out, ",", comma);
		comma = true;
		good = value_compact(de, out);
	}
	buf_add(out, "]", 1);
	return de_leave(de, ']', good && step == STEP_END);
}

static bool read_string(struct de *de, struct buf *out)
{
	struct buf text = {0};
	bool good = de_string(de, &text);

	if (good)
		value_add_string(out, text.data, text.len);
	buf_done(&text);
	return good;
}

static bool read_number(struct de *de, struct buf *out)
{
	struct number number;
	cleanup_text char *text = NULL;

	if (!de_number(de, &number))
		return false;
	text = number_text(&number);
	buf_add(out, text, strlen(text));
	return true;
}

static bool read_word(struct de *de, const char *word, struct buf *out)
{
	buf_add(out, word, strlen(word));
	return de_word(de, word);
}

bool value_compact(struct de *de, struct buf *out)
{
	int c = de_peek(de);

	switch (c) {
	case -1: return de_fail_next(de, "EOF while parsing a value");
	case '{': return read_object(de, out);
	case '[': return read_list(de, out);
	case '"': return read_string(de, out);
	case 'n': return read_word(de, "null", out);
	case 't': return read_word(de, "true", out);
	case 'f': return read_word(de, "false", out);
	default: break;
	}
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(de, out);
	return de_fail_next(de, "expected value");
}

bool value_skip(struct de *de)
{
	struct buf dropped = {0};
	bool good = value_compact(de, &dropped);

	buf_done(&dropped);
	return good;
}
