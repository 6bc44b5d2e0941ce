/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_APPLY_RUN_H
#define CMD_APPLY_RUN_H

#include "cmd.h"

/* Run apply and audit: one path; only one branch differs. Return: the exit code. */
int apply_run(const struct options *o, bool act);

#endif
