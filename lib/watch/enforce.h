/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_ENFORCE_H
#define WATCH_ENFORCE_H

/*
 * Keep every running NFS server of the node, in any network namespace, at the number of
 * threads of a profile. Never starts a server.
 */

#include "base/deadline.h"
#include "base/err.h"
#include "nfsd/tasks.h"
#include "watch/enforced.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct log;

struct enforcement {
	unsigned wanted;     /* 0: do not look for servers, only count threads */
	unsigned min_wanted; /* of idle pools; 0: do not change (see nfsd_server.h) */
	bool dry;            /* report, and change nothing */

	struct enforced_namespaces places;
	unsigned threads;   /* of all servers of the node, as counted by the kernel */
	bool uncounted;     /* that cannot be read */
	unsigned unreached; /* those of them in servers that no look found */

	uint64_t scans;   /* for servers, after a change */
	uint64_t entered; /* namespaces entered by these looks */
	uint64_t enforced, failed;

	struct nfsd_tasks tasks;    /* the threads at the last look */
	struct deadline removed_by; /* later, they are no rest of a removed namespace */
	bool settled;               /* the last look found everything in sync */
	unsigned logged_unreached;
	bool logged_rights;
};

void enforcement_init(struct enforcement *p, bool dry);
void enforcement_done(struct enforcement *p);

/* Set what to pin to from now on. */
void enforcement_set_target(struct enforcement *p, unsigned wanted, unsigned min_wanted);

/*
 * Check whether anything changed; only then enter the namespaces: first those that had
 * servers, then new ones, until all threads that the kernel counts are found.
 *
 * Logs what was pinned, and once what cannot be pinned; threads that no namespace
 * accounts for after ten seconds, since those of a namespace that is being removed end by
 * themselves. `thorough`: look in any case. Return: 0, or -errno with `e` if the node
 * cannot be inspected.
 */
int enforcement_scan(struct enforcement *p, struct host *h, bool thorough,
                     const struct log *t, struct err *e);

#endif
