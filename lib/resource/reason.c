/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/reason.h"

#include "base/text/packed.h"

static const struct {
	const char *word, *states;
} rows[REASON_COUNT] = {
#define R(id, word, states, ...) [REASON_##id] = {(word), (states)},
#include "resource/reason.def"
#undef R
};

const struct reason_text *reason_text(enum reason r)
{
	static struct reason_text texts[REASON_COUNT];
	const char *const *t = packed_texts(&packed_reasons) + (size_t)r * 4;

	texts[r] = (struct reason_text){rows[r].word, rows[r].states, t[0],
	                                t[1],         t[2],           t[3]};
	return &texts[r];
}

const char *reason_word(enum reason r)
{
	return rows[r].word;
}
