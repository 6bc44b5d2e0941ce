/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_REMEDIATE_H
#define WATCH_REMEDIATE_H

/*
 * Audit a profile again and again, in the background, and mend what drifted.
 *
 * Each resource is mended by itself: one that cannot be does not take the others back.
 * What stands on drives is only told: a file system that is mounted while pods run is
 * not the one that they see. An audit runs in a child process, so that what it needs
 * (the API's library) does not stay.
 */

#include "base/err.h"
#include "engine/persist.h"
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
	unsigned deadline_s; /* of each audit; 0: none */
	bool dry;            /* tell, and change nothing */
	bool in_host_netns;  /* may change what is KIND_HOST_NETNS */
	const struct log *log;

	/* of the last audit */
	bool known;
	enum state *states; /* of the profile's resources */
	size_t counts[STATE_SKIPPED + 1];
	enum persist_state api;
	int64_t finished_s; /* Unix time; 0: never */
	uint64_t audits, failed, remediated;

	struct host *host;
	struct host_child *job; /* that runs; NULL: none */
	int64_t until_ms;       /* of clock_now_ms() */
};

void remediation_init(struct remediation *m, struct host *h, const struct profile *p,
                      const struct log *t);
void remediation_done(struct remediation *m);

/* Audit another profile from now on; the counters go on. None may run. */
void remediation_set_profile(struct remediation *m, const struct profile *p);

/* Start an audit unless one runs. Return: 0 or -errno. */
int remediation_start(struct remediation *m, struct err *e);

/*
 * Once the job's descriptor can be read, or its time is over: take what it found.
 * `timeout_ms`: to wait for the end, after which it is killed.
 * Return: 0, or -errno with `e` if the audit itself failed.
 */
int remediation_finish(struct remediation *m, int timeout_ms, struct err *e);

#endif
