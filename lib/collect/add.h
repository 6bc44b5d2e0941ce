/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef COLLECT_ADD_H
#define COLLECT_ADD_H

/* Add one file to a bundle, within its limits; only for collect/. */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct host;

/* Of one file; of a file of configuration or of the kernel; of all. */
#define COLLECT_FILE_BYTES  (4U << 20)
#define COLLECT_TOTAL_BYTES (64U << 20)
#define COLLECT_FILES       32768

/* Add the file or directory at the host path. */
void collect_path(const struct host *h, const char *path);

/* Add a text, owned by the bundle from now on, under the path. */
void collect_text(const struct host *h, const char *path, char *text);

/* Note that the bundle lacks the path: what the host answered, or a limit. */
void collect_failed(const struct host *h, const char *path, const struct err *e,
                    unsigned mode);

/* Note why the whole bundle ends early. */
void collect_cut(const struct host *h, const char *why);

/* Whether no more can be added; *ret_why: in words. */
bool collect_is_full(const struct host *h, const char **ret_why);

/* Add a pattern to those that the bundle covers. */
void collect_cover(const struct host *h, const char *pattern);

#endif
