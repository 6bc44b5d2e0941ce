/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/findings.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text/display.h"
#include "diagnose/diagnose.h"
#include "diagnose/rules/load.h"
#include "host/host.h"
#include "host/process/child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How long counters are watched, and how long all of it may take. */
#define COUNTERS_S 2
#define LIMIT_MS   60000

/* The answer of the child: a line for each finding, its parts separated by tabs. */
#define PARTS 4

/* Of the text of a verdict, in bytes: most of it is subjects. */
#define VERDICT_MAX 400

void findings_init(struct findings *f, struct host *h, const struct log *log)
{
	*f = (struct findings){.host = h, .log = log};
}

void findings_done(struct findings *f)
{
	struct err ignored;

	f->log = NULL;
	if (f->job)
		(void)host_child_finish(f->job, 0, NULL, &ignored);
	diagnosis_done(&f->last);
	*f = (struct findings){0};
}

/* --- in the child ---------------------------------------------------------------------
 */

/* "S REASON SUBJECT TEXT", the last two printable. */
static char *finding_line(const struct finding *f)
{
	_free_ char *subject = display_text(f->subject), *text = display_text(f->text);

	return mem_format("%d\t%s\t%s\t%s\n", (int)f->severity, f->reason, subject, text);
}

/* Whole lines only, the most severe first. */
static void answer_findings(const struct diagnosis *d, char *text, size_t room)
{
	for (size_t i = 0; i < d->n; i++) {
		_free_ char *line = finding_line(&d->findings[i]);
		size_t len = strlen(line);

		if (len >= room)
			return;
		memcpy(text, line, len + 1);
		text += len;
		room -= len;
	}
}

static int64_t since_us(void)
{
	struct timespec now = {0};

	/* the clock of the kernel log stops during a suspend, too */
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((int64_t)now.tv_sec - FINDINGS_LOG_S) * 1000000;
}

/* Anew each time: a file that is replaced counts from the next diagnosis on. */
static int load_rules(const struct findings *f, struct rules *rules,
                      struct diagnostics *diag, struct err *e)
{
	rules_load_builtin(rules, RULES_ALL, diag);
	for (size_t i = 0; f->rules && f->rules[i]; i++)
		/* the watch ends this process if it takes too long */
		rules_load(rules, f->rules[i], (struct deadline){0}, diag);
	for (size_t i = 0; i < diag->n; i++)
		if (diag->list[i].severity == SEVERITY_ERROR)
			return err_set(e, -EINVAL, "%s:%u:%u: %s", diag->list[i].file,
			               diag->list[i].line, diag->list[i].col,
			               diag->list[i].text);
	return 0;
}

static int diagnose_in_child(void *arg, char *text, struct err *e)
{
	const struct findings *f = arg;
	_cleanup_(rules_done) struct rules rules = {0};
	_cleanup_(diagnosis_done) struct diagnosis d = {0};
	_diagnostics_ struct diagnostics diag = {0};
	struct diagnose_run run = {.h = f->host,
	                           .rules = &rules,
	                           .log = {.fd = -1, .since_us = since_us()},
	                           .seconds = f->host->live ? COUNTERS_S : 0,
	                           .cheap = true,
	                           .d = &d};
	_free_ char *verdict = NULL;
	int len;

	/* the service manager is the parent's business */
	f->host->waiting = NULL;
	f->host->deadline = deadline_in_ms(LIMIT_MS);
	if (load_rules(f, &rules, &diag, e) < 0)
		return e->code;
	if (diagnose(&run) < 0)
		return err_set(e, -ETIME, "deadline exceeded");
	verdict = display_text(d.verdict.text ? d.verdict.text : "");
	len = snprintf(text, HOST_CHILD_TEXT_MAX, "%zu\t%d\t%zu\t%d\t%s\t%.*s\n",
	               d.n_unchecked, d.unread, d.n_rules, (int)d.verdict.confidence,
	               d.verdict.reason ? d.verdict.reason : "", VERDICT_MAX, verdict);
	answer_findings(&d, text + len, HOST_CHILD_TEXT_MAX - (size_t)len);
	return 0;
}

/* --- in the process that stays --------------------------------------------------------
 */

int findings_start(struct findings *f, struct err *e)
{
	if (f->job)
		return 0;
	f->until_ms = clock_now_ms() + LIMIT_MS + COUNTERS_S * 1000;
	return host_child_start(f->host, 0, diagnose_in_child, f, &f->job, e);
}

static void take_line(struct diagnosis *d, char *line)
{
	char *part[PARTS];
	int severity;

	for (size_t i = 0; i < PARTS; i++)
		part[i] = line ? strsep(&line, "\t") : NULL;
	severity = part[PARTS - 1] ? *part[0] - '0' : -1;
	if (severity < 0 || severity >= FINDING_SEVERITIES)
		return;
	finding_add(d, (enum finding_severity)severity, part[1], part[2])->text =
		mem_dup(part[3]);
}

/* The first line: "UNCHECKED UNREAD RULES CONFIDENCE VERDICT TEXT". */
static void take_head(struct diagnosis *d, char *line)
{
	const char *confidence, *reason;

	d->n_unchecked = strtoul(strsep(&line, "\t"), NULL, 10);
	d->unread = line && strtoul(strsep(&line, "\t"), NULL, 10) > 0;
	d->n_rules = line ? strtoul(strsep(&line, "\t"), NULL, 10) : 0;
	confidence = line ? strsep(&line, "\t") : "";
	reason = line ? strsep(&line, "\t") : "";
	if (!line || !*reason || *confidence < '0' || *confidence >= '0' + CONFIDENCES)
		return;
	d->verdict.confidence = (enum confidence)(*confidence - '0');
	d->verdict.reason = mem_dup(reason);
	d->verdict.text = mem_dup(line);
}

static void take_answer(struct diagnosis *d, char *text)
{
	take_head(d, strsep(&text, "\n"));
	while (text)
		take_line(d, strsep(&text, "\n"));
}

static bool has_finding(const struct diagnosis *d, const struct finding *f)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->findings[i].reason, f->reason) == 0 &&
		    strcmp(d->findings[i].subject, f->subject) == 0)
			return true;
	return false;
}

/* Log those of `d` that `other` does not have. */
static void log_findings(const struct findings *f, const struct diagnosis *d,
                         const struct diagnosis *other, const char *what)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct finding *one = &d->findings[i];
		enum log_level level = other == &f->last && one->severity != FINDING_NOTE
		                               ? LOG_WARNING
		                               : LOG_NOTICE;

		if (!has_finding(other, one))
			log_write(f->log, level, "%s %s%s%s: %s", what, one->reason,
			          *one->subject ? " " : "", one->subject, one->text);
	}
}

int findings_finish(struct findings *f, struct err *e)
{
	struct diagnosis now = {0};
	_free_ char *text = NULL;
	int r = host_child_finish(f->job, 0, &text, e);

	f->job = NULL;
	f->diagnoses++;
	if (r < 0) {
		f->failed++;
		return err_wrap(e, "diagnosis");
	}
	take_answer(&now, text);
	log_findings(f, &now, &f->last, "found");
	log_findings(f, &f->last, &now, "no longer found:");
	diagnosis_done(&f->last);
	f->last = now;
	f->known = true;
	f->finished_s = clock_unix_s();
	return 0;
}
