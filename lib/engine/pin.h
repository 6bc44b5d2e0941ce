/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PIN_H
#define ENGINE_PIN_H

/*
 * Keep the number of threads of every running NFS server of the node, in whatever
 * network namespace, at what a profile says. No server is ever started.
 */

#include "base/err.h"
#include "host/host_netns.h"
#include "host/host_nfsd_tasks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct teller;

/* A namespace that was looked into. */
struct pin_place {
	struct host_netns ns; /* its path is owned */
	unsigned threads;     /* of the server in it; 0: none runs */
	unsigned least;       /* of them, those that are there at any time */
	int told;             /* -errno of the failure that was told last */
	bool seen, failed;    /* by the last look */
};

struct pin {
	unsigned wanted;     /* 0: none is looked for; threads are only counted */
	unsigned min_wanted; /* that idle pools keep; 0: as it is (see host_nfsd.h) */
	bool dry;            /* tell, and change nothing */

	struct pin_place *places;
	size_t n, cap;
	unsigned threads;   /* of all servers of the node, as the kernel counts them */
	unsigned unreached; /* of them, those of servers that no look found */

	uint64_t looks;   /* for servers, since something changed */
	uint64_t entered; /* namespaces, for that */
	uint64_t pinned, failed;

	struct host_nfsd_tasks tasks; /* as the last look found all in order */
	bool settled;                 /* ... and it did */
	unsigned told_unreached;
	bool told_rights;
};

void pin_init(struct pin *p, bool dry);
void pin_done(struct pin *p);

/* What to pin to from now on. */
void pin_want(struct pin *p, unsigned wanted, unsigned min_wanted);

/*
 * Look whether anything changed, and only then into the namespaces: those first where
 * servers were, then new ones, until all threads that the kernel counts are found.
 * What is pinned, and what cannot be (once), is told. `thorough`: look in any case.
 * Return: 0, or -errno with `e` if the node cannot be looked at.
 */
int pin_look(struct pin *p, struct host *h, bool thorough, const struct teller *t,
             struct err *e);

#endif
