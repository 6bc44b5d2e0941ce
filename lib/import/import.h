/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

/*
 * Files of other tools as a profile: sysctl.conf, TuneD, Bottlerocket settings. Comments
 * stay with their keys. What a profile cannot say, or what validation does not accept, is
 * listed. Reads no host.
 */

#include "import/result.h"

enum import_format { IMPORT_AUTO, IMPORT_SYSCTL, IMPORT_TUNED, IMPORT_BOTTLEROCKET };

/* The names for --from: "sysctl", "tuned", "bottlerocket"; ended by NULL. */
extern const char *const import_formats[];

/* Find the format with that name; IMPORT_AUTO: none. */
enum import_format import_format_named(const char *name);

/*
 * Translate a file. `file` names the text in places and must outlive `im`. IMPORT_AUTO
 * recognises the format. `text` ends in a NUL byte that `len` does not count.
 * Return: 0; -1, with the errors in `diag`, if it cannot be read. Call import_done() in
 * any case.
 */
int import_read(struct import *im, const char *text, size_t len, const char *file,
                enum import_format format, struct diagnostics *diag);

#endif
