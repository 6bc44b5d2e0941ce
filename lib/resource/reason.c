/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/reason.h"

static const char *const words[REASON_COUNT] = {
#define R(id, word, text) [REASON_##id] = (word),
	REASONS(R)
#undef R
};

const char *reason_word(enum reason r)
{
	return words[r];
}
