/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_DRIVE_NAME_H
#define DIAGNOSE_RULES_DRIVE_NAME_H

#include <stdbool.h>

/*
 * Whether two names are those of different drives for sure: "sda" and "nvme1n1p1"; also
 * of a controller, "nvme1" and "nvme2n1". Since Linux 5.4, a drive has the number of its
 * first controller. What is below "dm-0" or "md127" is unknown, so these never are.
 */
bool drive_names_differ(const char *a, const char *b);

#endif
