/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/reason.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "resource/kind.h"
#include "storage/block/disk_reason.h"
#include "test.h"

#include <ctype.h>

/* Part of a sentence: it begins like a word in a sentence, and has no full stop. */
static void check_part(const char *word, const char *column, const char *text)
{
	size_t len = strlen(text);

	if (len == 0)
		fail_msg("%s has no %s", word, column);
	if (text[len - 1] == '.' || isspace((unsigned char)text[len - 1]))
		fail_msg("%s: %s ends with \"%c\"", word, column, text[len - 1]);
	if (isspace((unsigned char)*text) || strstr(text, "  "))
		fail_msg("%s: %s has extra blanks", word, column);
}

static void check_text(const struct reason_text *r)
{
	if (!isupper((unsigned char)*r->word) ||
	    strspn(r->word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") !=
	            strlen(r->word))
		fail_msg("\"%s\" is no CamelCase word", r->word);
	check_part(r->word, "text", r->text);
	check_part(r->word, "why", r->why);
	check_part(r->word, "danger", r->danger);
	check_part(r->word, "remedy", r->remedy);
	check_part(r->word, "states", r->states);
}

static void test_each_reason_is_explained(void **state)
{
	(void)state;
	for (enum reason r = REASON_NONE + 1; r < REASON_COUNT; r++)
		check_text(reason_text(r));
	for (enum disk_reason r = DISK_NONE + 1; r < DISK_REASON_COUNT; r++)
		check_text(disk_reason_text(r));
}

static bool is_state(const char *word)
{
	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++)
		if (strcmp(state_word(s), word) == 0)
			return true;
	return false;
}

static void test_states_are_states(void **state)
{
	(void)state;
	for (enum reason r = REASON_NONE; r < REASON_COUNT; r++) {
		const char *rest = reason_text(r)->states, *word;
		size_t len;

		while ((word = words_next(&rest, ' ', &len))) {
			_free_ char *one = mem_dup_n(word, len);

			if (!is_state(one))
				fail_msg("%s: no state \"%s\"", reason_word(r), one);
		}
	}
}

/* Machines look for the word alone: it is unique over both tables, in any case. */
static void test_words_are_unique(void **state)
{
	const char *words[REASON_COUNT + DISK_REASON_COUNT];
	size_t n = 0;

	(void)state;
	for (enum reason r = REASON_NONE + 1; r < REASON_COUNT; r++)
		words[n++] = reason_word(r);
	for (enum disk_reason r = DISK_NONE + 1; r < DISK_REASON_COUNT; r++)
		words[n++] = disk_reason_word(r);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (strcasecmp(words[i], words[j]) == 0)
				fail_msg("\"%s\" occurs twice", words[i]);
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "each reason is explained", test_each_reason_is_explained);
	suite_test(&s, "states are states", test_states_are_states);
	suite_test(&s, "words are unique", test_words_are_unique);
	return suite_run(&s);
}
