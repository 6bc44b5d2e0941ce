/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TEXT_PACKED_H
#define BASE_TEXT_PACKED_H

/*
 * Texts that few commands need, compiled into the program as a deflate stream: a third of
 * their size. lib/base/embed.sh packs them. Nothing is unpacked before it is asked for.
 */

#include <stddef.h>

struct packed {
	const unsigned char *stream; /* RFC 1951 */
	size_t stream_len;
	size_t n;           /* how many texts */
	size_t len;         /* of all, each with its NUL */
	const char **texts; /* of packed_texts(), once it was called */
};

/* Of each file, its name and its text. */
extern struct packed packed_completions, packed_help, packed_profiles, packed_units;

/* Of each file of rules, its name, its text without samples, and the samples. */
extern struct packed packed_rules;

/* Of each row of a .def file, its texts. */
extern struct packed packed_causes, packed_disk_reasons, packed_effects, packed_keys,
	packed_prose, packed_reasons, packed_sysctls;

/* Of HTML pages: style, its SHA-256 in base64, script, its SHA-256. */
extern struct packed packed_page;

/* Unpack. Return: the texts, one after the other, each ended by NUL; owned by the caller.
 */
char *packed_open(const struct packed *p);

/* The list of the texts. They stay until the program ends: for a table. */
const char *const *packed_texts(struct packed *p);

#endif
