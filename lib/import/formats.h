/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_FORMATS_H
#define IMPORT_FORMATS_H

/* The steps of an import: reading one format, then checking the profile. */

#include "import/result.h"

/*
 * Move what validation does not accept from the profile to what is omitted.
 * Return: 0; -1, with errors in `diag`, if that does not lead to a valid profile.
 */
int import_check(struct import *im, struct diagnostics *diag);

/* The formats. Return: 0, or -1 with the errors in `diag`. */
int import_sysctl_conf(struct import *im, const char *file);
int import_tuned(struct import *im, const char *file);
int import_bottlerocket(struct import *im, const char *text, size_t len, const char *file,
                        struct diagnostics *diag);

#endif
