/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/disk_reason.h"

static const char *const words[DISK_REASON_COUNT] = {
#define R(id, word, text) [DISK_##id] = (word),
	DISK_REASONS(R)
#undef R
};

const char *disk_reason_word(enum disk_reason r)
{
	return words[r];
}
