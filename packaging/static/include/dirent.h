/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* musl lacks: a scandir that begins at a directory */
#pragma GCC system_header
#include_next <dirent.h>

int scandirat(int dir, const char *path, struct dirent ***ret,
              int (*select)(const struct dirent *),
              int (*compare)(const struct dirent **, const struct dirent **));
