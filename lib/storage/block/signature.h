/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_SIGNATURE_H
#define STORAGE_BLOCK_SIGNATURE_H

/* Signatures of file systems, arrays and partition tables, as libblkid finds them. */

#include "base/deadline.h"
#include "base/err.h"

struct blk;

/*
 * Look for signatures on the open drive. Sets the fields of `b`, except `busy` and
 * `locked`; without a signature it sets none.
 * Return: 0; -EIO if the drive cannot be read.
 */
int signature_probe(int fd, struct deadline until, struct blk *b, struct err *e);

#endif
