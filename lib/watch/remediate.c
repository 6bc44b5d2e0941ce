/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/remediate.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "doc/node.h"
#include "engine/apply.h"
#include "engine/aside.h"
#include "engine/capabilities.h"
#include "engine/journaling.h"
#include "engine/lock.h"
#include "engine/persist/apply.h"
#include "engine/plan.h"
#include "engine/settle.h"
#include "engine/undo/trial.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "host/process/child.h"
#include "host/process/signals.h"
#include "profile/profile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * The child's answer: one letter for the API, a capital one if it failed the run; one for
 * the state of each resource, a capital one if a waiver covers it; then each change to
 * the settings that must not be sent again, in hexadecimal after a blank.
 */
#define LETTER         'a'
#define LETTER_CAPITAL 'A'
#define ATTEMPT_CHARS  17
#define STATES_MAX     (HOST_CHILD_TEXT_MAX / 2)
/* For a child that exceeds its own deadline. */
#define GRACE_MS 10000
#define NEVER_MS (24 * 3600 * 1000)

void remediation_init(struct remediation *m, struct host *h, const struct profile *p,
                      const struct log *t)
{
	*m = (struct remediation){.host = h, .log = t};
	remediation_set_profile(m, p);
}

void remediation_set_profile(struct remediation *m, const struct profile *p)
{
	free(m->states);
	free(m->waived);
	m->states = mem_new(p->n + p->n_waivers, sizeof(*m->states));
	m->waived = mem_new(p->n + p->n_waivers, sizeof(*m->waived));
	memset(m->counts, 0, sizeof(m->counts));
	m->n = m->n_waived = 0;
	m->profile = p;
	m->known = false;
}

void remediation_done(struct remediation *m)
{
	struct err ignored;

	if (m->job)
		(void)remediation_finish(m, 0, &ignored);
	free(m->states);
	free(m->waived);
	attempts_done(&m->tried);
	*m = (struct remediation){0};
}

/* --- in the child ---------------------------------------------------------------------
 */

/* The number of threads of a running server: engine/pin sets it in every namespace. */
static bool is_enforced(const struct resource *r)
{
	return (r->kind->flags & KIND_ENFORCED) && r->run.change.state == STATE_DRIFT &&
	       r->run.change.reason == REASON_LIVE_DIFFERS;
}

/* Whether an audit may change it at all, whatever its state. */
static bool may_change(const struct remediation *m, const struct resource *r)
{
	/* pods that already run do not see a file system that is mounted later */
	return (r->kind->shape != SECTION_ITEMS || r->kind->flags & KIND_APART) &&
	       !r->spec.interrupts &&
	       (!(r->kind->flags & KIND_HOST_NETNS) || m->in_host_netns);
}

static bool may_fix(const struct remediation *m, const struct resource *r)
{
	return (r->run.change.state == STATE_DRIFT ||
	        r->run.change.state == STATE_PENDING) &&
	       !r->run.waived && may_change(m, r) && !is_enforced(r);
}

static void report_resource(const struct remediation *m, const struct resource *r,
                            enum log_level level, const char *what)
{
	log_write(m->log, level, "%s %s %s: %s (%s:%u)", what, r->kind->name, r->name,
	          r->run.change.message ? r->run.change.message : "in sync",
	          r->spec.at.file, r->spec.at.line);
}

/* Log only what changed since the last audit. */
static void report_news(const struct remediation *m, size_t i)
{
	const struct resource *r = m->profile->resources[i];
	enum state state = r->run.change.state, before = m->states[i];
	bool was_fine = !m->known || before == STATE_OK || before == STATE_CHANGED ||
	                before == STATE_SKIPPED || m->waived[i];

	if (aside_is_waived(r)) {
		if (!m->known || !m->waived[i])
			report_resource(m, r, LOG_NOTICE, "waived:");
	} else if (state == STATE_CHANGED)
		report_resource(m, r, LOG_NOTICE, "fixed");
	else if (state == STATE_OK && !was_fine)
		/* for a pinned server, pin already logged it */
		report_resource(m, r,
		                (r->kind->flags & KIND_ENFORCED) && before == STATE_DRIFT
		                        ? LOG_DETAIL
		                        : LOG_NOTICE,
		                "in sync again:");
	else if (state != STATE_OK && state != STATE_SKIPPED &&
	         (was_fine || state != before))
		report_resource(m, r, is_enforced(r) ? LOG_DETAIL : LOG_WARNING,
		                state_word(state));
}

/* Dependencies come first in the order of kinds, so one resource at a time works. */
static void fix_one(struct resource *r, struct host *h, struct journaling *g)
{
	struct plan one = {.resources = &r, .n = 1, .journal = g};

	plan_count(&one);
	(void)plan_apply(&one, h);
}

static bool remediate_may_write(const void *arg, const struct resource *r)
{
	return may_change(arg, r) && !(r->kind->flags & KIND_ENFORCED) &&
	       settle_may_write(NULL, r);
}

static char *name_of(const struct profile *p)
{
	const struct node *name = node_get(p->tree, "name");

	return mem_dup(name && name->type == NODE_SCALAR ? name->text : "user data");
}

/* A fix may move what was in sync, too: that is written again. */
static void fix_all(const struct remediation *m, struct plan *plan,
                    struct persist *persist)
{
	_free_ char *name = name_of(m->profile);
	struct journaling g = {.command = "watch", .profile = name, .dir = m->state_dir};
	struct err e = {0};

	capabilities_limit(plan_capabilities(plan, true) | CAPABILITIES_TO_READ);
	plan->journal = m->journal ? &g : NULL;
	for (size_t i = 0; i < plan->n && !deadline_expired(m->host->deadline); i++)
		if (may_fix(m, plan->resources[i]))
			fix_one(plan->resources[i], m->host, plan->journal);
	(void)plan_settle(plan, m->host, remediate_may_write, m);
	plan_count(plan);
	persist_apply(persist, plan, m->host);
	if (journaling_end(&g, persist->live, m->host, &e) < 0)
		log_write(m->log, LOG_WARNING, "%s", e.text);
	journaling_done(&g);
}

/* Each commit may restart services of the host: the next audits must not repeat it. */
static void answer_attempts(const struct attempts *a, char *text, size_t room)
{
	for (size_t i = 0; i < a->n && room > ATTEMPT_CHARS; i++) {
		(void)snprintf(text, room, " %016" PRIx64, a->ids[i]);
		text += ATTEMPT_CHARS;
		room -= ATTEMPT_CHARS;
	}
}

static char letter_of(int value, bool capital)
{
	return (char)((capital ? LETTER_CAPITAL : LETTER) + value);
}

static bool is_capital(char letter)
{
	return letter < LETTER;
}

static int value_of(char letter)
{
	return letter - (is_capital(letter) ? LETTER_CAPITAL : LETTER);
}

static bool has_ended(const struct remediation *m)
{
	struct err e = {0};
	int64_t left_ms;
	int r = trial_left(m->host, m->state_dir, &left_ms, &e);

	if (r < 0)
		log_write(m->log, LOG_WARNING, "whether a run is on trial: %s", e.text);
	return r > 0 && left_ms == 0;
}

/*
 * A trial whose own process has died, also with the last boot. One that is being applied
 * looks the same: its run has the lock, and has ended it or not once that is free.
 */
static void end_trials(const struct remediation *m)
{
	_close_ int lock = -1;
	struct err e = {0};

	if (m->dry || !has_ended(m))
		return;
	lock = lock_take(m->host, &e);
	if (lock >= 0 && !has_ended(m))
		return;
	if (lock < 0)
		log_write(m->log, LOG_WARNING, "a trial may have ended: %s", e.text);
	else if (trial_end(m->host, m->state_dir, true, NULL, &e) < 0)
		log_write(m->log, LOG_WARNING, "a trial has ended: %s", e.text);
	else
		log_write(m->log, LOG_NOTICE,
		          "a trial was not confirmed in time: reverted");
}

static int audit(void *arg, char *text, struct err *e)
{
	const struct remediation *m = arg;
	_close_ int lock = -1;
	struct persist persist = {
		.tried = &m->tried, .only_asked = true, .separately = true};
	struct err held = {0};
	size_t len = 1;
	struct plan plan;

	(void)e;
	/* the service manager is the parent's business */
	m->host->waiting = NULL;
	m->host->deadline = m->deadline_s ? deadline_in_ms((int64_t)m->deadline_s * 1000)
	                                  : (struct deadline){0};
	/* at the end of the watch, a change under way ends, and no other begins */
	m->host->deadline.until_signal = true;
	signals_catch();
	end_trials(m);
	plan_init(&plan, m->profile);
	plan_observe(&plan, m->host);
	persist_observe(&persist, &plan, m->profile, m->host);
	if (!m->dry && (plan.counts[STATE_DRIFT] || plan.counts[STATE_PENDING])) {
		lock = lock_take(m->host, &held);
		if (lock < 0)
			log_write(m->log, LOG_DETAIL, "not fixed: %s", held.text);
		if (lock >= 0)
			fix_all(m, &plan, &persist);
	}
	text[0] = letter_of((int)persist.state, persist_failed(&persist));
	for (size_t i = 0; i < plan.n; i++) {
		report_news(m, i);
		if (len < STATES_MAX)
			text[len++] = letter_of((int)plan.resources[i]->run.change.state,
			                        aside_is_waived(plan.resources[i]));
	}
	answer_attempts(&persist.not_kept, text + len, HOST_CHILD_TEXT_MAX - len);
	if (persist.message && (!m->known || persist.state != m->api))
		log_write(m->log, LOG_WARNING, "%s", persist.message);
	return 0;
}

/* --- in the process that stays
 * --------------------------------------------------------- */

int remediation_start(struct remediation *m, struct err *e)
{
	int limit_ms = m->deadline_s ? (int)m->deadline_s * 1000 + GRACE_MS : NEVER_MS;
	int r;

	if (m->job)
		return 0;
	r = host_child_start(m->host, 0, audit, m, &m->job, e);
	m->until_ms = clock_now_ms() + limit_ms;
	return r;
}

void remediation_ask_to_end(const struct remediation *m)
{
	if (m->job)
		host_child_ask_to_end(m->job);
}

static void remediate_take(struct remediation *m, const char *text)
{
	size_t len = strcspn(text, " ");
	char api = len > 0 ? text[0] : LETTER;

	memset(m->counts, 0, sizeof(m->counts));
	m->n_waived = 0;
	m->api = (enum persist_state)value_of(api);
	m->api_failed = is_capital(api);
	/* more than the profile has: waivers that expired since then */
	m->n = len > 1 + m->profile->n ? len - 1 : m->profile->n;
	for (size_t i = 0; i < m->n; i++) {
		char letter = 1 + i < len ? text[1 + i] : letter_of(STATE_SKIPPED, false);

		m->waived[i] = is_capital(letter);
		m->states[i] = (enum state)value_of(letter);
		if (m->waived[i])
			m->n_waived++;
		else
			m->counts[m->states[i]]++;
	}
	for (const char *p = text + len; *p == ' '; p += ATTEMPT_CHARS)
		attempts_add(&m->tried, strtoull(p, NULL, 16));
	m->remediated += m->counts[STATE_CHANGED];
	m->known = true;
	m->finished_s = (int64_t)time(NULL);
}

int remediation_finish(struct remediation *m, int timeout_ms, struct err *e)
{
	_free_ char *text = NULL;
	int r = host_child_finish(m->job, timeout_ms, &text, e);

	m->job = NULL;
	m->audits++;
	if (r == 0)
		remediate_take(m, text);
	else
		m->failed++;
	return r < 0 ? err_wrap(e, "audit") : 0;
}
