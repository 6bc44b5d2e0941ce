/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_BUILTIN_H
#define DIAGNOSE_RULES_BUILTIN_H

/* The files of rules that are compiled into the program, packed: a quarter of the text.
 */

#include <stddef.h>

struct rules_file {
	const char *file; /* "<builtin>/network.yaml"; NULL ends the table */
	size_t len;       /* of its text, in bytes */
};

/* In the order of their texts. */
extern const struct rules_file rules_files[];

/* All texts, one after the other, as a deflate stream (RFC 1951). */
extern const unsigned char rules_packed[];
extern const size_t rules_packed_len;

/* Unpack the texts. Return: all of them, owned by the caller, without a NUL at the end.
 */
char *rules_unpack(void);

#endif
