/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_TUNED_FILES_H
#define IMPORT_TUNED_FILES_H

/* What TuneD writes to files below /sys: options of the plugins sysfs, vm, disk, net. */

#include "import/tuned_file.h"

/* Each adds one option of a section, or lists it as omitted. */
void tuned_sysfs_option(struct import *im, const struct tuned_section *s,
                        struct tuned_option *o);
void tuned_disk_option(struct import *im, const struct tuned_section *s,
                       struct tuned_option *o);
void tuned_net_option(struct import *im, const struct tuned_section *s,
                      struct tuned_option *o);

/* Return: false if the option of the plugin vm is not one of transparent huge pages. */
bool tuned_hugepage_option(struct import *im, struct tuned_option *o);

#endif
