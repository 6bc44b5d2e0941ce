/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_GROUP_H
#define DIAGNOSE_LOG_GROUP_H

/* Events of one rule and one subject, counted. */

#include "diagnose/log/record.h"
#include "diagnose/rules/rule.h"

/* Boots of which a group has its own numbers. */
#define GROUP_BOOTS_MAX 8

/* One record that a rule matched. */
struct log_event {
	const struct rule *rule;
	struct log_fields fields;
	char *subject;
	char *text; /* the start of the message, printable */
	struct log_time time;
	uint64_t boot, line;
	uint64_t stacks; /* classes of its stack */
	bool has_stack;
};

/* The place of an event: "kern.log:120", owned. */
char *log_event_where(const struct log_event *e, const char *file);

/* The message with its time, owned. */
char *log_event_line(const struct log_event *e);

/* Whether both name drives, or file systems on them, that are different ones for sure. */
bool log_events_of_different_drives(const struct log_event *a, const struct log_event *b);

void log_event_done(struct log_event *e);

struct log_group {
	struct log_event first; /* of numbers, the largest; of drives, "several" */
	struct log_time last;
	uint64_t last_boot, count, n_boots;
	struct group_boot {
		uint64_t boot, count;
		struct log_time first, last;
	} boots[GROUP_BOOTS_MAX];
};

struct log_groups {
	struct log_group *list;
	size_t n, cap, max; /* max: no more than these */
	uint64_t merged;    /* events that have no group of their subject */
};

/*
 * Count an event. Beyond `max` groups, those of another subject are counted with the last
 * one of their rule, or not at all.
 */
void log_groups_add(struct log_groups *g, const struct log_event *e);

void log_groups_done(struct log_groups *g);

#endif
