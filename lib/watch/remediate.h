/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_REMEDIATE_H
#define WATCH_REMEDIATE_H

/*
 * Audit a profile repeatedly, in the background, and fix what drifted.
 *
 * Each resource is fixed separately: if one cannot be fixed, the others are not rolled
 * back. Resources on drives are only reported: pods that already run would not see a file
 * system that is mounted now. An audit runs in a child process, so that its memory (the
 * API's library) is freed afterwards.
 */

#include "base/err.h"
#include "engine/persist/attempts.h"
#include "engine/persist/persist.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct host_child;
struct profile;
struct log;

struct remediation {
	const struct profile *profile;
	unsigned deadline_s;   /* of each audit; 0: none */
	bool dry;              /* report, and change nothing */
	bool journal;          /* write what it changes to a journal ... */
	const char *state_dir; /* ... in this directory; NULL: the default */
	bool in_host_netns;    /* may change what is KIND_HOST_NETNS */
	const struct log *log;

	/* results of the last audit */
	bool known;
	size_t n; /* resources of the profile, and expired waivers behind them */
	enum state *states;               /* of each */
	bool *waived;                     /* of each: a waiver covers its state */
	size_t counts[STATE_SKIPPED + 1]; /* but for waived ones */
	size_t n_waived;
	enum persist_state api;
	bool api_failed;    /* see persist_failed() */
	int64_t finished_s; /* Unix time; 0: never */
	uint64_t audits, failed, remediated;

	/* changes to the settings that are not sent again: see engine/persist/attempts.h
	 */
	struct attempts tried;

	struct host *host;
	struct host_child *job; /* the running audit; NULL: none */
	int64_t until_ms;       /* when to kill it, on clock_now_ms() */
};

void remediation_init(struct remediation *m, struct host *h, const struct profile *p,
                      const struct log *t);
void remediation_done(struct remediation *m);

/* Audit another profile from now on; the counters continue. No audit may be running. */
void remediation_set_profile(struct remediation *m, const struct profile *p);

/* Start an audit unless one is running. Return: 0 or -errno. */
int remediation_start(struct remediation *m, struct err *e);

/* Have a running audit end early: after the change under way, if there is one. */
void remediation_ask_to_end(const struct remediation *m);

/*
 * Read the results of the audit. Call it once the job's descriptor is readable, or its
 * time is over.
 *
 * `timeout_ms`: how long to wait for the child to end before it is killed.
 * Return: 0, or -errno with `e` if the audit itself failed.
 */
int remediation_finish(struct remediation *m, int timeout_ms, struct err *e);

#endif
