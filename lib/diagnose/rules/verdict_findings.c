/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/verdict_findings.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "diagnose/rules/template.h"
#include "doc/node.h"

#include <string.h>

#define SUBJECTS_MAX 3 /* that a verdict names */
#define EVIDENCE_MAX 4 /* lines of each part */

struct judged {
	const struct verdict_rule *v;
	const struct diagnosis *d;
};

static bool names(const char *list, const struct finding *f)
{
	return list && words_have(list, ',', f->reason);
}

/* Events are those of the log, which is judged by episodes. */
static bool is_cause(const struct verdict_rule *v, const struct finding *f)
{
	return f->count == 0 && names(v->cause, f);
}

static bool any(const struct diagnosis *d, const char *list)
{
	for (size_t i = 0; i < d->n; i++)
		if (names(list, &d->findings[i]))
			return true;
	return false;
}

static bool holds(const struct verdict_rule *v, const struct diagnosis *d)
{
	bool caused = false;

	/* no finding over measures has a stack */
	for (size_t i = 0; i < d->n && !v->stacks; i++)
		caused |= is_cause(v, &d->findings[i]);
	return caused && (!v->with || any(d, v->with)) && !any(d, v->against);
}

static enum confidence confidence_of(const struct verdict_rule *v,
                                     const struct diagnosis *d)
{
	bool raised = v->confidence != CONFIDENCE_NONE &&
	              v->confidence > CONFIDENCE_CERTAIN && any(d, v->proof);

	return raised ? v->confidence - 1 : v->confidence;
}

/* --- what it says --------------------------------------------------------------------
 */

static char *subjects_of(const struct judged *j)
{
	_buf_ struct buf b = {0};
	const char *last = "";
	size_t n = 0;

	for (size_t i = 0; i < j->d->n; i++) {
		const struct finding *f = &j->d->findings[i];

		if (!is_cause(j->v, f) || strcmp(f->subject, last) == 0)
			continue;
		last = f->subject;
		if (n++ < SUBJECTS_MAX)
			buf_join(&b, "; ", f->subject);
	}
	if (n > SUBJECTS_MAX)
		buf_addf(&b, " and %zu more", n - SUBJECTS_MAX);
	return n ? buf_take(&b) : mem_dup("the node");
}

static char *value_of(const char *name, size_t len, const void *arg)
{
	if (len == strlen(PLACEHOLDER_SUBJECT) &&
	    strncmp(name, PLACEHOLDER_SUBJECT, len) == 0)
		return subjects_of(arg);
	return mem_dup("unknown");
}

/* What it says, and all places where that was read. */
static void add_finding(const struct finding *f, struct evidences *out)
{
	_buf_ struct buf where = {0};

	for (size_t i = 0; i < f->evidence.n; i++) {
		const char *place = f->evidence.list[i].where;

		if (place && (!where.text || !strstr(where.text, place)))
			buf_join(&where, ", ", place);
	}
	evidence_add(out,
	             mem_format("%s%s%s", f->subject, *f->subject ? ": " : "", f->text),
	             where.text);
}

enum part { PART_CAUSE, PART_WITH, PART_CONSEQUENCE, PART_SUPPORT, PARTS };

/* Which part of the verdict a finding is; PARTS: none. */
static enum part part_of(const struct verdict_rule *v, const struct finding *f)
{
	if (is_cause(v, f))
		return PART_CAUSE;
	if (names(v->with, f))
		return PART_WITH;
	if (names(v->consequences, f) || names(v->proof, f))
		return PART_CONSEQUENCE;
	return names(v->support, f) ? PART_SUPPORT : PARTS;
}

/* Return: how many findings are of that part. */
static size_t add_part(const struct judged *j, enum part part, struct evidences *out)
{
	size_t n = 0;

	for (size_t i = 0; i < j->d->n; i++)
		if (part_of(j->v, &j->d->findings[i]) == part && n++ < EVIDENCE_MAX)
			add_finding(&j->d->findings[i], out);
	return n;
}

static struct verdict verdict_make(const struct judged *j)
{
	const struct verdict_rule *v = j->v;
	struct verdict verdict = {.reason = mem_dup(v->name),
	                          .confidence = confidence_of(v, j->d),
	                          .next = mem_new(v->next->n + 1, sizeof(char *)),
	                          .n_next = v->next->n};
	_free_ char *text = template_fill(v->text, value_of, j), *then = NULL;

	(void)add_part(j, PART_CAUSE, &verdict.evidence);
	(void)add_part(j, PART_WITH, &verdict.evidence);
	if (add_part(j, PART_CONSEQUENCE, &verdict.evidence) > 0)
		then = template_fill(v->then, value_of, j);
	(void)add_part(j, PART_SUPPORT, &verdict.evidence);
	verdict.text = mem_format("%s%s%s", text, then ? "; " : "", then ? then : "");
	for (size_t i = 0; i < verdict.n_next; i++)
		verdict.next[i] = template_fill(v->next->items[i]->text, value_of, j);
	return verdict;
}

void verdict_of_findings(const struct rules *r, struct diagnosis *d)
{
	const struct judged *found = NULL;
	struct judged j = {.d = d};

	if (d->verdict.reason && d->verdict.confidence != CONFIDENCE_NONE)
		return;
	for (size_t i = 0; i < r->verdicts.n && !found; i++) {
		j.v = &r->verdicts.list[i];
		found = holds(j.v, d) ? &j : NULL;
	}
	if (!found || (d->verdict.reason && confidence_of(j.v, d) > CONFIDENCE_LIKELY))
		return;
	verdict_done(&d->verdict);
	d->verdict = verdict_make(&j);
}
