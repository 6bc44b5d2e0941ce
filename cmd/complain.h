/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_COMPLAIN_H
#define CMD_COMPLAIN_H

/*
 * Print a line of the log to standard error, after "hosttune: ": usage errors, and what
 * else concerns the run. A command line or a file may contain any bytes: control
 * characters are printed as escapes.
 */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
