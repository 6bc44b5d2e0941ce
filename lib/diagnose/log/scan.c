/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/scan.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "diagnose/rules/template.h"

#include <stdlib.h>
#include <string.h>

/* Of a message, in evidence: bytes. */
#define TEXT_MAX 240

void log_scan_begin(struct log_scan *s, const struct rules *rules,
                    void (*event)(const struct log_event *e, void *arg), void *arg)
{
	_free_ const char **literals = NULL;
	size_t cap = 0;

	*s = (struct log_scan){.rules = rules, .event = event, .arg = arg};
	for (size_t i = 0; i < rules->n; i++)
		cap += rules->list[i].log ? rules->list[i].log->n : 0;
	literals = mem_new(cap, sizeof(*literals));
	s->patterns = mem_new(cap, sizeof(*s->patterns));
	s->hit = mem_new(cap, sizeof(*s->hit));
	for (size_t i = 0; i < rules->n; i++) {
		const struct rule *rule = &rules->list[i];

		s->n_rules += rule->log != NULL;
		for (size_t j = 0; rule->log && j < rule->log->n; j++) {
			literals[s->n] = rule->log->patterns[j].literal;
			s->patterns[s->n++] = (struct log_pattern){rule, j};
		}
	}
	prefilter_begin(&s->prefilter, literals, s->n);
}

/* --- events --------------------------------------------------------------------------
 */

static char *field_of_event(const char *name, size_t len, const void *arg)
{
	const char *value = log_fields_get(arg, name, len);

	return mem_dup(value ? value : "unknown");
}

static char *subject_of(const struct rule *rule, const struct log_fields *fields)
{
	if (!rule->log->subject)
		return mem_dup("");
	return template_fill(rule->log->subject, field_of_event, fields);
}

static void give(struct log_scan *s, struct log_event *e)
{
	s->event(e, s->arg);
	log_event_done(e);
}

static void end_pending(struct log_scan *s)
{
	if (!s->pending.rule)
		return;
	s->pending.stacks = s->stack.classes;
	s->pending.has_stack = s->stack.frames > 0;
	s->stack.open = false;
	give(s, &s->pending);
}

/* Takes ownership of the fields. */
static void add_event(struct log_scan *s, const struct rule *rule,
                      struct log_fields *fields, const struct log_record *r)
{
	struct log_event e = {
		.rule = rule,
		.fields = *fields,
		.subject = subject_of(rule, fields),
		.text = mem_dup_n(r->text, r->len < TEXT_MAX ? r->len : TEXT_MAX),
		.time = r->time,
		.boot = r->boot,
		.line = r->line};

	if (!rule->log->stack) {
		give(s, &e);
		return;
	}
	end_pending(s);
	s->pending = e;
	stack_begin(&s->stack, r);
}

/* --- records -------------------------------------------------------------------------
 */

static void note_hit(size_t literal, void *arg)
{
	struct log_scan *s = arg;

	s->hit[literal] = true;
	s->any = true;
}

bool log_scan_wants(const char *line, size_t len, void *scan)
{
	const struct log_scan *s = scan;

	return s->stack.open || prefilter_any(&s->prefilter, line, len);
}

/* The first rule of each file that matches takes the record. */
static void match(struct log_scan *s, const struct log_record *r)
{
	const char *taken = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct log_pattern *p = &s->patterns[i];
		struct log_fields fields;

		if (!s->hit[i])
			continue;
		s->hit[i] = false;
		if (p->rule->at.file != taken &&
		    log_rule_match(p->rule->log, p->pattern, r->text, r->len, &fields)) {
			taken = p->rule->at.file;
			add_event(s, p->rule, &fields, r);
		}
	}
}

void log_scan_record(struct log_scan *s, const struct log_record *r)
{
	s->any = false;
	prefilter_search(&s->prefilter, r->text, r->len, note_hit, s);
	if (s->stack.open) {
		stack_add(&s->stack, &s->rules->stacks, r);
		if (!s->stack.open)
			end_pending(s);
	}
	if (s->any)
		match(s, r);
}

void log_scan_end(struct log_scan *s)
{
	end_pending(s);
}

void log_scan_done(struct log_scan *s)
{
	log_event_done(&s->pending);
	prefilter_done(&s->prefilter);
	free(s->patterns);
	free(s->hit);
	*s = (struct log_scan){0};
}
