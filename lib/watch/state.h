/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_STATE_H
#define WATCH_STATE_H

/* What the watch is asked to do, and what it knows. */

#include "profile/profile.h"
#include "watch/enforce.h"
#include "watch/findings.h"
#include "watch/remediate.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct log;
struct watch;

struct watch_options {
	unsigned interval_s;          /* at least 1 */
	unsigned audit_interval_s;    /* 0: no audits */
	unsigned diagnose_interval_s; /* 0: no diagnoses */
	unsigned deadline_s;          /* of an audit; 0: none */
	bool dry;                     /* report, and change nothing */
	bool journal;                 /* write what it changes to a journal ... */
	const char *state_dir;        /* ... in this directory; NULL: the default */
	const char *metrics_file;     /* NULL: none */
	const char *npd_file;         /* NULL: none */
	const char *const *rules;     /* files of rules, ended by NULL; or NULL */
	const char *listen;           /* "127.0.0.1:9876"; NULL: no listener */
	const char *notify_socket;    /* $NOTIFY_SOCKET or NULL */
	uint64_t watchdog_us;         /* $WATCHDOG_USEC or 0 */
};

/* What the caller above the engine provides. */
struct watch_hooks {
	/* Load the profile and report its problems. Return: 0, or -1 with *ret empty. */
	int (*load)(void *ctx, struct profile *ret);
	/* Format the metrics; the caller frees the text. */
	char *(*metrics)(void *ctx, const struct watch *w);
	/*
	 * Format the status and the line of a plugin of node-problem-detector, after a
	 * diagnosis; `failure`: why it failed, or NULL. The caller frees the text.
	 */
	char *(*npd)(void *ctx, const struct watch *w, const char *failure);
	void *ctx;
	const struct log *log;
};

struct watch {
	struct host *host;
	struct profile profile;
	struct enforcement enforcement;
	struct remediation remediation;
	struct findings findings;
	uint64_t reloads, bad_reloads;
	int64_t scanned_s; /* Unix time of the last successful look; 0: none */
	bool failing;      /* the last look failed, which was logged */
};

#endif
