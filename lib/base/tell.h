/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TELL_H
#define BASE_TELL_H

/*
 * Say something while the work goes on: for what does not end with a result. Only cmd/
 * prints; who has something to say gets a teller from there.
 */

#include "base/macro.h"

enum tell_level {
	TELL_ERROR,
	TELL_WARNING,
	TELL_NOTICE, /* something was done */
	TELL_DETAIL, /* for who wants to know more */
};

struct teller {
	/* One line, without a newline at its end. May be called in a child process. */
	void (*line)(const struct teller *t, enum tell_level level, const char *text);
	enum tell_level most; /* what is beyond it is dropped */
};

void tell(const struct teller *t, enum tell_level level, const char *fmt, ...)
	_printf_(3, 4);

#endif
