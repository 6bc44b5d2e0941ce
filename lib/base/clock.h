/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Return the monotonic clock in milliseconds. Only differences have a meaning. */
int64_t clock_now_ms(void);

/* Return the time since boot in milliseconds, with the time in suspend. */
int64_t clock_boot_ms(void);

/* Return the Unix time in seconds. It may be set back. */
int64_t clock_unix_s(void);

#endif
