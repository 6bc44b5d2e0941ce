/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_HOST_PATH_H
#define STORAGE_HOST_PATH_H

/*
 * Why `path` is no plain path of a directory below the host's root, in words; NULL: it
 * is one. What is fine needs no cleaning: it is absolute, without ".", "..", "//",
 * white space and control characters, and without "/" at its end.
 */
const char *host_path_fault(const char *path);

#endif
