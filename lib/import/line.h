/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_LINE_H
#define IMPORT_LINE_H

/* Remove blanks around a text, in place. Return: its first character that is none. */
char *line_trim(char *s);

/* Return the column of `p` in its line, in characters from 1. */
unsigned line_column(const char *line, const char *p);

#endif
