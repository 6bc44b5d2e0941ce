/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/tasks.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "host/atomic_write.h"
#include "host/process/child.h"
#include "nfsd/wanted.h"
#include "profile/waive.h"
#include "resource/kinds.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How much later than due the watch may do something, on a node under load. */
#define LATE_MS 60000
/* How often the metrics file is written; also at once after a change. */
#define FILE_INTERVAL_MS 30000
/* Delay for changes that the quick look cannot see (a reused process number). */
#define THOROUGH_INTERVAL_MS 300000

/* The threads to enforce now: none while a waiver covers them. */
static struct nfsd_wanted wanted_now(const struct profile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct resource *r = p->resources[i];

		if ((r->kind->flags & KIND_ENFORCED) && r->spec.waiver &&
		    waive_in_force(r->spec.waiver, clock_unix_s()))
			return (struct nfsd_wanted){0};
	}
	return nfsd_wanted_of(p->resources, p->n);
}

void tasks_set_target(struct loop *l)
{
	struct nfsd_wanted w = wanted_now(&l->w.profile);

	enforcement_set_target(&l->w.enforcement, w.threads, w.min_threads);
}

static void watch_scan(struct loop *l, bool thorough)
{
	struct watch *w = &l->w;
	struct err e = {0};
	int r = enforcement_scan(&w->enforcement, w->host, thorough, l->t, &e);

	if (r == 0)
		w->scanned_s = (int64_t)time(NULL);
	if (r < 0 && !w->failing)
		log_write(l->t, LOG_ERROR, "cannot look for NFS servers: %s", e.text);
	if (r == 0 && w->failing)
		log_write(l->t, LOG_NOTICE, "can look for NFS servers again");
	w->failing = r < 0;
}

static void start_audit(struct loop *l)
{
	struct err e = {0};

	if (remediation_start(&l->w.remediation, &e) < 0)
		log_write(l->t, LOG_ERROR, "audit: %s", e.text);
}

void tasks_finish_audit(struct loop *l, int timeout_ms)
{
	struct err e = {0};

	if (remediation_finish(&l->w.remediation, timeout_ms, &e) < 0)
		log_write(l->t, LOG_ERROR, "%s", e.text);
	else
		l->audited_ms = clock_now_ms();
	l->file_ms = 0;
}

static void start_diagnosis(struct loop *l)
{
	struct err e = {0};

	if (findings_start(&l->w.findings, &e) < 0)
		log_write(l->t, LOG_ERROR, "diagnosis: %s", e.text);
}

/* Only after a diagnosis: the age of the file is that of what it says. */
static void write_npd(struct loop *l, const char *failure)
{
	_free_ char *text = l->hooks->npd(l->hooks->ctx, &l->w, failure);
	struct err e = {0};

	if (atomic_write(l->o->npd_file, text, &e) < 0)
		log_write(l->t, LOG_ERROR, "node-problem-detector: %s", e.text);
}

void tasks_finish_diagnosis(struct loop *l)
{
	struct err e = {0};
	int r = findings_finish(&l->w.findings, &e);

	if (r < 0)
		log_write(l->t, LOG_ERROR, "%s", e.text);
	if (l->o->npd_file)
		write_npd(l, r < 0 ? e.text : NULL);
	l->file_ms = 0;
}

char *tasks_page(void *ctx)
{
	struct loop *l = ctx;

	return l->hooks->metrics(l->hooks->ctx, &l->w);
}

/* How old the last audit can be: one was due, took all its time, and the next is due. */
static int64_t audit_age_max_ms(const struct loop *l)
{
	return ((int64_t)l->o->audit_interval_s * 2 + l->o->deadline_s) * 1000 + LATE_MS;
}

char *tasks_unhealthy(void *ctx)
{
	const struct loop *l = ctx;
	int64_t now = clock_now_ms(), age = now - l->audited_ms;

	if (l->w.failing)
		return mem_dup("cannot look for NFS servers: see the log");
	if (now > l->scan_ms + LATE_MS)
		return mem_format("did not look for NFS servers for %" PRId64 " s",
		                  (now - l->scan_ms) / 1000 + l->o->interval_s);
	/* without a deadline, a running audit can take any time */
	if (l->o->audit_interval_s && age > audit_age_max_ms(l) &&
	    (l->o->deadline_s || !l->w.remediation.job))
		return mem_format("no audit ended for %" PRId64 " s", age / 1000);
	return NULL;
}

static void write_file(struct loop *l)
{
	_free_ char *text = tasks_page(l);
	struct err e = {0};
	int r = atomic_write(l->o->metrics_file, text, &e);

	if (r < 0 && !l->file_failing)
		log_write(l->t, LOG_ERROR, "metrics: %s", e.text);
	l->file_failing = r < 0;
}

static int64_t ping_interval_ms(const struct loop *l)
{
	return (int64_t)(l->o->watchdog_us / 2000);
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void tasks_ping(struct loop *l)
{
	int64_t now = clock_now_ms();

	if (!l->o->watchdog_us || now < l->ping_ms)
		return;
	notify_send(&l->notify, "WATCHDOG=1");
	l->ping_ms = now + ping_interval_ms(l);
}

static bool has_section(const struct profile *p, const char *section)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->resources[i]->kind->section, section) == 0)
			return true;
	return false;
}

/* Whether items of the profile may select other devices than when it was read. */
static bool devices_differ(struct loop *l)
{
	uint64_t before = l->devices;

	l->devices = 0;
	for (const struct kind *const *k = kinds; *k; k++)
		if ((*k)->devices && has_section(&l->w.profile, (*k)->section))
			l->devices ^= (*k)->devices(l->w.host);
	return before && l->devices && l->devices != before;
}

/* A profile that is read again is audited right after. */
static void audit_or_reload(struct loop *l)
{
	if (devices_differ(l)) {
		log_write(l->t, LOG_NOTICE,
		          "devices were added or removed: the profile is read again");
		l->reload = true;
		return;
	}
	start_audit(l);
	l->audit_ms = clock_now_ms() + (int64_t)l->o->audit_interval_s * 1000;
}

void tasks_do(struct loop *l)
{
	int64_t now = clock_now_ms(), interval_ms = (int64_t)l->o->interval_s * 1000;
	uint64_t observations = l->w.enforcement.scans,
		 enforced = l->w.enforcement.enforced;

	if (now >= l->scan_ms) {
		/* its waiver expired */
		if (wanted_now(&l->w.profile).threads != l->w.enforcement.wanted)
			tasks_set_target(l);
		watch_scan(l, now >= l->thorough_ms);
		l->scan_ms = now + interval_ms;
	}
	if (observations != l->w.enforcement.scans)
		l->file_ms = 0;
	/* the last audit's result for the server is out of date */
	if (enforced != l->w.enforcement.enforced)
		l->audit_ms = sooner(l->audit_ms, now + interval_ms);
	if (now >= l->thorough_ms)
		l->thorough_ms = now + THOROUGH_INTERVAL_MS;
	if (l->o->audit_interval_s && now >= l->audit_ms && !l->w.remediation.job &&
	    !l->reload)
		audit_or_reload(l);
	if (l->o->diagnose_interval_s && now >= l->diagnose_ms && !l->w.findings.job) {
		start_diagnosis(l);
		l->diagnose_ms = now + (int64_t)l->o->diagnose_interval_s * 1000;
	}
	if (l->o->metrics_file && now >= l->file_ms) {
		write_file(l);
		l->file_ms = now + FILE_INTERVAL_MS;
	}
	tasks_ping(l);
	if (!l->w.remediation.job && !l->w.findings.job)
		host_child_reap();
}

int tasks_left_ms(const struct loop *l)
{
	int64_t next = l->scan_ms, left;

	if (l->w.remediation.job)
		next = sooner(next, l->w.remediation.until_ms);
	else if (l->o->audit_interval_s)
		next = sooner(next, l->audit_ms);
	if (l->w.findings.job)
		next = sooner(next, l->w.findings.until_ms);
	else if (l->o->diagnose_interval_s)
		next = sooner(next, l->diagnose_ms);
	if (l->o->metrics_file)
		next = sooner(next, l->file_ms);
	if (l->o->watchdog_us)
		next = sooner(next, l->ping_ms);
	left = next - clock_now_ms();
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}
