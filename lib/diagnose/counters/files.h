/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_FILES_H
#define DIAGNOSE_COUNTERS_FILES_H

/*
 * Sources that are tables: files of named counters, and which of them are measures of
 * the node.
 */

#include "diagnose/counters/tally.h"
#include "diagnose/rules/source.h"

struct err;

enum counter_type {
	COUNTER,       /* grows: what it grew by */
	COUNTER_PAGES, /* the same in pages, as bytes */
	GAUGE,         /* a value by itself */
	GAUGE_PAGES,   /* the same in pages, as bytes */
};

struct counter_row {
	enum measure_id id;
	enum counter_type type;
	const char *pattern; /* of tally_sum() */
};

struct counter_file {
	const char *path; /* "/proc/net/..." is that of the host, see below */
	void (*parse)(const char *text, struct tally *t);
	const struct counter_row *rows;
	size_t n_rows;
};

/*
 * begin() and end() of such a source. counter_files_end() frees `first`; it is NULL if
 * the counters are those since boot.
 */
void *counter_files_begin(const struct diagnose_run *run,
                          const struct counter_file *files, size_t n);
void counter_files_end(struct diagnose_run *run, void *first,
                       const struct counter_file *files, size_t n);

/*
 * Read a file of counters of at most COUNTER_FILE_MAX bytes. "/proc/net/..." is read for
 * the host's network namespace. The caller frees *ret.
 */
#define COUNTER_FILE_MAX (64U << 20)
int counter_file_read(const struct host *h, const char *path, char **ret, struct err *e);

/* Read how long the node is up, in seconds: /proc/uptime. */
#define COUNTER_UPTIME "/proc/uptime"
int counter_uptime(const struct host *h, double *ret, struct err *e);

/* A counter as a measure has it: at most INT64_MAX. */
int64_t counter_value(uint64_t value);

#endif
