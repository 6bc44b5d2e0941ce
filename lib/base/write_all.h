/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_WRITE_ALL_H
#define BASE_WRITE_ALL_H

#include <stddef.h>

/*
 * Write all `len` bytes to a descriptor that blocks, whatever part each write() takes.
 * Return: 0; -errno, and an unknown part is written.
 */
int write_all(int fd, const void *bytes, size_t len);

#endif
