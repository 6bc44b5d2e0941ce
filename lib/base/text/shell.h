/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_TEXT_SHELL_H
#define BASE_TEXT_SHELL_H

/* Commands for people to paste. The program itself uses no shell. */

/*
 * Quote a word for a POSIX shell, if it needs that: "a b" becomes "'a b'". Owned by the
 * caller.
 */
char *shell_quote(const char *word);

#endif
