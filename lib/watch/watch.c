/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/watch.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"
#include "host/host.h"
#include "host/own_netns.h"
#include "host/process/child.h"
#include "nfsd/wanted.h"
#include "watch/tasks.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Time at the end for a running audit: it may be in the middle of a change. */
#define LAST_AUDIT_MS 10000

enum { FD_SIGNAL, FD_JOB, FD_DIAGNOSE, FD_SERVE, FD_COUNT = FD_SERVE + SERVE_FDS };

/* --- profile --------------------------------------------------------------------------
 */

/* What is unknown permits no change. */
static bool in_host_netns(const struct loop *l)
{
	struct err e = {0};
	int r = host_netns_is_hosts(l->w.host, &e);

	if (r == 0)
		log_write(l->t, LOG_WARNING,
		          "not in the host's network namespace: network sysctls and "
		          "interfaces are unknown, and not set (set hostNetwork: true)");
	else if (r < 0)
		log_write(l->t, LOG_WARNING,
		          "network sysctls and interfaces are unknown, and not set: "
		          "whether this is the host's network namespace is unknown (%s)",
		          e.text);
	return r > 0;
}

static int begin_with(struct loop *l, struct profile *p, struct err *e)
{
	struct watch *w = &l->w;

	if (nfsd_wanted_of(p->resources, p->n).threads == 0 &&
	    l->o->audit_interval_s == 0 && l->o->diagnose_interval_s == 0)
		return err_set(e, -EINVAL,
		               "nothing to watch: the profile sets no nfsd threads, and "
		               "--audit-interval and --diagnose-interval are 0");
	w->profile = *p;
	*p = (struct profile){0};
	enforcement_init(&w->enforcement, l->o->dry);
	tasks_set_target(l);
	findings_init(&w->findings, w->host, l->t);
	w->findings.rules = l->o->rules;
	remediation_init(&w->remediation, w->host, &w->profile, l->t);
	w->remediation.deadline_s = l->o->deadline_s;
	w->remediation.dry = l->o->dry;
	w->remediation.journal = l->o->journal;
	w->remediation.state_dir = l->o->state_dir;
	w->remediation.in_host_netns = in_host_netns(l);
	return 0;
}

static void reload(struct loop *l)
{
	struct watch *w = &l->w;
	struct profile p = {0};

	l->reload = false;
	notify_reloading(&l->notify);
	if (l->hooks->load(l->hooks->ctx, &p) < 0) {
		w->bad_reloads++;
		profile_done(&p);
		log_write(l->t, LOG_WARNING,
		          "profile not loaded: the previous one stays in effect");
	} else {
		w->reloads++;
		profile_done(&w->profile);
		w->profile = p;
		remediation_set_profile(&w->remediation, &w->profile);
		tasks_set_target(l);
		l->scan_ms = l->audit_ms = 0;
		log_write(l->t, LOG_NOTICE, "profile reloaded: %zu resources",
		          w->profile.n);
	}
	(void)malloc_trim(0);
	notify_send(&l->notify, "READY=1");
}

/* --- the loop -------------------------------------------------------------------------
 */

static void take_signals(struct loop *l)
{
	struct signalfd_siginfo info;

	while (read(l->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			l->reload = true;
		else
			l->end = true;
	}
}

/*
 * Called while a namespace is visited. A visit may take a minute, because a server that
 * starts holds its lock for long: the watch is not stuck, since each visit has a bound.
 * After a signal no other namespace is visited.
 */
static void while_waiting(void *arg)
{
	struct loop *l = arg;

	tasks_ping(l);
	take_signals(l);
	if (l->end)
		stop_note(SIGTERM);
}

/* Numbers that are no longer updated would look current. */
static void remove_output(const struct loop *l, const char *file)
{
	if (file && unlink(file) < 0 && errno != ENOENT)
		log_write(l->t, LOG_WARNING,
		          "remove %s: %s (what it says is no longer updated)", file,
		          strerror(errno));
}

static int wait_and_serve(struct loop *l, struct err *e)
{
	struct pollfd fds[FD_COUNT];
	struct host_child *job = l->w.remediation.job, *diagnosis = l->w.findings.job;
	int left = tasks_left_ms(l), serving;

	fds[FD_SIGNAL] = (struct pollfd){.fd = l->signals, .events = POLLIN};
	fds[FD_JOB] =
		(struct pollfd){.fd = job ? host_child_fd(job) : -1, .events = POLLIN};
	fds[FD_DIAGNOSE] = (struct pollfd){
		.fd = diagnosis ? host_child_fd(diagnosis) : -1, .events = POLLIN};
	serving = serve_fds(&l->serve, &fds[FD_SERVE]);
	if (serving >= 0 && serving < left)
		left = serving;
	if (poll(fds, FD_COUNT, left) < 0 && errno != EINTR)
		return err_errno(e, errno, "wait");
	if (fds[FD_SIGNAL].revents)
		take_signals(l);
	if (job && (fds[FD_JOB].revents || clock_now_ms() >= l->w.remediation.until_ms))
		tasks_finish_audit(l, 0);
	if (diagnosis &&
	    (fds[FD_DIAGNOSE].revents || clock_now_ms() >= l->w.findings.until_ms))
		tasks_finish_diagnosis(l);
	serve_step(&l->serve, &fds[FD_SERVE]);
	return 0;
}

static int watch_loop(struct loop *l, struct err *e)
{
	int r = 0;

	l->audited_ms = clock_now_ms();
	tasks_do(l);
	(void)malloc_trim(0);
	notify_send(&l->notify, "READY=1\nSTATUS=watching");
	log_write(l->t, LOG_DETAIL, "watching, %u threads wanted",
	          l->w.enforcement.wanted);
	while (r == 0 && !l->end) {
		r = wait_and_serve(l, e);
		if (l->reload && !l->end && !l->w.remediation.job)
			reload(l);
		if (r == 0 && !l->end)
			tasks_do(l);
	}
	notify_send(&l->notify, "STOPPING=1");
	remediation_ask_to_end(&l->w.remediation);
	if (l->w.remediation.job)
		tasks_finish_audit(l, LAST_AUDIT_MS);
	remove_output(l, l->o->metrics_file);
	remove_output(l, l->o->npd_file);
	return r;
}

static int open_signals(struct loop *l, struct err *e)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_errno(e, errno, "block signals");
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return l->signals < 0 ? err_errno(e, errno, "receive signals") : 0;
}

static int open_all(struct loop *l, struct err *e)
{
	int r = notify_open(&l->notify, l->o->notify_socket, e);

	if (r == 0)
		r = serve_open(&l->serve, l->o->listen, e);
	if (r == 0)
		r = open_signals(l, e);
	l->serve.page = tasks_page;
	l->serve.unhealthy = tasks_unhealthy;
	l->serve.ctx = l;
	l->w.host->waiting = while_waiting;
	l->w.host->waiting_arg = l;
	return r;
}

static void watch_close_all(struct loop *l)
{
	l->w.host->waiting = NULL;
	serve_close(&l->serve);
	notify_close(&l->notify);
	if (l->signals >= 0)
		(void)close(l->signals);
	remediation_done(&l->w.remediation);
	findings_done(&l->w.findings);
	enforcement_done(&l->w.enforcement);
	profile_done(&l->w.profile);
}

int watch_run(struct host *h, const struct watch_options *o,
              const struct watch_hooks *hooks, struct err *e)
{
	struct loop l = {.w = {.host = h},
	                 .o = o,
	                 .hooks = hooks,
	                 .t = hooks->log,
	                 .notify = {.fd = -1},
	                 .serve = {.fd = -1},
	                 .signals = -1};
	struct profile p = {0};
	int r = hooks->load(hooks->ctx, &p) < 0 ? -EINVAL : 0;

	stop_note(0);
	for (size_t i = 0; i < SERVE_CLIENTS; i++)
		l.serve.clients[i].fd = -1;
	if (r == 0)
		r = begin_with(&l, &p, e);
	if (r == 0)
		r = open_all(&l, e);
	if (r == 0)
		r = watch_loop(&l, e);
	watch_close_all(&l);
	profile_done(&p);
	return r;
}
