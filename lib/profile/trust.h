/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_TRUST_H
#define PROFILE_TRUST_H

/*
 * Return why another user than root can change or replace an open file: its owner, its
 * mode, or that of a directory above it: "user 1000 owns it". Owned by the caller.
 * NULL: none can, the process is not root, or it is no regular file.
 */
char *trust_fault(int fd);

#endif
