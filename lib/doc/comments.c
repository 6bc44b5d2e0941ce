/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/comments.h"

#include "base/mem.h"

#include <string.h>

void comments_add(struct comments *c, const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\r", text[len - 1]))
		len--;
	if (c->blank && (c->lines.len > 0 || c->begun)) {
		buf_add(&c->lines, "\n");
		c->blocks = c->lines.len;
	}
	c->blank = false;
	buf_add(&c->lines, "#");
	buf_add_n(&c->lines, text, len);
	buf_add(&c->lines, "\n");
}

void comments_add_blank(struct comments *c)
{
	c->blank = true;
}

static char *take_from(struct comments *c, size_t start)
{
	char *text = c->lines.len > start
	                     ? mem_dup_n(c->lines.text + start, c->lines.len - start)
	                     : NULL;

	buf_done(&c->lines);
	c->lines = (struct buf){0};
	c->blocks = 0;
	c->blank = false;
	return text;
}

char *comments_take(struct comments *c, char **ret_header)
{
	size_t start = 0;

	if (!c->begun && c->lines.len > 0) {
		/* the empty line itself separates the header from the profile */
		start = c->blank ? c->lines.len : c->blocks;
		if (start > 0)
			mem_set(ret_header, mem_dup_n(c->lines.text, start));
	} else if (c->blank) {
		buf_add(&c->lines, "\n");
	}
	c->begun = true;
	return take_from(c, start);
}

char *comments_take_rest(struct comments *c)
{
	return take_from(c, 0);
}

void comments_done(struct comments *c)
{
	buf_done(&c->lines);
	*c = (struct comments){0};
}
