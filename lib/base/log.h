/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * Log messages while work is in progress, for code that does not end with a result. Only
 * cmd/ prints, so code that logs gets this struct from there.
 */

#include "base/macro.h"

enum log_level {
	LOG_ERROR,
	LOG_WARNING,
	LOG_NOTICE, /* something was done */
	LOG_DETAIL, /* for troubleshooting */
};

struct log {
	/* Log one line, without a trailing newline. May be called in a child process. */
	void (*line)(const struct log *t, enum log_level level, const char *text);
	enum log_level most; /* drop messages above this level */
};

/* Log one formatted line. */
void log_write(const struct log *t, enum log_level level, const char *fmt, ...)
	_printf_(3, 4);

#endif
