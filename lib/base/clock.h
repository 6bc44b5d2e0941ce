/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that only goes forward, from a point of no meaning. */
int64_t clock_now_ms(void);

#endif
