/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

/*
 * What this process waits for or works on, for a person who watches it. One step at a
 * time: steps do not nest. Only cmd/ prints, so it sets who prints.
 */

#include "base/macro.h"

#include <stdint.h>

/*
 * Called about once per second while a step of more than a second is under way, and with
 * `what` NULL when such a step ended. NULL: nobody prints.
 */
void progress_report_to(void (*report)(const char *what, unsigned seconds));

/* A step starts: "mkfs.xfs /dev/nvme1n1". */
void progress_start(const char *fmt, ...) _printf_(1, 2);

/* It started earlier, at this clock_now_ms(). */
void progress_started_at(int64_t ms);

/* It is still under way: called at least once per second. Does nothing without a step. */
void progress_tick(void);

void progress_end(void);

#endif
