/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

/*
 * The resident process. At each interval it looks for NFS servers and pins them; at each
 * audit interval it audits the profile and fixes drift. It exports metrics. SIGTERM and
 * SIGINT end it, SIGHUP reloads the profile.
 */

#include "base/err.h"
#include "watch/state.h"

struct host;

/*
 * Watch until a signal ends it.
 *
 * Return: 0 after the signal; -EINVAL if the profile or an option is unusable, reported
 * in `e` or by load(); -errno if it could not start.
 */
int watch_run(struct host *h, const struct watch_options *o,
              const struct watch_hooks *hooks, struct err *e);

#endif
