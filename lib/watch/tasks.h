/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_TASKS_H
#define WATCH_TASKS_H

/*
 * What the watch does at its intervals: look for servers, audit, write the metrics, ping
 * the service manager. watch.c waits in between.
 */

#include "watch/notify.h"
#include "watch/serve.h"
#include "watch/state.h"

struct loop {
	struct watch w;
	const struct watch_options *o;
	const struct watch_hooks *hooks;
	const struct log *t;
	struct notify notify;
	struct serve serve;
	int signals;

	/* next due */
	int64_t scan_ms, thorough_ms, audit_ms, diagnose_ms, file_ms, ping_ms;
	int64_t audited_ms; /* when an audit ended last, or the watch began */
	uint64_t devices;   /* that items of the profile can select; 0: unknown */
	bool end, reload, file_failing;
};

/* Enforce the threads of the profile, or none while a waiver covers them. */
void tasks_set_target(struct loop *l);

/* Do everything that is due. */
void tasks_do(struct loop *l);

/* Milliseconds until something is due. */
int tasks_left_ms(const struct loop *l);

/* Read the results of the running audit, which has timeout_ms more to end. */
void tasks_finish_audit(struct loop *l, int timeout_ms);

/* The same for the running diagnosis, whose time is over. */
void tasks_finish_diagnosis(struct loop *l);

/* Ping the service manager, if that is due. */
void tasks_ping(struct loop *l);

/* Format the metrics, for struct serve; `ctx` is the loop. The caller frees the text. */
char *tasks_page(void *ctx);

/*
 * For struct serve: return why the watch does not do its work, NULL if it does. It looks
 * for servers at its interval, and audits end. The caller frees the text.
 */
char *tasks_unhealthy(void *ctx);

#endif
