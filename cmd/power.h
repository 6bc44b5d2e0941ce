/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_POWER_H
#define CMD_POWER_H

/* Capabilities (host/process/capabilities.h) that a command keeps. */

#include <stdint.h>

struct cmd;
struct options;

/* What a run keeps to its end, whatever its plan is: to read, and to write its files. */
uint64_t power_always(const struct options *o);

/*
 * Give up what the command never needs. One that plans gives up more when it knows what
 * its plan needs.
 */
void power_limit(const struct options *o, const struct cmd *cmd);

#endif
