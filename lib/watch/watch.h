/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_WATCH_H
#define WATCH_WATCH_H

/*
 * The process that stays: looks for NFS servers at each interval and pins them, audits
 * and mends the profile at each audit interval, and tells what it knows as metrics.
 * SIGTERM and SIGINT end it, SIGHUP loads the profile again.
 */

#include "base/err.h"
#include "profile/profile.h"
#include "watch/enforce.h"
#include "watch/remediate.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct log;
struct watch;

struct watch_options {
	unsigned interval_s;       /* at least 1 */
	unsigned audit_interval_s; /* 0: no audits */
	unsigned deadline_s;       /* of an audit; 0: none */
	bool dry;                  /* tell, and change nothing */
	const char *metrics_file;  /* NULL: none */
	const char *listen;        /* "127.0.0.1:9876"; NULL: nowhere */
	const char *notify_socket; /* $NOTIFY_SOCKET or NULL */
	uint64_t watchdog_us;      /* $WATCHDOG_USEC or 0 */
};

/* What is above the engine. */
struct watch_hooks {
	/* Load the profile; what is wrong is told. Return: 0, or -1 with *ret empty. */
	int (*load)(void *ctx, struct profile *ret);
	/* The metrics as text, which the caller frees. */
	char *(*metrics)(void *ctx, const struct watch *w);
	void *ctx;
	const struct log *log;
};

struct watch {
	struct host *host;
	struct profile profile;
	struct enforcement enforcement;
	struct remediation remediation;
	uint64_t reloads, bad_reloads;
	int64_t scanned_s; /* Unix time of the last look that worked; 0: none */
	bool failing;      /* the last look did not work, which was told */
};

/*
 * Watch until a signal ends it. Return: 0 then; -EINVAL if the profile or an option is
 * of no use, told in `e` or by load(); -errno if it could not begin.
 */
int watch_run(struct host *h, const struct watch_options *o,
              const struct watch_hooks *hooks, struct err *e);

#endif
