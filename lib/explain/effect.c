/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "explain/effect.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/packed.h"
#include "doc/node.h"

#include <stdbool.h>
#include <string.h>

#define COLUMNS 6
#define WIDTH   80

/* A row of effect.def. */
struct effect {
	const char *key, *profiles, *experiment, *measured, *ratio, *text;
};

static size_t effect_count(void)
{
	return packed_effects.n / COLUMNS;
}

static struct effect effect_at(size_t i)
{
	const char *const *t = packed_texts(&packed_effects) + i * COLUMNS;

	return (struct effect){t[0], t[1], t[2], t[3], t[4], t[5]};
}

static char *effect_text(const struct effect *e)
{
	if (!*e->experiment)
		return mem_format("source only: %s", e->text);
	return mem_format("%s times: %s (test VM; docs/effect.md, %s)", e->ratio, e->text,
	                  e->experiment);
}

void topic_set_effects(struct node *topic, const char *key)
{
	_node_ struct node *list = node_new(NODE_LIST);

	for (size_t i = 0; i < effect_count(); i++) {
		struct effect e = effect_at(i);
		_free_ char *said = effect_text(&e);
		_free_ char *text = mem_format("%s: %s", e.profiles, said);

		if (strcmp(e.key, key) == 0)
			node_append(list, node_new_text(text));
	}
	if (list->n > 0)
		node_set(topic, "measured", TAKE_PTR(list));
}

/* Whether a list of words, such as "a, b", has this one. */
static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; words; words = strchr(words, ' ')) {
		words += strspn(words, " ");
		if (strncmp(words, word, len) == 0 && (words[len] == ',' || !words[len]))
			return true;
	}
	return false;
}

/* Add a text as a comment of lines no wider than the screen, indented from the second on.
 */
static void add_wrapped(struct buf *ret, const char *text)
{
	size_t at = 0, len;

	for (; *text; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		if (at == 0 || at + 1 + len > WIDTH) {
			buf_add(ret, at == 0 ? "#" : "\n#  ");
			at = at == 0 ? 1 : 3;
		}
		buf_add(ret, " ");
		buf_add_n(ret, text, len);
		at += 1 + len;
	}
	buf_add(ret, "\n");
}

char *effects_comment(const char *profile)
{
	_buf_ struct buf text = {0};

	for (size_t i = 0; i < effect_count(); i++) {
		struct effect e = effect_at(i);
		_free_ char *said = effect_text(&e);
		_free_ char *line = mem_format("%s: %s", e.key, said);

		if (!has_word(e.profiles, profile))
			continue;
		if (text.len == 0)
			buf_add(&text,
			        "\n# Effects of these values, measured in a test VM on "
			        "Linux 6.1 and\n# 6.12 (docs/effect.md), or why there is "
			        "only a source:\n");
		add_wrapped(&text, line);
	}
	return text.len > 0 ? buf_take(&text) : NULL;
}
