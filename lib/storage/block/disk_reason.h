/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_DISK_REASON_H
#define STORAGE_BLOCK_DISK_REASON_H

/*
 * Why a drive cannot be used: one stable word per reason for machines, and its
 * explanation, as for the reasons of a resource. All of it is in disk_reason.def.
 */

#include "resource/reason.h"

enum disk_reason {
#define R(id, ...) DISK_##id,
#include "storage/block/disk_reason.def"
#undef R
	DISK_REASON_COUNT
};

/* The words of a reason. Those of DISK_NONE are empty but for its text. */
const struct reason_text *disk_reason_text(enum disk_reason r);

/* "DiskRoot"; "" for DISK_NONE. */
const char *disk_reason_word(enum disk_reason r);

#endif
