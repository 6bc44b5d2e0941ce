/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_FILES_H
#define CMD_FILES_H

/*
 * The files of this machine that a run reads and replaces, by its options and arguments:
 * what is read is never replaced, and no two results go to one file.
 */

struct cmd;
struct options;

/* Why a file is not replaced. */
#define FILES_READ "this file is read by the same run"

/* Check that. Return: 0, or -1 after printing the errors. */
int files_check(const struct options *o, const struct cmd *cmd);

/*
 * Return what makes the run replace this file, as messages name it: "--output json=FILE".
 * NULL: nothing. Owned by the caller.
 */
char *files_replaced_by(const struct options *o, const char *file);

#endif
