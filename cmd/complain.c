/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "complain.h"

#include "base/mem.h"
#include "base/text/display.h"

#include <stdarg.h>
#include <stdio.h>

void complain(const char *format, ...)
{
	_free_ char *text = NULL, *printed = NULL, *line = NULL;
	va_list args;

	va_start(args, format);
	text = mem_vformat(format, args);
	va_end(args);
	printed = display_text(text);
	/* one write: stderr has no buffer */
	line = mem_join("hosttune: ", printed, "\n");
	(void)fputs(line, stderr);
}
