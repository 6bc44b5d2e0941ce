/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/content.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/recorded.h"

#include <stdlib.h>
#include <string.h>

void blk_not_usable(struct blk *b, enum disk_reason reason, const char *text)
{
	b->content = BLK_OTHER;
	b->reason = reason;
	mem_set(&b->text, mem_dup(text));
}

static const char *const contents[] = {
	[BLK_OTHER] = "other", [BLK_BLANK] = "blank", [BLK_FILESYSTEM] = "filesystem"};

struct node *blk_node(const struct blk *b)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "content", contents[b->content]);
	node_set_text(n, "type", b->type);
	node_set_text(n, "label", b->label);
	node_set_text(n, "uuid", b->uuid);
	node_set_text(n, "text", b->text);
	node_set_text(n, "reason", disk_reason_word(b->reason));
	node_set(n, "busy", node_new_bool(b->busy));
	node_set(n, "locked", node_new_bool(b->locked));
	return n;
}

static bool take_reason(const struct node *n, struct blk *ret)
{
	_free_ char *word = recorded_text(n, "reason");

	for (int i = 0; word && i < DISK_REASON_COUNT; i++) {
		ret->reason = (enum disk_reason)i;
		if (strcmp(disk_reason_word(ret->reason), word) == 0)
			return true;
	}
	return false;
}

static bool take_content(const struct node *n, struct blk *ret)
{
	_free_ char *word = recorded_text(n, "content");

	for (size_t i = 0; word && i < ARRAY_SIZE(contents); i++) {
		ret->content = (enum blk_content)i;
		if (strcmp(contents[i], word) == 0)
			return true;
	}
	return false;
}

bool blk_take(const struct node *n, struct blk *ret)
{
	*ret = (struct blk){.type = recorded_text(n, "type"),
	                    .label = recorded_text(n, "label"),
	                    .uuid = recorded_text(n, "uuid"),
	                    .text = recorded_text(n, "text"),
	                    .busy = recorded_flag(n, "busy"),
	                    .locked = recorded_flag(n, "locked")};
	/* a type comes with a label and a UUID, maybe empty */
	return take_reason(n, ret) && take_content(n, ret) && ret->text &&
	       (ret->type ? ret->label && ret->uuid : ret->content != BLK_FILESYSTEM);
}

void blk_done(struct blk *b)
{
	free(b->type);
	free(b->label);
	free(b->uuid);
	free(b->text);
	*b = (struct blk){0};
}
