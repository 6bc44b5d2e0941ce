/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TEXT_BASE64_H
#define BASE_TEXT_BASE64_H

#include <stddef.h>

/*
 * Encode bytes as RFC 4648 base64: standard alphabet, padded, on one line, as
 * Bottlerocket expects. Return: text owned by the caller.
 */
char *base64_encode(const void *data, size_t len);

#endif
