/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

/*
 * From resources to their states on a host. Audit and apply are one path: observe and
 * diff everything; an audit stops there. engine/apply.h makes the changes.
 */

#include "base/macro.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct journaling;
struct profile;

struct plan {
	struct resource **resources; /* borrowed from the profile; then expired waivers */
	size_t n;
	size_t counts[STATE_SKIPPED + 1]; /* resources by state, but for waived ones */
	size_t n_waived;
	bool continue_on_failure;   /* on-failure: continue */
	bool partial;               /* some are not selected: engine/select.h */
	struct journaling *journal; /* written before each change; NULL: none */
	bool expired; /* it ended early: deadline exceeded, or a signal (base/stop.h) */
};

void plan_init(struct plan *p, const struct profile *profile);

/* The same with another time than now, in Unix seconds: it decides which waivers hold. */
void plan_init_at(struct plan *p, const struct profile *profile, int64_t now_s);

/*
 * Observe and diff everything, and check what involves several resources. What is not
 * read when the host's deadline passes has failed: nothing is known of it.
 */
void plan_observe(struct plan *p, const struct host *h);

/*
 * Gather the evidence of all resources, for reports that print it, until the deadline.
 * Only reads.
 */
void plan_gather_details(struct plan *p, const struct host *h);

/* Count the states again, after one changed. */
void plan_count(struct plan *p);

/* Whether it is refused, and nothing was touched; a refusal in its midst is a failure. */
bool plan_is_refused(const struct plan *p);

/* At the end of an apply: report what is waived as skipped. */
void plan_report_waived(struct plan *p);

/* Find the first resource with that state and reason; NULL: none. */
const struct resource *plan_find(const struct plan *p, enum state s, enum reason r);

/*
 * Whether it is pending until a person acts, as in a reboot or with a waiver that has
 * expired. Another apply would not help, so this one has succeeded.
 */
bool plan_waits_for_user(const struct change *c);

/* --- for the other files of the engine ---------------------------------------------- */

/* Observe and diff one resource; nothing if it is excluded. */
void plan_observe_one(const struct plan *p, struct resource *r, const struct host *h);

/*
 * The same, but leave the resource's change as it is reported. Return: what the diff
 * gives, for change_clear().
 */
struct change plan_look(const struct plan *p, struct resource *r, const struct host *h);

/*
 * Whether this plan still has to change it. Not so if it waits for something outside the
 * plan, such as the stop of a server, or is waived.
 */
bool plan_is_coming(const struct resource *r);

/* Find the first of those that `r` depends on for which `is` holds; NULL: none. */
struct resource *plan_dependency(const struct plan *p, const struct resource *r,
                                 bool (*is)(const struct resource *other));

/* Set STATE_FAILED; the message may quote the one that it replaces. */
void plan_fail(struct resource *r, enum reason reason, const char *fmt, ...)
	_printf_(3, 4);

/* The same, of what was `what` ("not started") since the deadline passed. */
void plan_too_late(struct plan *p, struct resource *r, const struct host *h,
                   const char *what);

/* Failed or refused, and not waived. */
bool plan_has_failed(const struct resource *r);

/* Whether this run began to change any of it. */
bool plan_has_begun(const struct plan *p);

/* Compare two values as text; NULL: absent. */
bool plan_same_value(const char *a, const char *b);

/* Whether it is for certain as it was before its step; unknown is not. */
bool plan_is_as_before(const struct resource *r);

/* The value, or the word for an absent one. */
const char *plan_value(const char *value, const char *absent);

#endif
