/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/pin.h"

#include "base/mem.h"
#include "base/tell.h"
#include "engine/lock.h"
#include "engine/pin_visit.h"
#include "host/host.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pin_init(struct pin *p, bool dry)
{
	*p = (struct pin){.dry = dry};
}

void pin_done(struct pin *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->places[i].ns.path);
	free(p->places);
	host_nfsd_tasks_done(&p->tasks);
	*p = (struct pin){0};
}

void pin_want(struct pin *p, unsigned wanted, unsigned min_wanted)
{
	p->wanted = wanted;
	p->min_wanted = min_wanted;
	p->settled = false;
	for (size_t i = 0; i < p->n; i++)
		p->places[i].told = 0;
}

/* --- places ---------------------------------------------------------------------------
 */

static struct pin_place *find(struct pin *p, const struct host_netns *ns)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->places[i].ns.ino == ns->ino && p->places[i].ns.dev == ns->dev)
			return &p->places[i];
	return NULL;
}

/* Take over what is there now; where a known server is, any of its processes will do. */
static void note(struct pin *p, const struct host_netns_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct host_netns *ns = &l->list[i];
		struct pin_place *place = find(p, ns);

		if (!place) {
			p->places = mem_grow(p->places, &p->cap, p->n, sizeof(*place));
			place = &p->places[p->n++];
			*place = (struct pin_place){0};
		}
		free(place->ns.path);
		place->ns = *ns;
		place->ns.path = mem_dup(ns->path);
	}
}

/* Forget namespaces that are gone; a number may be another's later. */
static void forget(struct pin *p, const struct host_netns_list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct pin_place *place = &p->places[i];

		if (host_netns_find(l, place->ns.dev, place->ns.ino))
			p->places[kept++] = *place;
		else
			free(place->ns.path);
	}
	p->n = kept;
}

static unsigned found(const struct pin *p)
{
	unsigned sum = 0;

	for (size_t i = 0; i < p->n; i++)
		sum += p->places[i].seen ? p->places[i].threads : 0;
	return sum;
}

/*
 * Whether no server can be elsewhere: the kernel counts the threads that run just now, so
 * those that need not run account for none.
 */
static bool found_all(const struct pin *p)
{
	unsigned sum = 0;

	for (size_t i = 0; i < p->n; i++)
		sum += p->places[i].seen ? p->places[i].least : 0;
	return sum >= p->threads;
}

static void take(struct pin_place *place, const struct host_nfsd *s)
{
	place->threads = s->threads;
	place->least = host_nfsd_least(s);
}

/* "net:[4026532211] (pid 123 rpc.mountd)" */
static char *name_of(const struct host_netns *ns)
{
	if (ns->path)
		return mem_format("net:[%" PRIu64 "] (%s)", ns->ino, ns->path);
	return mem_format("net:[%" PRIu64 "] (pid %d%s%s)", ns->ino, ns->pid,
	                  *ns->name ? " " : "", ns->name);
}

/* --- one namespace --------------------------------------------------------------------
 */

static struct pin_visit new_visit(const struct pin *p, bool act)
{
	return (struct pin_visit){
		.wanted = p->wanted, .min_wanted = p->min_wanted, .act = act};
}

static int act(struct pin *p, struct host *h, struct pin_place *place,
               const struct teller *t, struct err *e)
{
	_close_ int lock = lock_take(h, e);
	_free_ char *name = name_of(&place->ns);
	struct pin_visit v = new_visit(p, true);
	int r = lock < 0 ? lock : pin_visit(&v, h, &place->ns, e);

	if (r < 0)
		return r;
	take(place, &v.after);
	if (!v.pinned)
		return 0;
	if (!pin_is_kept(&v, &v.after))
		return err_set(e, -EIO, "written %u, but now %u threads", p->wanted,
		               v.after.threads);
	p->pinned++;
	tell(t, TELL_NOTICE, "pinned nfsd in %s: %u -> %u threads", name,
	     v.before.threads, v.after.threads);
	return 0;
}

/*
 * Tell a failure once, until it is another or has passed; a right that is missing, which
 * it is everywhere, once for all places.
 */
static void tell_failure(struct pin *p, struct pin_place *place, int code,
                         const struct err *e, const struct teller *t)
{
	_free_ char *name = name_of(&place->ns);
	bool rights = code == -EACCES || code == -EPERM;

	if (place->told == code || (rights && p->told_rights))
		return;
	place->told = code;
	p->told_rights |= rights;
	tell(t, code == -EWOULDBLOCK ? TELL_DETAIL : TELL_WARNING,
	     "nfsd in %s: not pinned: %s%s", name, e->text,
	     rights ? " (CAP_SYS_ADMIN is missing: no server of another network "
	              "namespace can be pinned)"
	            : "");
}

static void look_into(struct pin *p, struct host *h, struct pin_place *place,
                      const struct teller *t)
{
	struct pin_visit v = new_visit(p, false);
	struct err e = {0};
	int r = pin_visit(&v, h, &place->ns, &e);

	p->entered++;
	place->seen = true;
	place->failed = false;
	take(place, r == 0 ? &v.before : &(struct host_nfsd){0});
	if (r == 0 && !pin_is_kept(&v, &v.before) && p->dry) {
		r = err_set(&e, -ECANCELED, "dry run, %u threads, wanted %u",
		            place->threads, p->wanted);
	} else if (r == 0 && !pin_is_kept(&v, &v.before)) {
		r = act(p, h, place, t, &e);
		p->settled = false;
	}
	/* it vanished while it was looked at: that is no failure */
	if (r == -ENOENT)
		return;
	place->failed = r < 0;
	if (r == 0) {
		place->told = 0;
		return;
	}
	p->failed += r != -EWOULDBLOCK && r != -ECANCELED;
	tell_failure(p, place, r, &e, t);
}

/* --- all of them ----------------------------------------------------------------------
 */

enum which { WHERE_SERVERS_WERE, NEW, OTHERS };

static void look_at(struct pin *p, struct host *h, enum which which, size_t n_known,
                    const struct teller *t)
{
	for (size_t i = 0; i < p->n; i++) {
		struct pin_place *place = &p->places[i];
		bool was = i < n_known && place->threads > 0;
		bool is_new = i >= n_known;

		if (place->seen || (which == WHERE_SERVERS_WERE && !was) ||
		    (which == NEW && !is_new))
			continue;
		if (found_all(p) && which != WHERE_SERVERS_WERE)
			return;
		look_into(p, h, place, t);
	}
}

/* What failed was told where it did. */
static bool any_failed(const struct pin *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->places[i].seen && p->places[i].failed)
			return true;
	return false;
}

/* Threads that no namespace accounts for: why, as far as it can be seen. */
static void tell_unreached(struct pin *p, const struct host_netns_list *l,
                           const struct teller *t)
{
	if (p->unreached == p->told_unreached || any_failed(p))
		return;
	p->told_unreached = p->unreached;
	if (p->unreached == 0)
		tell(t, TELL_NOTICE, "all nfsd threads are within reach again");
	else if (l->denied > 0)
		tell(t, TELL_WARNING,
		     "%u nfsd threads run where they cannot be pinned: %zu processes may "
		     "not be looked at, and one of them may be in that network namespace "
		     "(CAP_SYS_PTRACE is missing)",
		     p->unreached, l->denied);
	else if (p->tasks.n < p->tasks.count)
		tell(t, TELL_WARNING,
		     "%u nfsd threads run where they cannot be pinned: the processes of "
		     "the host are not seen here (the host's PID namespace is needed: "
		     "hostPID: true, or superpowered)",
		     p->unreached);
	else
		tell(t, TELL_WARNING,
		     "%u nfsd threads run in a network namespace that no process and no "
		     "mounted file leads to: they cannot be pinned",
		     p->unreached);
}

/* In the order in which servers are likely to be, until all threads are accounted for. */
static void look_for_all(struct pin *p, struct host *h, const struct host_netns_list *l,
                         const struct teller *t)
{
	size_t n_known = p->n;

	note(p, l);
	look_at(p, h, WHERE_SERVERS_WERE, n_known, t);
	look_at(p, h, NEW, n_known, t);
	look_at(p, h, OTHERS, n_known, t);
}

static bool any_by_path(const struct pin *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->places[i].ns.path)
			return true;
	return false;
}

static int look(struct pin *p, struct host *h, const struct teller *t, struct err *e)
{
	_netns_list_ struct host_netns_list l = {0};
	bool mounted = any_by_path(p);
	uint64_t pinned = p->pinned;
	struct err ignored;
	int r = host_netns_list(h, &l, e);

	if (r < 0)
		return r;
	if (mounted)
		(void)host_netns_list_mounted(h, &l, &ignored);
	forget(p, &l);
	for (size_t i = 0; i < p->n; i++)
		p->places[i].seen = false;
	look_for_all(p, h, &l, t);
	/* the table of mounts can be long: read where processes do not lead to all */
	if (!found_all(p) && !mounted && host_netns_list_mounted(h, &l, &ignored) == 0)
		look_for_all(p, h, &l, t);
	/* what was not entered has no server, since all threads are found elsewhere */
	for (size_t i = 0; i < p->n; i++)
		if (!p->places[i].seen)
			p->places[i].threads = 0;
	/* what stops or starts just now is the next look's */
	p->settled &= host_nfsd_tasks_same(h, &p->tasks);
	if (pinned == p->pinned && host_nfsd_tasks_same(h, &p->tasks)) {
		p->unreached = p->threads > found(p) ? p->threads - found(p) : 0;
		tell_unreached(p, &l, t);
	}
	return 0;
}

/* With no server anywhere there is nothing to look for. */
static void rest(struct pin *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->places[i].ns.path);
	p->n = 0;
	p->unreached = 0;
	p->told_unreached = 0;
}

int pin_look(struct pin *p, struct host *h, bool thorough, const struct teller *t,
             struct err *e)
{
	int r;

	if (p->wanted == 0) {
		rest(p);
		return host_nfsd_count(h, &p->threads, e);
	}
	if (p->settled && !thorough && host_nfsd_tasks_same(h, &p->tasks))
		return 0;
	p->looks++;
	p->settled = true;
	/* taken before looking: what changes meanwhile differs from it at the next look
	 */
	host_nfsd_tasks_done(&p->tasks);
	r = host_nfsd_tasks_read(h, &p->tasks, e);
	p->threads = p->tasks.count;
	if (r == 0 && p->threads == 0)
		rest(p);
	else if (r == 0)
		r = look(p, h, t, e);
	if (r < 0)
		p->settled = false;
	return r;
}
