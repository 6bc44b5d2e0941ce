/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "answer.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char type_json[] = "application/json";
static const struct type {
	const char *word, *type, *before;
} types[] = {
	{"json", type_json, ""},
	{"lines", "application/text", ""},
	{"plain", "text/plain; charset=utf-8", ""},
	{"serde", "text/plain; charset=utf-8", "Json deserialize error: "},
	{"none", NULL, ""},
};

static const struct type *find_type(const char *word, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strlen(types[i].word) == len && memcmp(types[i].word, word, len) == 0)
			return &types[i];
	return NULL;
}

void answer_set_body(struct answer *answer, const char *body)
{
	mem_set(&answer->body, mem_format("%s%s", answer->before, body));
}

int answer_set(struct answer *answer, const char *status, const char *type,
               const char *body, struct err *e)
{
	const char *word = type ? type : "none";
	const size_t len = strcspn(word, "~");
	const struct type *found = find_type(word, len);
	uint64_t number;

	if (num_u64(status, &number) < 0 || number < 100 || number > 999)
		return err_set(e, -EINVAL, "status \"%s\" is invalid", status);
	if (!found || (word[len] && strcmp(word + len, "~") != 0))
		return err_set(e, -EINVAL, "type \"%s\" is unknown", word);
	answer->status = (int)number;
	answer->type = found->type;
	answer->before = found->before;
	answer->any_order = word[len] == '~';
	answer_set_body(answer, body);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sort texts and join them to one. */
static char *join_sorted(char **list, size_t n)
{
	struct buf all = {0};

	qsort(list, n, sizeof(*list), by_text);
	for (size_t i = 0; i < n; i++)
		buf_addf(&all, "%s\n", list[i]);
	return buf_take(&all);
}

static char *normal_lines(const char *body)
{
	_free_ char *copy = mem_dup(body);
	_free_ char **list = NULL;
	char *rest = copy;
	size_t n = 0, cap = 0;

	while (rest) {
		list = mem_grow(list, &cap, n, sizeof(*list));
		list[n++] = strsep(&rest, "\n");
	}
	return join_sorted(list, n);
}

/* Return: the text of a value, with the members of each object sorted. */
static char *dump(const json_t *value)
{
	return json_dumps(value, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
}

/* Return: NULL if the body is not JSON. */
static char *normal_json(const char *body)
{
	const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES;
	json_auto_t *value = json_loads(body, flags, NULL);
	const size_t n = json_array_size(value);
	_free_ char **list = NULL;
	char *normal;

	if (!json_is_array(value))
		return value ? dump(value) : NULL;
	list = mem_new(n, sizeof(*list));
	for (size_t i = 0; i < n; i++)
		list[i] = dump(json_array_get(value, i));
	normal = join_sorted(list, n);
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	return normal;
}

/* Members of objects and elements of the outermost list, or lines, in any order. */
static bool same_in_any_order(const char *a, const char *b, bool json)
{
	_free_ char *normal_a = json ? normal_json(a) : normal_lines(a);
	_free_ char *normal_b = json ? normal_json(b) : normal_lines(b);

	return normal_a && normal_b && strcmp(normal_a, normal_b) == 0;
}

bool answer_matches(const struct answer *answer, const struct reply *reply)
{
	const char *expected = answer->type ? answer->type : "";

	if (answer->status != reply->status || !answer->type != !reply->type ||
	    strcmp(expected, reply->type ? reply->type : "") != 0)
		return false;
	if (answer->any_order)
		return same_in_any_order(answer->body, reply->body,
		                         answer->type == type_json);
	return strcmp(answer->body, reply->body) == 0;
}

void answer_done(struct answer *answer)
{
	free(answer->body);
	*answer = (struct answer){0};
}
