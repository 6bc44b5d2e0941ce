/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_RETRY_H
#define BOTTLEROCKET_RETRY_H

#include "base/deadline.h"

#include <stdbool.h>

/*
 * Pauses between tries: 0.1 s, doubling. 6 of them take 6.3 s in all, more than the 5 s
 * until systemd restarts the API server. {0} before the first.
 */
struct retry {
	int pauses, pause_ms;
};

/* Pause before the next try. Return: false, without a pause, if the tries are used up. */
bool retry_pause(struct retry *r, struct deadline until);

#endif
