/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_HOST_PATH_H
#define STORAGE_MOUNT_HOST_PATH_H

/*
 * Check that `path` is a clean path of a directory below the host's root: absolute,
 * without ".", "..", "//", white space and control characters, and without a trailing
 * "/". Return: what is wrong, in words; NULL: nothing.
 */
const char *host_path_fault(const char *path);

#endif
