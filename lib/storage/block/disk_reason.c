/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/disk_reason.h"

static const struct reason_text texts[DISK_REASON_COUNT] = {
#define R(id, ...) [DISK_##id] = {__VA_ARGS__},
#include "storage/block/disk_reason.def"
#undef R
};

const struct reason_text *disk_reason_text(enum disk_reason r)
{
	return &texts[r];
}

const char *disk_reason_word(enum disk_reason r)
{
	return texts[r].word;
}
