/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_TRUST_H
#define PROFILE_TRUST_H

#include <sys/stat.h>

/*
 * Return why another user than root can change or replace an open regular file, `st`: its
 * owner, its mode, or that of a directory above it: "user 1000 owns it". Owned by the
 * caller. NULL: none can, or the process is not root.
 */
char *trust_fault(int fd, const struct stat *st);

#endif
