/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef VM_KEYS_H
#define VM_KEYS_H

/*
 * Find out what the sysctls of the running kernel accept, by writing and reading back.
 * For the test VM: it writes nearly all of them.
 */

#include <stdbool.h>
#include <stddef.h>

/* Sysctls hold numbers of 64 bits, signed and unsigned. */
__extension__ typedef __int128 wide;

struct key {
	char *name, *path; /* "vm.swappiness"; below /proc/sys */
	unsigned mode;     /* permissions */
};

struct keys {
	struct key *list; /* sorted by name */
	size_t n, cap;
};

/* List all keys. The caller frees them with keys_done(). */
void keys_list(struct keys *ret);
void keys_done(struct keys *k);

/* Read a value: its words, with one blank between. NULL: unreadable. Owned by the caller.
 */
char *keys_read(const char *path);

/* Write a value with one write(2). Return: whether the kernel accepted it. */
bool keys_write(const char *path, const char *text);

/* Whether the kernel accepts the value and shows `expect`. */
bool keys_takes(const char *path, const char *text, const char *expect);

/* Not written at all; only with its own value; changes by itself. */
bool keys_is_untouched(const char *name);
bool keys_is_own_only(const char *name);
bool keys_is_moving(const char *name);

/* Whether the text is numbers with one blank between. */
bool keys_is_numbers(const char *text);

size_t keys_count_words(const char *text);

/* Parse a decimal number, which must be one; format it. Owned by the caller. */
wide keys_number(const char *text);
char *keys_format(wide n);

/* What an integer key accepts. */
struct number {
	const char *rounds; /* how: a shape of keys.def, or "other"; NULL: not at all */
	bool has_range;
	wide low, high;
};

/* Find it around `start`, which the key accepts. Leaves it with another value. */
struct number number_scan(const char *path, wide start, bool with_range);

/* The commands: see main.c. Return: exit status. */
int keys_scan(const char *module, const char *known);
int keys_table(char *const *scans);
int keys_profile(void);
int keys_perturb(void);
int keys_relations(void);

#endif
