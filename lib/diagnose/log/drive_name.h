/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_DRIVE_NAME_H
#define DIAGNOSE_LOG_DRIVE_NAME_H

#include <stdbool.h>

/*
 * Whether two names are those of different drives for sure: "sda" and "nvme1n1p1". What
 * is below "dm-0" or "md127" is unknown, so these never are; neither is "nvme1", since a
 * controller and its drive can have different numbers.
 */
bool drive_names_differ(const char *a, const char *b);

#endif
