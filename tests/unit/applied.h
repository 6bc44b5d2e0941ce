/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_APPLIED_H
#define UNIT_APPLIED_H

/*
 * Whole runs on the temporary root (tmproot.h): a profile is loaded, observed, applied
 * with a journal, and persisted. Results are kept until the test ends.
 */

#include "engine/journaling.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"
#include "profile/profile.h"

struct journal;

/* The last run. `command` and `dir` are those of its journal. */
extern struct applied {
	struct profile profile;
	struct plan plan;
	struct persist persist;
	struct journaling journaling;
	const char *command;
	char *dir;
} applied;

#define APPLIED_BOOT_ID "/proc/sys/kernel/random/boot_id"

/* Fixtures: a captured root, or a live host without the API whose /etc can be written. */
int applied_setup(void **state);
int applied_setup_host(void **state);
int applied_teardown(void **state);

/* Load and observe the profile p.yaml, which must be valid. */
void applied_audit(const char *text);

/* Apply and persist it, as the command does. Return: of plan_apply(). */
int applied_run(const char *text);

/* Only the second half of that, after applied_audit(). */
int applied_act(void);

/* "drift NotPersisted: not in ...;" for each resource that is not in sync. */
const char *applied_report(void);

/* The journal with that id, until the next call; 0: there must be none at all. */
struct journal *applied_journal(unsigned id);

/* "vm.swappiness 60 10;" for each record of it. */
const char *applied_records(const struct journal *j);

/*
 * Revert the journal. Return: "vm.swappiness changed Restored: 10 -> 60;\n" for each
 * resource, and "complete" or "not complete".
 */
const char *applied_revert(const struct journal *j);

/* Remove a directory of the root. */
void applied_remove_dir(const char *path);

#endif
