/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/wrap.h"

#include <string.h>

/* How much of `text` fits into `room` columns, ended at a word. */
static size_t wrap_line_len(const char *text, size_t room)
{
	size_t len = strlen(text), end = room;

	if (len <= room)
		return len;
	while (end > 0 && text[end] != ' ')
		end--;
	return end > 0 ? end : strcspn(text, " ");
}

void report_wrap(const char *head, int indent, const char *text, FILE *out)
{
	int used = fprintf(out, "%s", head);

	if (used > 0 && used >= indent) {
		(void)fputc('\n', out);
		used = 0;
	}
	do {
		size_t len = wrap_line_len(text, (size_t)(REPORT_WIDTH - indent));

		(void)fprintf(out, "%*s%.*s\n", indent - used, "", (int)len, text);
		used = 0;
		text += len + strspn(text + len, " ");
	} while (*text);
}
