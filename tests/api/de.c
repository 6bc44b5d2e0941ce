/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stdlib.h>
#include <string.h>

#include "de.h"

/* The limit of serde_json. */
#define DEPTH_MAX 127

void complaint_done(struct complaint *complaint)
{
	free(complaint->text);
	*complaint = (struct complaint){0};
}

int de_peek(struct de *de)
{
	while (de->at < de->len && strchr(" \t\n\r", de->text[de->at]) &&
	       de->text[de->at])
		de->at++;
	return de->at < de->len ? (unsigned char)de->text[de->at] : -1;
}

bool de_reject(struct de *de, char *text)
{
	free(de->complaint->text);
	*de->complaint = (struct complaint){.text = text};
	return false;
}

bool de_fail_at(struct de *de, size_t at, const char *reason)
{
	de_reject(de, text_copy(reason));
	de->complaint->at = at < de->len ? at : de->len;
	de->complaint->placed = true;
	return false;
}

bool de_fail_next(struct de *de, const char *reason)
{
	return de_fail_at(de, de->at + 1, reason);
}

bool de_place(struct de *de)
{
	if (!de->complaint->placed)
		de->complaint->at = de->at;
	de->complaint->placed = true;
	return false;
}

bool de_word(struct de *de, const char *word)
{
	for (de->at++, word++; *word; word++) {
		if (de->at == de->len)
			return de_fail_at(de, de->at, "EOF while parsing a value");
		if (de->text[de->at++] != *word)
			return de_fail_at(de, de->at, "expected ident");
	}
	return true;
}

bool de_enter(struct de *de)
{
	if (de->depth == DEPTH_MAX)
		return de_fail_next(de, "recursion limit exceeded");
	de->depth++;
	de->at++;
	return true;
}

static enum step step_failed(struct de *de, const char *reason)
{
	de_fail_next(de, reason);
	return STEP_FAILED;
}

enum step de_element(struct de *de, bool *first)
{
	int c = de_peek(de);
	bool was_first = *first;

	*first = false;
	if (c == ']')
		return STEP_END;
	if (c < 0)
		return step_failed(de, "EOF while parsing a list");
	if (was_first)
		return STEP_ITEM;
	if (c != ',')
		return step_failed(de, "expected `,` or `]`");
	de->at++;
	c = de_peek(de);
	if (c == ']')
		return step_failed(de, "trailing comma");
	if (c < 0)
		return step_failed(de, "EOF while parsing a value");
	return STEP_ITEM;
}

enum step de_key(struct de *de, bool *first)
{
	int c = de_peek(de);
	bool was_first = *first;

	*first = false;
	if (c == '}')
		return STEP_END;
	if (c < 0)
		return step_failed(de, "EOF while parsing an object");
	if (!was_first) {
		if (c != ',')
			return step_failed(de, "expected `,` or `}`");
		de->at++;
		c = de_peek(de);
		if (c == '}')
			return step_failed(de, "trailing comma");
		if (c < 0)
			return step_failed(de, "EOF while parsing a value");
	}
	if (c != '"')
		return step_failed(de, "key must be a string");
	return STEP_ITEM;
}

bool de_colon(struct de *de)
{
	int c = de_peek(de);

	if (c == ':') {
		de->at++;
		return true;
	}
	return de_fail_next(de, c < 0 ? "EOF while parsing an object" : "expected `:`");
}

/* More elements than a struct or a tuple has members. */
static bool trailing(struct de *de, int c)
{
	const char *reason = "trailing characters";

	if (c == ',') {
		de->at++;
		if (de_peek(de) == ']')
			reason = "trailing comma";
	}
	return de_fail_next(de, reason);
}

bool de_leave(struct de *de, char bracket, bool good)
{
	int c = de_peek(de);

	de->depth--;
	if (good && c != bracket)
		return trailing(de, c);
	/* After an error serde_json still reads on: past the bracket, and in a list past
	 * a comma. That is why the column of an error depends on what follows. */
	if (c == bracket || (c == ',' && bracket == ']'))
		de->at++;
	return good ? true : de_place(de);
}

bool de_end(struct de *de)
{
	return de_peek(de) < 0 ? true : de_fail_next(de, "trailing characters");
}
