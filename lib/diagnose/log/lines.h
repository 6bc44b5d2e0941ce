/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_LINES_H
#define DIAGNOSE_LOG_LINES_H

/*
 * Lines of a file, a pipe or /dev/kmsg, in a buffer of fixed size: the rest of a longer
 * line is skipped.
 */

#include "base/deadline.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_BUFFER (64U * 1024)
#define LINE_MAX_LEN (LINES_BUFFER / 2) /* bytes of a line that are read */

struct lines {
	int fd; /* owned by the caller */
	struct deadline until;
	bool device; /* /dev/kmsg: what it has now is all */
	char *buffer;
	char *cut; /* the start of a line that is longer */
	size_t start, end;
	bool at_end;      /* there is nothing more to read */
	uint64_t number;  /* of the line returned last, from 1 */
	uint64_t skipped; /* lines that were longer */
};

/* Read until the end of the file, or fail with -ETIME at `until`. Free with lines_done().
 */
void lines_begin(struct lines *l, int fd, struct deadline until);

/*
 * Read the next line. It may be changed until the next call; a NUL follows it, NULs
 * inside are blanks, and line end and carriage return do not belong to it.
 * Return: 1; 0 at the end; -errno with `e` set.
 */
int lines_next(struct lines *l, char **ret, size_t *ret_len, struct err *e);

/*
 * Read `n` bytes of a field that is not text, and of them at most the first LINE_MAX_LEN
 * into *ret, ended by NUL. Return: as lines_next().
 */
int lines_bytes(struct lines *l, uint64_t n, char **ret, size_t *ret_len, struct err *e);

/* The first byte of the next line. Return: the byte; 0 at the end; -errno with `e` set.
 */
int lines_peek(struct lines *l, struct err *e);

void lines_done(struct lines *l);

#endif
