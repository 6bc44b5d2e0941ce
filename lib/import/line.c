/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/line.h"

#include <string.h>

char *line_trim(char *s)
{
	char *end;

	s += strspn(s, " \t");
	end = s + strlen(s);
	while (end > s && strchr(" \t", end[-1]))
		end--;
	*end = '\0';
	return s;
}

unsigned line_column(const char *line, const char *p)
{
	unsigned col = 1;

	/* continuation bytes of UTF-8 are no characters */
	for (; line < p; line++)
		col += ((unsigned char)*line & 0xc0) != 0x80;
	return col;
}
