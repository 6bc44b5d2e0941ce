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
	int64_t at_ms;     /* of clock_now_ms(); 0: never */
	bool until_signal; /* it also comes when a signal asks the process to end */
};

/* So many milliseconds from now. */
struct deadline deadline_in_ms(int64_t ms);

/* The earlier of two. */
struct deadline deadline_earlier(struct deadline a, struct deadline b);

/* The same moment, for what must not stop half-way: a signal does not end it. */
struct deadline deadline_without_signal(struct deadline d);

/* Milliseconds until then: 0 once it passed, at most `limit_ms`. */
int deadline_left_ms(struct deadline d, int limit_ms);

bool deadline_expired(struct deadline d);

/* Why it expired, for messages: "deadline exceeded" or "ended by SIGTERM". */
const char *deadline_reason(struct deadline d);

#endif
