/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_STOP_H
#define BASE_STOP_H

/*
 * Whether a signal asked this process to end. host/process/signals.h catches the signals;
 * a deadline with until_signal (base/deadline.h) expires with the first of them.
 */

/* Note the signal; 0: forget it. Safe in a signal handler. */
void stop_note(int signal);

/* The first signal that was noted; 0: none. */
int stop_signal(void);

/* The same in words: "ended by SIGTERM". */
const char *stop_reason(void);

#endif
