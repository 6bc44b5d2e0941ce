/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_DRIVE_STAT_H
#define DIAGNOSE_COUNTERS_DRIVE_STAT_H

/* Counters of a block device: Documentation/block/stat.rst. */

#include <stdbool.h>
#include <stdint.h>

struct drive_stat {
	uint64_t reads, read_ms;
	uint64_t writes, write_ms;
	uint64_t others; /* discards and flushes; 0 on kernels that do not count them */
	uint64_t busy_ms;
	uint64_t in_flight; /* now */
};

/*
 * Whether a device of /sys/block is a drive or an array, and not only memory or a file
 * (loop0, ram0, zram0).
 */
bool drive_is_measured(const char *name);

/* Parse any text. Return: false if it has too few numbers. */
bool drive_stat_parse(const char *text, struct drive_stat *ret);

/* Subtract the counters of `before`. Times have 32 bits. */
struct drive_stat drive_stat_since(const struct drive_stat *before,
                                   const struct drive_stat *now);

#endif
