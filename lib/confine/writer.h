/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CONFINE_WRITER_H
#define CONFINE_WRITER_H

/*
 * A process that replaces files for this one after confine_whole(). It reads nothing from
 * outside, and replaces no file but those that were named when it was started.
 */

#include "base/err.h"

#include <stddef.h>

/*
 * Start it, for these files; it ends with this process. Return: the descriptor by which
 * it is asked, for confine_whole(); -1: there are no files, or it was not started.
 */
int writer_start(const char *const *files, size_t n);

/* As atomic_write(), by the process that writer_start() started, or without one here. */
int writer_write(const char *path, const char *text, struct err *e);

/* End it, if there is one. */
void writer_end(void);

#endif
