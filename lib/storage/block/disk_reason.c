/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/disk_reason.h"

#include "base/text/packed.h"

static const struct {
	const char *word, *group;
} rows[DISK_REASON_COUNT] = {
#define R(id, word, group, ...) [DISK_##id] = {(word), (group)},
#include "storage/block/disk_reason.def"
#undef R
};

const struct reason_text *disk_reason_text(enum disk_reason r)
{
	static struct reason_text texts[DISK_REASON_COUNT];
	const char *const *t = packed_texts(&packed_disk_reasons) + (size_t)r * 4;

	texts[r] =
		(struct reason_text){rows[r].word, rows[r].group, t[0], t[1], t[2], t[3]};
	return &texts[r];
}

const char *disk_reason_word(enum disk_reason r)
{
	return rows[r].word;
}
