/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_ENFORCE_H
#define WATCH_ENFORCE_H

/*
 * Keep the number of threads of every running NFS server of the node, in whatever
 * network namespace, at what a profile says. No server is ever started.
 */

#include "base/err.h"
#include "host/netns.h"
#include "nfsd/tasks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct log;

/* A namespace that was looked into. */
struct enforced_namespace {
	struct host_netns ns; /* its path is owned */
	unsigned threads;     /* of the server in it; 0: none runs */
	unsigned least;       /* of them, those that are there at any time */
	int logged;           /* -errno of the failure that was told last */
	bool seen, failed;    /* by the last look */
};

struct enforcement {
	unsigned wanted;     /* 0: none is looked for; threads are only counted */
	unsigned min_wanted; /* that idle pools keep; 0: as it is (see nfsd_server.h) */
	bool dry;            /* tell, and change nothing */

	struct enforced_namespace *places;
	size_t n, cap;
	unsigned threads;   /* of all servers of the node, as the kernel counts them */
	unsigned unreached; /* of them, those of servers that no look found */

	uint64_t scans;   /* for servers, since something changed */
	uint64_t entered; /* namespaces, for that */
	uint64_t enforced, failed;

	struct nfsd_tasks tasks; /* as the last look found all in order */
	bool settled;            /* ... and it did */
	unsigned logged_unreached;
	bool logged_rights;
};

void enforcement_init(struct enforcement *p, bool dry);
void enforcement_done(struct enforcement *p);

/* What to pin to from now on. */
void enforcement_set_target(struct enforcement *p, unsigned wanted, unsigned min_wanted);

/*
 * Look whether anything changed, and only then into the namespaces: those first where
 * servers were, then new ones, until all threads that the kernel counts are found.
 * What is pinned, and what cannot be (once), is told. `thorough`: look in any case.
 * Return: 0, or -errno with `e` if the node cannot be looked at.
 */
int enforcement_scan(struct enforcement *p, struct host *h, bool thorough,
                     const struct log *t, struct err *e);

#endif
