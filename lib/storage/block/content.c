/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/content.h"

#include "base/mem.h"

#include <stdlib.h>

void blk_not_usable(struct blk *b, enum disk_reason reason, const char *text)
{
	b->content = BLK_OTHER;
	b->reason = reason;
	mem_set(&b->text, mem_dup(text));
}

void blk_done(struct blk *b)
{
	free(b->type);
	free(b->label);
	free(b->uuid);
	free(b->text);
	*b = (struct blk){0};
}
