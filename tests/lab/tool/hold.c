/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * lab-tool hold
 *
 * With real-time priority, ask to be woken each millisecond until SIGTERM; print by how
 * much the kernel was late. Only code that does not let itself be interrupted can delay
 * it: the longest time that the kernel held the processor.
 */
#include "tool.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>

int tool_hold(int argc, char **argv)
{
	struct sched_param priority = {.sched_priority = 50};
	struct times late = {.name = "hold"};
	struct timespec next;

	(void)argc;
	(void)argv;
	catch_term();
	if (sched_setscheduler(0, SCHED_FIFO, &priority) < 0 ||
	    mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		die("real-time priority");
	(void)clock_gettime(CLOCK_MONOTONIC, &next);
	while (!stopped) {
		int64_t due;

		next.tv_nsec += 1000000;
		next.tv_sec += next.tv_nsec / 1000000000;
		next.tv_nsec %= 1000000000;
		due = (int64_t)next.tv_sec * 1000000 + next.tv_nsec / 1000;
		if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL) == EINTR)
			break;
		times_add(&late, now_us() - due);
		if (now_us() - due > 1000)
			(void)clock_gettime(CLOCK_MONOTONIC, &next);
	}
	times_print(&late);
	return 0;
}
