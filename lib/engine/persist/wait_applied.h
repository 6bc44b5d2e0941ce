/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PERSIST_WAIT_APPLIED_H
#define ENGINE_PERSIST_WAIT_APPLIED_H

/*
 * Wait for the host after sysctls were stored: it applies all settings again. Newer hosts
 * also apply all files of sysctl.d, which resets values that only this run has written.
 */

#include <stdbool.h>

struct host;
struct applier;
struct plan;

/*
 * Wait until the host has applied the settings, at most 10 s and within the deadline, and
 * then until nothing changes any more. Write again what the host reset, and fail what
 * does not stay.
 *
 * `before`: the host's files before the settings were stored.
 * Return: false if the host was not seen to apply them; then the effect is unknown.
 */
bool wait_applied(struct plan *p, struct host *h, const struct applier *before);

#endif
