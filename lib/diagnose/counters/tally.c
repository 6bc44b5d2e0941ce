/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/counters/tally.h"

#include "base/mem.h"
#include "base/num.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"

void tally_add(struct tally *t, const char *group, const char *name, size_t len,
               uint64_t value)
{
	char *full = *group ? mem_format("%s.%.*s", group, (int)len, name)
	                    : mem_dup_n(name, len);

	if (t->n >= TALLY_MAX) {
		free(full);
		return;
	}
	t->list = mem_grow(t->list, &t->cap, t->n, sizeof(*t->list));
	t->list[t->n++] = (struct tally_row){.name = full, .value = value};
}

/* --- text ----------------------------------------------------------------------------
 */

/* The next word of the line; NULL at its end. *rest moves behind it. */
static const char *next_word(const char **rest, size_t *ret_len)
{
	const char *word = *rest + strspn(*rest, BLANKS);

	*ret_len = strcspn(word, BLANKS "\n");
	*rest = word + *ret_len;
	return *ret_len > 0 ? word : NULL;
}

static bool number_of(const char *word, size_t len, uint64_t *ret)
{
	char digits[24];

	if (!word || len >= sizeof(digits))
		return false;
	memcpy(digits, word, len);
	digits[len] = '\0';
	return num_u64(digits, ret) == 0;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

void tally_parse_lines(const char *text, struct tally *t)
{
	for (const char *line = text; *line; line = next_line(line)) {
		const char *rest = line, *name, *word;
		size_t len, digits = 0;
		uint64_t value;

		name = next_word(&rest, &len);
		word = name ? next_word(&rest, &digits) : NULL;
		if (number_of(word, digits, &value))
			tally_add(t, "", name, len, value);
	}
}

/* "TcpExt" of a line "TcpExt: ..."; *rest moves behind the colon. NULL: no such line. */
static char *group_of(const char **rest)
{
	size_t len;
	const char *word = next_word(rest, &len);

	return word && len > 1 && word[len - 1] == ':' ? mem_dup_n(word, len - 1) : NULL;
}

void tally_parse_pairs(const char *text, struct tally *t)
{
	for (const char *line = text; *line; line = next_line(line)) {
		const char *names = line, *values = next_line(line);
		_free_ char *group = group_of(&names), *again = group_of(&values);
		const char *name, *word;
		size_t len, digits;
		uint64_t value;

		if (!group || !again || strcmp(group, again) != 0)
			continue;
		/* a limit may be -1: only what is a count is kept */
		while ((name = next_word(&names, &len)) &&
		       (word = next_word(&values, &digits)))
			if (number_of(word, digits, &value))
				tally_add(t, group, name, len, value);
		line = next_line(line);
	}
}

void tally_parse_groups(const char *text, struct tally *t)
{
	for (const char *line = text; *line; line = next_line(line)) {
		const char *rest = line, *name, *word;
		_free_ char *group = group_of(&rest);
		size_t len, digits;
		uint64_t value;

		while (group && (name = next_word(&rest, &len)) &&
		       (word = next_word(&rest, &digits)))
			if (number_of(word, digits, &value))
				tally_add(t, group, name, len, value);
	}
}

/* --- differences ---------------------------------------------------------------------
 */

uint64_t counter_since(uint64_t before, uint64_t now, unsigned bits)
{
	if (now >= before)
		return now - before;
	if (bits == 32 && before > UINT32_MAX / 2 && before <= UINT32_MAX)
		return now + UINT32_MAX - before + 1;
	return now;
}

static uint64_t value_before(const struct tally *before, const char *name, size_t at)
{
	/* two readings of one file have the same order, but for rows that came or went */
	if (at < before->n && strcmp(before->list[at].name, name) == 0)
		return before->list[at].value;
	for (size_t i = 0; i < before->n; i++)
		if (strcmp(before->list[i].name, name) == 0)
			return before->list[i].value;
	return 0;
}

bool tally_sum(const struct tally *now, const struct tally *before, const char *pattern,
               uint64_t *ret)
{
	bool found = false;

	*ret = 0;
	for (size_t i = 0; i < now->n; i++) {
		uint64_t value = now->list[i].value;

		if (fnmatch(pattern, now->list[i].name, 0) != 0)
			continue;
		if (before)
			value = counter_since(value_before(before, now->list[i].name, i),
			                      value, 64);
		if (__builtin_add_overflow(*ret, value, ret))
			*ret = UINT64_MAX;
		found = true;
	}
	return found;
}

void tally_done(struct tally *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->list[i].name);
	free(t->list);
	*t = (struct tally){0};
}
