/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/enforce.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "engine/lock.h"
#include "host/host.h"
#include "watch/enforce_visit.h"

#include <errno.h>

/* How long the threads of a namespace that is being removed may outlive its processes. */
#define REMOVAL_MS 10000

void enforcement_init(struct enforcement *p, bool dry)
{
	*p = (struct enforcement){.dry = dry};
}

void enforcement_done(struct enforcement *p)
{
	enforced_done(&p->places);
	nfsd_tasks_done(&p->tasks);
	*p = (struct enforcement){0};
}

void enforcement_set_target(struct enforcement *p, unsigned wanted, unsigned min_wanted)
{
	p->wanted = wanted;
	p->min_wanted = min_wanted;
	p->settled = false;
	for (size_t i = 0; i < p->places.n; i++)
		p->places.list[i].logged = 0;
}

/*
 * Whether no server can be elsewhere. The kernel counts the threads that run now, so
 * threads that may stop when idle do not count.
 */
static bool found_all(const struct enforcement *p)
{
	return enforced_least(&p->places) >= p->threads;
}

/* --- one namespace --------------------------------------------------------------------
 */

static struct enforce_visit new_visit(const struct enforcement *p, bool act)
{
	return (struct enforce_visit){
		.wanted = p->wanted, .min_wanted = p->min_wanted, .act = act};
}

static int act(struct enforcement *p, struct host *h, struct enforced_namespace *place,
               const struct log *t, struct err *e)
{
	_close_ int lock = lock_take(h, e);
	_free_ char *name = enforced_name(&place->ns);
	struct enforce_visit v = new_visit(p, true);
	int r = lock < 0 ? lock : enforce_visit(&v, h, &place->ns, e);

	/* of the lock's path; it would say that the namespace is gone */
	if (lock == -ENOENT)
		return -ENODATA;
	if (r < 0)
		return r;
	enforced_take(place, &v.after);
	if (!v.enforced)
		return 0;
	if (!enforce_in_sync(&v, &v.after))
		return err_set(e, -EIO, "wrote %u threads, but the kernel has %u",
		               p->wanted, v.after.threads);
	p->enforced++;
	log_write(t, LOG_NOTICE, "pinned nfsd in %s: %u -> %u threads", name,
	          v.before.threads, v.after.threads);
	return 0;
}

/*
 * Log a failure once, until it changes or is gone. A missing right affects all
 * namespaces: log it once for all.
 */
static void report_failure(struct enforcement *p, struct enforced_namespace *place,
                           int code, const struct err *e, const struct log *t)
{
	_free_ char *name = enforced_name(&place->ns);
	bool rights = code == -EACCES || code == -EPERM;

	if (place->logged == code || (rights && p->logged_rights))
		return;
	place->logged = code;
	p->logged_rights |= rights;
	log_write(t, code == LOCK_HELD ? LOG_DETAIL : LOG_WARNING,
	          "nfsd in %s: not pinned: %s%s", name, e->text,
	          rights ? " (CAP_SYS_ADMIN is missing: NFS servers in other network "
	                   "namespaces cannot be pinned)"
	                 : "");
}

static void scan_namespace(struct enforcement *p, struct host *h,
                           struct enforced_namespace *place, const struct log *t)
{
	struct enforce_visit v = new_visit(p, false);
	struct err e = {0};
	int r = enforce_visit(&v, h, &place->ns, &e);

	p->entered++;
	place->seen = true;
	place->failed = false;
	enforced_take(place, r == 0 ? &v.before : &(struct nfsd_server){0});
	if (r == 0 && !enforce_in_sync(&v, &v.before) && p->dry) {
		r = err_set(&e, -ECANCELED, "dry run: threads is %u, should be %u",
		            place->threads, p->wanted);
	} else if (r == 0 && !enforce_in_sync(&v, &v.before)) {
		r = act(p, h, place, t, &e);
		p->settled = false;
	}
	/* the namespace went away while it was inspected: not a failure */
	if (r == -ENOENT)
		return;
	place->failed = r < 0;
	if (r == 0) {
		place->logged = 0;
		return;
	}
	p->failed += r != LOCK_HELD && r != -ECANCELED;
	report_failure(p, place, r, &e, t);
}

/* --- all of them ----------------------------------------------------------------------
 */

enum which { WHERE_SERVERS_WERE, NEW, OTHERS };

static void enforce_scan_one(struct enforcement *p, struct host *h, enum which which,
                             size_t n_known, const struct log *t)
{
	for (size_t i = 0; i < p->places.n; i++) {
		struct enforced_namespace *place = &p->places.list[i];
		bool was = i < n_known && place->threads > 0;
		bool is_new = i >= n_known;

		if (place->seen || (which == WHERE_SERVERS_WERE && !was) ||
		    (which == NEW && !is_new))
			continue;
		if ((found_all(p) && which != WHERE_SERVERS_WERE) || stop_signal())
			return;
		scan_namespace(p, h, place, t);
	}
}

/* Log threads that no namespace accounts for, and why, as far as it is known. */
static void report_unreached(struct enforcement *p, const struct host_netns_list *l,
                             const struct log *t)
{
	if (p->unreached == p->logged_unreached || enforced_any_failed(&p->places))
		return;
	p->logged_unreached = p->unreached;
	if (p->unreached == 0)
		log_write(t, LOG_NOTICE, "all nfsd threads can be reached again");
	else if (l->unseen.failure)
		log_write(
			t, LOG_WARNING,
			"%u nfsd threads cannot be pinned: their network namespace cannot "
			"be determined: %s",
			p->unreached, l->unseen.failure);
	else if (l->unseen.denied > 0)
		log_write(
			t, LOG_WARNING,
			"%u nfsd threads cannot be pinned: %zu processes cannot be inspected, and "
			"one of them may be in the threads' network namespace (CAP_SYS_PTRACE is "
			"missing)",
			p->unreached, l->unseen.denied);
	else if (p->tasks.n < p->tasks.count)
		log_write(
			t, LOG_WARNING,
			"%u nfsd threads cannot be pinned: the host's processes are not visible "
			"(use the host's PID namespace: hostPID: true, or a superpowered host "
			"container)",
			p->unreached);
	else
		log_write(
			t, LOG_WARNING,
			"%u nfsd threads cannot be pinned: no process and no mounted file leads to "
			"their network namespace",
			p->unreached);
}

/* Until it is certain that they are no rest of a server that has ended, look again. */
static void enforce_note_unreached(struct enforcement *p, const struct host_netns_list *l,
                                   const struct log *t)
{
	unsigned found = enforced_threads(&p->places);
	unsigned unreached = p->threads > found ? p->threads - found : 0;
	bool certain;

	if (unreached != p->unreached)
		p->removed_by = deadline_in_ms(REMOVAL_MS);
	p->unreached = unreached;
	certain = unreached == 0 || deadline_expired(p->removed_by);
	p->settled &= certain;
	if (certain || l->unseen.failure)
		report_unreached(p, l, t);
}

/* Start where servers are most likely, and stop once all threads are found. */
static void scan_list(struct enforcement *p, struct host *h,
                      const struct host_netns_list *l, const struct log *t)
{
	size_t n_known = p->places.n;

	enforced_note(&p->places, l);
	enforce_scan_one(p, h, WHERE_SERVERS_WERE, n_known, t);
	enforce_scan_one(p, h, NEW, n_known, t);
	enforce_scan_one(p, h, OTHERS, n_known, t);
}

static int enforce_scan_all(struct enforcement *p, struct host *h, const struct log *t,
                            struct err *e)
{
	_netns_list_ struct host_netns_list l = {0};
	bool mounted = enforced_any_by_path(&p->places);
	uint64_t enforced = p->enforced;
	int r = host_netns_list(h, &l, e);

	if (r < 0)
		return r;
	if (mounted)
		host_netns_list_mounted(h, &l);
	enforced_forget(&p->places, &l);
	for (size_t i = 0; i < p->places.n; i++)
		p->places.list[i].seen = false;
	scan_list(p, h, &l, t);
	/* the table of mounts can be long: read it only if threads are missing */
	if (!found_all(p) && !mounted) {
		host_netns_list_mounted(h, &l);
		scan_list(p, h, &l, t);
	}
	/* the watch ends: the look is not complete */
	if (stop_signal())
		return 0;
	/* a namespace that was not entered has no server: all threads are elsewhere */
	for (size_t i = 0; i < p->places.n; i++)
		if (!p->places.list[i].seen)
			p->places.list[i].threads = 0;
	/* a server that is stopping or starting now is left to the next look */
	p->settled &= nfsd_tasks_same(h, &p->tasks);
	if (enforced == p->enforced && nfsd_tasks_same(h, &p->tasks))
		enforce_note_unreached(p, &l, t);
	return 0;
}

/* Reset: no server runs on the node. */
static void rest(struct enforcement *p)
{
	enforced_done(&p->places);
	p->unreached = 0;
	p->logged_unreached = 0;
}

int enforcement_scan(struct enforcement *p, struct host *h, bool thorough,
                     const struct log *t, struct err *e)
{
	int r;

	if (p->wanted == 0) {
		rest(p);
		r = nfsd_tasks_count(h, &p->threads, e);
		p->uncounted = r < 0;
		return r;
	}
	if (p->settled && !thorough && nfsd_tasks_same(h, &p->tasks))
		return 0;
	p->scans++;
	p->settled = true;
	/* read before looking: a change meanwhile then differs at the next look */
	nfsd_tasks_done(&p->tasks);
	r = nfsd_tasks_read(h, &p->tasks, e);
	p->uncounted = r < 0;
	p->threads = p->tasks.count;
	if (r == 0 && p->threads == 0)
		rest(p);
	else if (r == 0)
		r = enforce_scan_all(p, h, t, e);
	if (r < 0)
		p->settled = false;
	return r;
}
