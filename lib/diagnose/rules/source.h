/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_SOURCE_H
#define DIAGNOSE_RULES_SOURCE_H

/*
 * What a diagnosis is made of: a source reads one part of the node and adds measures for
 * the rules, or findings. All sources are in one list (diagnose/sources.c); none knows
 * another.
 */

#include "base/deadline.h"
#include "base/err.h"
#include "diagnose/rules/finding.h"
#include "diagnose/rules/measure.h"

struct host;
struct rules;

struct diagnose_run {
	const struct host *h; /* NULL: there is only a log */
	const struct rules *rules;
	struct {
		const char
			*name; /* for messages and evidence; NULL: the log of the node */
		int fd;
		bool journal;     /* of journalctl -o export or -o json; else lines */
		int64_t since_us; /* skip older records: microseconds since boot */
		struct deadline until; /* of a log alone; else that of the host */
	} log;
	struct err error; /* why that log cannot be diagnosed; code 0: it was */
	unsigned seconds; /* between the readings of counters; 0: since boot */
	bool cheap;       /* only what a watch can afford */
	struct measures measures;
	struct diagnosis *d;
};

struct diagnose_source {
	const char *name;
	bool needs_host;
	bool expensive; /* the watch skips it */

	/*
	 * Take the first reading of counters, owned by the caller. NULL: the source has
	 * none, and its end() gets NULL; so it does if run->seconds is 0.
	 */
	void *(*begin)(const struct diagnose_run *run);

	/* Read, subtract `first`, free it, and add to run->measures or run->d. */
	void (*end)(struct diagnose_run *run, void *first);
};

#endif
