/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

/*
 * The bytes as base64 of RFC 4648: the standard alphabet, padded, on one line, which is
 * what Bottlerocket takes. Owned by the caller.
 */
char *base64_encode(const void *data, size_t len);

#endif
