/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * Say something while the work goes on: for what does not end with a result. Only cmd/
 * prints; who has something to say gets a teller from there.
 */

#include "base/macro.h"

enum log_level {
	LOG_ERROR,
	LOG_WARNING,
	LOG_NOTICE, /* something was done */
	LOG_DETAIL, /* for who wants to know more */
};

struct log {
	/* One line, without a newline at its end. May be called in a child process. */
	void (*line)(const struct log *t, enum log_level level, const char *text);
	enum log_level most; /* what is beyond it is dropped */
};

void log_write(const struct log *t, enum log_level level, const char *fmt, ...)
	_printf_(3, 4);

#endif
