/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_TRUST_H
#define PROFILE_TRUST_H

#include <sys/stat.h>

/*
 * Return who but root can change or replace an open regular file, `st`, by its owner, its
 * mode, or those of a directory above it: "other users can change it: user 1000 owns it";
 * or that this is unknown, and why. Owned by the caller. NULL: nobody can, or the process
 * is not root.
 */
char *trust_fault(int fd, const struct stat *st);

#endif
