/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_REVERTING_H
#define CMD_REVERTING_H

/* What revert and unpersist share: their report. */

#include "cmd.h"
#include "output.h"

#include <stdio.h>

struct host;
struct revert;

struct reverting {
	const struct options *o;
	struct revert *revert;
	struct host *host;
	bool acted;
};

/* Print a struct reverting: for outputs_write(). */
void reverting_print(enum format f, void *ctx, FILE *out, FILE *log);

/* The exit code of what was done, or would be. */
enum exit_code reverting_exit_code(const struct revert *v, bool acted);

#endif
