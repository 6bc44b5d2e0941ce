/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

/*
 * A moment after which something must not continue. {0} never comes. Passed by value to
 * whatever waits or takes long.
 */

#include <stdbool.h>
#include <stdint.h>

struct deadline {
	int64_t at_ms; /* of clock_now_ms(); 0: never */
};

/* So many milliseconds from now. */
struct deadline deadline_in_ms(int64_t ms);

/* The earlier of two. */
struct deadline deadline_earlier(struct deadline a, struct deadline b);

/* Milliseconds until then: 0 once it passed, at most `limit_ms`. */
int deadline_left_ms(struct deadline d, int limit_ms);

bool deadline_expired(struct deadline d);

#endif
