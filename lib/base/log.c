/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/log.h"

#include "base/mem.h"

#include <stdarg.h>

void log_write(const struct log *t, enum log_level level, const char *fmt, ...)
{
	_free_ char *text = NULL;
	va_list ap;

	if (level > t->most)
		return;
	va_start(ap, fmt);
	text = mem_vformat(fmt, ap);
	va_end(ap);
	t->line(t, level, text);
}
