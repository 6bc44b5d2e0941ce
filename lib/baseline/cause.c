/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/cause.h"

#include "base/mem.h"
#include "base/text/packed.h"
#include "base/text/words.h"

#include <string.h>

/* Columns of cause.def. */
enum { WORD, GROUP, KEYS, CAUSES, REMEDY, SOURCE, COLUMNS };

static const char *text_or_null(const char *text)
{
	return *text ? text : NULL;
}

const struct cause *cause_rows(void)
{
	static struct cause *rows;
	const char *const *t;
	size_t n = packed_causes.n / COLUMNS;

	if (rows)
		return rows;
	t = packed_texts(&packed_causes);
	rows = mem_new(n + 1, sizeof(*rows));
	for (size_t i = 0; i < n; i++, t += COLUMNS)
		rows[i] = (struct cause){
			.word = t[WORD],
			.group = t[GROUP],
			.keys = t[KEYS],
			.causes = t[CAUSES],
			.remedy = text_or_null(t[REMEDY]),
			.source = text_or_null(t[SOURCE]),
		};
	return rows;
}

const struct cause *cause_find(const char *group, const char *key)
{
	const struct cause *other = NULL;

	for (const struct cause *c = cause_rows(); c->word; c++) {
		if (strcmp(c->group, group) != 0)
			continue;
		if (words_have(c->keys, ' ', key))
			return c;
		other = c;
	}
	/* "*" is last in its group, and what a group without it lacks is its last row */
	return other;
}
