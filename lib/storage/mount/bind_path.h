/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_MOUNT_BIND_PATH_H
#define STORAGE_MOUNT_BIND_PATH_H

/* Paths of directories that a profile binds to a file system, for kind_bind.c. */

#include "base/diagnostics.h"

/*
 * Where the content of the directory `dir` lives on the file system mounted at `mount`:
 * "/mnt/data", "/var/lib/kubelet" -> "/mnt/data/._var_lib_kubelet". Owned by the caller.
 */
char *bind_path_source(const char *mount, const char *dir);

/* Add a problem if `dir` is no path on the host, or contains `mount` or lies in it. */
void bind_path_check(const char *dir, const char *mount, struct place at,
                     struct diagnostics *diag);

/* Add a problem if two directories share a source, or the later hides the earlier. */
void bind_path_check_pair(const char *dir, const char *source, const char *earlier,
                          const char *earlier_source, struct place at,
                          struct diagnostics *diag);

#endif
