/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include <stdio.h>

struct cmd;

/* Print how hosttune is called, with its commands; `cmds` ends with NULL. */
void help_usage(const struct cmd *const *cmds, FILE *out);

/* Print --help of hosttune, and of one command. */
void help_all(const struct cmd *const *cmds);
void help_cmd(const struct cmd *cmd);

#endif
