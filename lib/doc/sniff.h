/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DOC_SNIFF_H
#define DOC_SNIFF_H

#include <stddef.h>

/*
 * Tell what a text is that should be a profile and cannot be one, of the mistakes made
 * with user data: still compressed, still base64, or the whole TOML pasted. A YAML parser
 * says nothing useful of these.
 *
 * Return: "gzip, not YAML (what to do)"; NULL: none of them. No text that is a profile is
 * ever called something else.
 */
const char *sniff_format(const char *text, size_t len);

#endif
