/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_WAIT_APPLIED_H
#define ENGINE_WAIT_APPLIED_H

/*
 * After sysctls were stored: the host applies all settings anew, and newer hosts all
 * files of sysctl.d with them, which resets values that only a run of ours has written.
 */

#include <stdbool.h>

struct host;
struct applier;
struct plan;

/*
 * Wait until the host has done so, for at most 10 s and within the deadline, and then
 * until nothing changes any more; write again what it reset, and fail what does not
 * stay. `before`: how its files were before the settings were stored.
 * Return: false if it was not seen to run; then nothing is known of its effect.
 */
bool wait_applied(struct plan *p, struct host *h, const struct applier *before);

#endif
