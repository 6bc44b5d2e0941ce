/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_FILES_H
#define SYSCTL_FILES_H

struct host;

/*
 * The file below /sys that has the value of a key, too, as files() of struct kind returns
 * it; NULL: none, or unknown.
 */
char *sysctl_file(const char *key, const struct host *h);

#endif
