/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef COLLECT_ROWS_H
#define COLLECT_ROWS_H

/*
 * What a bundle may hold: nothing but the files that match these patterns. "*" is one
 * part of a path, a last "**" all that is below, "{release}" the kernel's. Ended by NULL.
 */
extern const char *const collect_rows[];

/* Of those, what it never holds. */
extern const char *const collect_never[];

/* Names in /proc/net, in our network namespace. */
extern const char *const collect_net[];

#endif
