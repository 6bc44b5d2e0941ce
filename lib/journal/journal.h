/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

/*
 * What one run changes: for each object, its value before and the value that the run
 * gives it. Written before the change, so that it can be undone after a crash, too.
 *
 * A record alone does not say whether the change was made. Whoever undoes it compares
 * three values: an object that has `desired` is restored, one that has `previous` is as
 * before, and any other value was written by another process since.
 */

#include "base/macro.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;

#define JOURNAL_RECORDS_MAX 20000

/* Texts and trees are owned. */
struct journal_record {
	char *kind;            /* name of the kind whose value this is: "sysctl" */
	char *object;          /* "vm.swappiness"; of a setting, its dotted name */
	bool stored;           /* a Bottlerocket setting: it outlives a reboot */
	struct node *previous; /* NULL: absent, or unknown */
	struct node *desired;  /* NULL: what the kernel makes of it, unknown so far */
	/* of a setting that was absent, the value with the same effect; NULL: none */
	struct node *instead;
};

enum journal_state {
	JOURNAL_APPLYING, /* the run has not ended, or was cut off */
	JOURNAL_APPLIED,
	JOURNAL_REVERTED,
};

struct journal {
	unsigned id;    /* rises from run to run; 0: not stored yet */
	char *boot;     /* boot id of the host; "" if it has none */
	char *machine;  /* machine id of the host, likewise */
	char *command;  /* "apply" or "watch" */
	char *profile;  /* as the user called it */
	int64_t time_s; /* Unix time of the start */
	enum journal_state state;
	unsigned
		try_s; /* apply --try: seconds to confirm in; 0: no trial, or confirmed */
	unsigned tries;       /* how often the end of the trial restored only a part */
	int64_t try_until_ms; /* likewise, in the time since boot, CLOCK_BOOTTIME */
	struct journal_record *records; /* in the order of the changes */
	size_t n, cap;
	uint32_t *index; /* of journal.c: where the record of an object is */
	size_t index_size;
};

/* Find the record of an object; NULL: none. Borrowed. */
struct journal_record *journal_find(const struct journal *j, const char *kind,
                                    const char *object);

/*
 * Add the record, and take ownership of its content. An object that has one keeps its
 * previous value: only `desired` is replaced.
 * Return: whether the journal changed.
 */
bool journal_add(struct journal *j, struct journal_record *r);

/* Remove the records for which `drop` returns true. */
void journal_filter(struct journal *j,
                    bool (*drop)(const struct journal_record *r, void *arg), void *arg);

/* Whether a record can have the text as a value of the host: one line of UTF-8. */
bool journal_holds(const char *text);

/* The word for a state: "applied". */
const char *journal_state_word(enum journal_state s);

void journal_done(struct journal *j);

#define _journal_ _cleanup_(journal_done)

#endif
