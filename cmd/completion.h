/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_COMPLETION_H
#define CMD_COMPLETION_H

#include <stddef.h>

struct cmd;

/*
 * Print what can stand for the last of the `n` words of a command line, without the name
 * of the program. `cmds` ends with NULL. The words of the shell's protocol: complete.c.
 */
void complete(const struct cmd *const *cmds, const char *const *words, size_t n);

/*
 * The values of an option or argument, joined by " ": words, or what stands for them.
 * An empty text: there is nothing to suggest.
 */
#define VALUES_FILE    "<file>"
#define VALUES_DIR     "<dir>"
#define VALUES_FORMAT  "<format>"  /* of the command, and FORMAT=FILE */
#define VALUES_BUILTIN "<builtin>" /* names of built-in profiles */
#define VALUES_KIND    "<kind>"    /* names of kinds and of their sections */
#define VALUES_COMMAND "<command>"
#define VALUES_TOPIC   "<topic>" /* what explain explains */

/* A profile: a built-in name, or a file. */
#define VALUES_PROFILE VALUES_BUILTIN " " VALUES_FILE

#endif
