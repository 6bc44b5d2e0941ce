/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/rules/finding.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const finding_severity_words[] = {"critical", "warning", "note", NULL};
const char *const confidence_words[] = {"certain", "likely", "possible", "none", NULL};

struct finding *finding_add(struct diagnosis *d, enum finding_severity severity,
                            const char *reason, const char *subject)
{
	d->findings = mem_grow(d->findings, &d->cap, d->n, sizeof(*d->findings));
	d->findings[d->n] = (struct finding){.reason = mem_dup(reason),
	                                     .severity = severity,
	                                     .subject = mem_dup(subject)};
	return &d->findings[d->n++];
}

void evidence_add(struct evidences *e, char *text, const char *where)
{
	e->list = mem_grow(e->list, &e->cap, e->n, sizeof(*e->list));
	e->list[e->n++] = (struct evidence){text, mem_dup(where)};
}

bool unchecked_is_unread(int code)
{
	return code == -EMFILE || code == -ENFILE || code == -ENOMEM || code == -EIO;
}

void unchecked_add_code(struct diagnosis *d, const char *what, const char *why, int code)
{
	for (size_t i = 0; i < d->n_unchecked; i++)
		if (strcmp(d->unchecked[i].what, what) == 0 &&
		    strcmp(d->unchecked[i].why, why) == 0)
			return;
	d->unchecked = mem_grow(d->unchecked, &d->cap_unchecked, d->n_unchecked,
	                        sizeof(*d->unchecked));
	d->unchecked[d->n_unchecked++] = (struct unchecked){mem_dup(what), mem_dup(why),
	                                                    unchecked_is_unread(code)};
	d->unread |= unchecked_is_unread(code);
}

void unchecked_add(struct diagnosis *d, const char *what, const char *why)
{
	unchecked_add_code(d, what, why, 0);
}

/* By severity; those of one severity stay in their order. */
static void sort_findings(struct diagnosis *d)
{
	struct finding *sorted = mem_new(d->n, sizeof(*sorted));
	size_t n = 0;

	for (enum finding_severity s = 0; s < FINDING_SEVERITIES; s++)
		for (size_t i = 0; i < d->n; i++)
			if (d->findings[i].severity == s)
				sorted[n++] = d->findings[i];
	free(d->findings);
	d->findings = sorted;
	d->cap = d->n;
}

static int compare_unchecked(const void *a, const void *b)
{
	const struct unchecked *x = a, *y = b;
	int r = strcmp(x->what, y->what);

	return r ? r : strcmp(x->why, y->why);
}

void diagnosis_sort(struct diagnosis *d)
{
	sort_findings(d);
	if (d->n_unchecked > 0)
		qsort(d->unchecked, d->n_unchecked, sizeof(*d->unchecked),
		      compare_unchecked);
}

size_t diagnosis_count(const struct diagnosis *d, enum finding_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->findings[i].severity == severity;
	return n;
}

bool diagnosis_has_problem(const struct diagnosis *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->findings[i].severity < FINDING_NOTE)
			return true;
	return false;
}

static void evidences_done(struct evidences *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->list[i].text);
		free(e->list[i].where);
	}
	free(e->list);
}

static void finding_done(struct finding *f)
{
	free(f->reason);
	free(f->subject);
	free(f->text);
	free(f->why);
	free(f->remedy);
	free(f->source);
	evidences_done(&f->evidence);
}

void verdict_done(struct verdict *v)
{
	free(v->reason);
	free(v->text);
	free(v->causes);
	evidences_done(&v->evidence);
	for (size_t i = 0; i < v->n_next; i++)
		free(v->next[i]);
	free(v->next);
	*v = (struct verdict){0};
}

void diagnosis_done(struct diagnosis *d)
{
	for (size_t i = 0; i < d->n; i++)
		finding_done(&d->findings[i]);
	free(d->findings);
	for (size_t i = 0; d->unchecked && i < d->n_unchecked; i++) {
		free(d->unchecked[i].what);
		free(d->unchecked[i].why);
	}
	free(d->unchecked);
	verdict_done(&d->verdict);
	served_done(&d->served);
	*d = (struct diagnosis){0};
}
