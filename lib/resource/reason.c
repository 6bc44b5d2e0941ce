/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/reason.h"

static const struct reason_text texts[REASON_COUNT] = {
#define R(id, ...) [REASON_##id] = {__VA_ARGS__},
#include "resource/reason.def"
#undef R
};

const struct reason_text *reason_text(enum reason r)
{
	return &texts[r];
}

const char *reason_word(enum reason r)
{
	return texts[r].word;
}
