/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kinds/reason.h"

static const struct {
	const char *word, *text;
} reasons[REASON_COUNT] = {
#define R(id, word_, text_) [REASON_##id] = {word_, text_},
	REASONS(R)
#undef R
};

const char *reason_word(enum reason r)
{
	return reasons[r].word;
}

const char *reason_text(enum reason r)
{
	return reasons[r].text;
}
