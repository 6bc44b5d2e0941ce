/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/words.h"

#include "base/mem.h"
#include "base/text/buf.h"

#include <string.h>

#define BLANKS " \t"

const char *words_next(const char **rest, char separator, size_t *ret_len)
{
	while (*rest && **rest) {
		const char *word = *rest, *end = strchr(word, separator);

		*rest = end ? end + 1 : NULL;
		if (!end)
			end = word + strlen(word);
		while (word < end && strchr(BLANKS, *word))
			word++;
		while (end > word && strchr(BLANKS, end[-1]))
			end--;
		*ret_len = (size_t)(end - word);
		if (*ret_len)
			return word;
	}
	return NULL;
}

bool words_have_n(const char *list, char separator, const char *word, size_t len)
{
	const char *one;
	size_t n;

	while ((one = words_next(&list, separator, &n)))
		if (n == len && strncmp(one, word, len) == 0)
			return true;
	return false;
}

bool words_have(const char *list, char separator, const char *word)
{
	return words_have_n(list, separator, word, strlen(word));
}

char *words_collapse(const char *text)
{
	char *copy = mem_dup(text ? text : ""), *end = copy;
	bool gap = false;

	for (const char *p = copy; *p; p++) {
		if (strchr(BLANKS "\n", *p)) {
			gap = end > copy;
			continue;
		}
		if (gap)
			*end++ = ' ';
		gap = false;
		*end++ = *p;
	}
	*end = '\0';
	return copy;
}
