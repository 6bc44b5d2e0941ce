/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_RENDERED_H
#define BOTTLEROCKET_RENDERED_H

/*
 * Settings that the host renders into files between double quotes, without escaping them.
 * The API accepts and stores any text there: a double quote or a backslash then breaks
 * the file, and with it everything else that is in it.
 */

/* Characters that end or change a text between double quotes. Tabs do not. */
#define RENDERED_BREAKS                                                                \
	"\"\\\x01\x02\x03\x04\x05\x06\x07\x08\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14" \
	"\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"

/*
 * What `text` would break at this path (segments without "settings", named as the server
 * returns them, ended by NULL), in words; NULL: nothing.
 */
const char *rendered_fault(char *const *path, const char *text);

#endif
