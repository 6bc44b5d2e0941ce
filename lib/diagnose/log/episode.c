/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/episode.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "diagnose/rules/template.h"
#include "doc/node.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)

/*
 * Hung tasks are reported 120 to 240 s after they began to wait, so that much may lie
 * between a failing drive and its last consequence.
 */
#define PAUSE_MAX (300 * SECOND)

/* A cause is reported later than it begins: after `seconds`, or after at most this. */
#define LEAD_DEFAULT (60 * SECOND)
#define LEAD_SLACK   (5 * SECOND)

#define GROUPS_MAX   256
#define SUBJECTS_MAX 3 /* that a verdict names */
#define EVIDENCE_MAX 4 /* lines of the cause, and of the consequences */

void episode_begin(struct episode *p, const struct rules *rules, const char *file)
{
	*p = (struct episode){.rules = rules, .file = file, .groups.max = GROUPS_MAX};
}

/* --- conditions ----------------------------------------------------------------------
 */

/* What a verdict was found to rest on. */
struct match {
	const struct rules *rules;
	const struct verdict_rule *v;
	const struct log_groups *groups;
	const struct log_group *cause; /* the first in the log */
	bool causes[GROUPS_MAX];       /* by group: it is a cause */
	uint64_t stacks;
};

static bool names(const char *list, const struct log_group *g)
{
	return list && words_have(list, ',', g->first.rule->name);
}

static bool is_cause(const struct match *m, const struct log_group *g)
{
	return m->causes[g - m->groups->list];
}

/* Whether the log has one of `list` that is not of another drive than `g`. */
static bool any_beside(const struct match *m, const char *list, const struct log_group *g)
{
	for (size_t i = 0; list && i < m->groups->n; i++)
		if (names(list, &m->groups->list[i]) &&
		    !log_events_of_different_drives(&m->groups->list[i].first, &g->first))
			return true;
	return false;
}

/* Whether its last event was not before the cause began. */
static bool follows(const struct match *m, const struct log_group *g)
{
	const char *seconds = log_fields_get(&m->cause->first.fields, "seconds", 7);
	int64_t lead = LEAD_DEFAULT, later;
	uint64_t n;

	if (seconds && num_u64(seconds, &n) == 0 && n < 1000000)
		lead = (int64_t)n * SECOND + LEAD_SLACK;
	return !log_time_between(&m->cause->first.time, &g->last, &later) ||
	       later >= -lead;
}

/* Whether all causes are of other drives: then none of them explains it. */
static bool is_of_other_drive(const struct match *m, const struct log_group *g)
{
	for (size_t i = 0; i < m->groups->n; i++)
		if (is_cause(m, &m->groups->list[i]) &&
		    !log_events_of_different_drives(&m->groups->list[i].first, &g->first))
			return false;
	return true;
}

static bool is_consequence(const struct match *m, const struct log_group *g)
{
	return (names(m->v->consequences, g) || names(m->v->proof, g)) && follows(m, g) &&
	       !is_of_other_drive(m, g);
}

/* Whether it is a cause: with what must come with it, and without what speaks against it.
 */
static bool may_cause(const struct match *m, const struct log_group *g)
{
	return names(m->v->cause, g) &&
	       (!m->v->stacks || (g->first.stacks & m->stacks)) &&
	       (!m->v->with || any_beside(m, m->v->with, g)) &&
	       !any_beside(m, m->v->against, g);
}

static bool holds(struct match *m)
{
	for (size_t i = 0; i < m->groups->n; i++) {
		m->causes[i] = may_cause(m, &m->groups->list[i]);
		if (m->causes[i] && !m->cause)
			m->cause = &m->groups->list[i];
	}
	return m->cause;
}

/* How two events share a CPU, in words; NULL: they do not, as far as is known. */
static const char *same_cpu(const struct log_group *a, const struct log_group *b)
{
	const char *x = log_fields_get(&a->first.fields, "cpu", 3);
	const char *y = log_fields_get(&b->first.fields, "cpu", 3);
	const char *queue = log_fields_get(&b->first.fields, "queue", 5);

	if (x && y)
		return strcmp(x, y) == 0 ? "the same CPU" : NULL;
	return x && queue && strcmp(x, queue) == 0
	               ? "this CPU serves the queue by default"
	               : NULL;
}

static enum confidence confidence_of(const struct match *m)
{
	enum confidence c = m->v->confidence;
	bool proved = false, same = false;

	if (c == CONFIDENCE_NONE)
		return c;
	for (size_t i = 0; i < m->groups->n; i++) {
		const struct log_group *g = &m->groups->list[i];

		if (!is_consequence(m, g) || is_cause(m, g))
			continue;
		proved |= names(m->v->proof, g);
		same |= same_cpu(m->cause, g) != NULL;
	}
	/* where a queue is served is known only by default: that alone proves nothing */
	if ((proved && c > CONFIDENCE_CERTAIN) || (same && c > CONFIDENCE_LIKELY))
		c--;
	/* without times, what belongs together is a guess */
	if (m->cause->first.time.clock == LOG_CLOCK_NONE && c < CONFIDENCE_POSSIBLE)
		c++;
	return c;
}

/* --- what it says --------------------------------------------------------------------
 */

/* "CPU 7", "CPU 7, CPU 3 and 2 more"; "the node" */
static char *subjects_of(const struct match *m)
{
	_buf_ struct buf b = {0};
	size_t n = 0;

	for (size_t i = 0; i < m->groups->n; i++) {
		const char *subject = m->groups->list[i].first.subject;

		if (!is_cause(m, &m->groups->list[i]) || !*subject ||
		    words_have(b.text, ',', subject))
			continue;
		if (n++ < SUBJECTS_MAX)
			buf_join(&b, ", ", subject);
	}
	if (n > SUBJECTS_MAX)
		buf_addf(&b, " and %zu more", n - SUBJECTS_MAX);
	return n ? buf_take(&b) : mem_dup("the node");
}

static char *value_of(const char *name, size_t len, const void *arg)
{
	const struct match *m = arg;
	const char *value = log_fields_get(&m->cause->first.fields, name, len);

	if (len == strlen(PLACEHOLDER_SUBJECT) &&
	    strncmp(name, PLACEHOLDER_SUBJECT, len) == 0)
		return subjects_of(m);
	return mem_dup(value ? value : "unknown");
}

static void add_group(const struct match *m, const struct log_group *g, const char *file,
                      struct evidences *out)
{
	_free_ char *where = log_event_where(&g->first, file);
	_free_ char *line = log_event_line(&g->first);
	const char *cpu = same_cpu(m->cause, g);
	_buf_ struct buf text = {0};

	buf_add(&text, line);
	if (g->first.has_stack)
		buf_addf(&text, "; stack: %s",
		         stack_class_name(&m->rules->stacks, g->first.stacks));
	if (g != m->cause && cpu)
		buf_addf(&text, "; %s", cpu);
	if (g->count > 1)
		buf_addf(&text, "; %" PRIu64 " times", g->count);
	evidence_add(out, buf_take(&text), where);
}

static void add_evidence(const struct match *m, const char *file, struct evidences *out)
{
	size_t shown = 0;

	for (size_t i = 0; i < m->groups->n && shown < EVIDENCE_MAX; i++)
		if (is_cause(m, &m->groups->list[i])) {
			add_group(m, &m->groups->list[i], file, out);
			shown++;
		}
	for (size_t i = 0; i < m->groups->n && shown < EVIDENCE_MAX; i++)
		if (names(m->v->with, &m->groups->list[i]) &&
		    !is_cause(m, &m->groups->list[i]) &&
		    !is_of_other_drive(m, &m->groups->list[i])) {
			add_group(m, &m->groups->list[i], file, out);
			shown++;
		}
	shown = 0;
	for (size_t i = 0; i < m->groups->n && shown < EVIDENCE_MAX; i++)
		if (is_consequence(m, &m->groups->list[i]) &&
		    !is_cause(m, &m->groups->list[i]) &&
		    !names(m->v->with, &m->groups->list[i])) {
			add_group(m, &m->groups->list[i], file, out);
			shown++;
		}
}

static bool has_consequence(const struct match *m)
{
	for (size_t i = 0; i < m->groups->n; i++)
		if (is_consequence(m, &m->groups->list[i]) &&
		    !is_cause(m, &m->groups->list[i]))
			return true;
	return false;
}

/* "nvme1,nvme2"; NULL if the causes have no subjects. */
static char *causes_of(const struct match *m)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < m->groups->n; i++)
		if (is_cause(m, &m->groups->list[i]))
			buf_join(&b, ",", m->groups->list[i].first.subject);
	return b.len > 0 ? buf_take(&b) : NULL;
}

static struct verdict verdict_of(const struct match *m, const char *file)
{
	_free_ char *text = template_fill(m->v->text, value_of, m);
	_free_ char *then =
		has_consequence(m) ? template_fill(m->v->then, value_of, m) : NULL;
	struct verdict verdict = {
		.reason = mem_dup(m->v->name),
		.confidence = confidence_of(m),
		.text = mem_format("%s%s%s", text, then ? "; " : "", then ? then : ""),
		.causes = causes_of(m),
		.next = mem_new(m->v->next->n + 1, sizeof(char *)),
		.n_next = m->v->next->n};

	for (size_t i = 0; i < verdict.n_next; i++)
		verdict.next[i] = template_fill(m->v->next->items[i]->text, value_of, m);
	add_evidence(m, file, &verdict.evidence);
	return verdict;
}

/* --- episodes ------------------------------------------------------------------------
 */

static void judge(struct episode *p)
{
	const struct verdict_rules *all = &p->rules->verdicts;

	for (size_t i = 0; i < all->n; i++) {
		struct match m = {.rules = p->rules,
		                  .v = &all->list[i],
		                  .groups = &p->groups,
		                  .stacks = stack_classes_named(&p->rules->stacks,
		                                                all->list[i].stacks)};
		enum confidence c;

		if (!holds(&m))
			continue;
		c = confidence_of(&m);
		if (!p->best || c <= p->verdict.confidence) {
			verdict_done(&p->verdict);
			p->verdict = verdict_of(&m, p->file);
			p->best = m.v;
		}
		break;
	}
	log_groups_done(&p->groups);
}

void episode_add(struct episode *p, const struct log_event *e)
{
	int64_t pause;

	if (p->groups.n > 0 &&
	    (p->boot != e->boot ||
	     (log_time_between(&p->last, &e->time, &pause) && pause > PAUSE_MAX)))
		judge(p);
	p->boot = e->boot;
	p->last = e->time;
	log_groups_add(&p->groups, e);
}

void episode_end(struct episode *p, struct verdict *ret)
{
	if (p->groups.n > 0)
		judge(p);
	if (!p->best)
		return;
	verdict_done(ret);
	*ret = p->verdict;
	p->verdict = (struct verdict){0};
}
