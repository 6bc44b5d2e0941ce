/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

/*
 * Print progress on standard error: one line that is rewritten, and erased in the end, on
 * a terminal; elsewhere a line every ten seconds.
 */
void progress_print(void);

#endif
