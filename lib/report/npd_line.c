/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/npd_line.h"

#include "base/mem.h"
#include "base/text/display.h"

#include <string.h>

#define MORE "..."

void npd_add_cut(struct buf *b, const char *text)
{
	size_t room = NPD_LINE_MAX - b->len, len = strlen(text);

	if (len <= room) {
		buf_add(b, text);
		return;
	}
	len = room > strlen(MORE) ? room - strlen(MORE) : 0;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	buf_add_n(b, text, len);
	buf_add_n(b, MORE, NPD_LINE_MAX - b->len < 3 ? NPD_LINE_MAX - b->len : 3);
}

void npd_print_unknown(const char *why, FILE *out)
{
	_free_ char *text = display_text(why);
	_buf_ struct buf b = {0};

	buf_add(&b, "unknown: ");
	npd_add_cut(&b, text);
	(void)fprintf(out, "%s\n", b.text);
}
