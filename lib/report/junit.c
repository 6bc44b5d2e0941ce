/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * JUnit XML, of which several dialects exist. This is what both Ant's and Jenkins' schema
 * accept: they have no file and line of a test case, so places are in its text.
 */
#include "base/mem.h"
#include "engine/aside.h"
#include "engine/persist.h"
#include "engine/plan.h"
#include "host/facts.h"
#include "host/host.h"
#include "profile/waive.h"
#include "report/markup.h"
#include "report/report.h"

#include <time.h>

struct suite {
	const char *name, *host;
	int64_t now_s;
	size_t tests, failures, skipped;
};

static void suite_begin(const struct suite *s, FILE *out)
{
	time_t now = (time_t)s->now_s;
	char timestamp[sizeof("2026-01-01T00:00:00")] = "";
	struct tm tm;

	/* the schema has no time zone */
	if (gmtime_r(&now, &tm))
		(void)strftime(timestamp, sizeof(timestamp), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
	            "  <testsuite package=\"hosttune\" id=\"0\"",
	            out);
	markup_attribute("name", s->name, out);
	markup_attribute("hostname", s->host && *s->host ? s->host : "localhost", out);
	markup_attribute("timestamp", timestamp, out);
	(void)fprintf(out,
	              " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" "
	              "time=\"0\">\n    <properties>\n",
	              s->tests, s->failures, s->skipped);
}

static void property(const char *name, const char *value, FILE *out)
{
	if (!value || !*value)
		return;
	(void)fputs("      <property", out);
	markup_attribute("name", name, out);
	markup_attribute("value", value, out);
	(void)fputs("/>\n", out);
}

/* `log`: what belongs to no test case; NULL: nothing. */
static void suite_end(const char *log, FILE *out)
{
	(void)fputs("    <system-out/>\n    <system-err>", out);
	markup_text(log, out);
	(void)fputs("</system-err>\n  </testsuite>\n</testsuites>\n", out);
}

static void case_begin(const char *class, const char *name, FILE *out)
{
	(void)fputs("    <testcase time=\"0\"", out);
	markup_attribute("classname", class, out);
	markup_attribute("name", name, out);
}

static void case_skipped(const char *message, FILE *out)
{
	(void)fputs(">\n      <skipped", out);
	markup_attribute("message", message, out);
	(void)fputs("/>\n    </testcase>\n", out);
}

/* `text`: further lines, or NULL. */
static void case_failed(const char *type, const char *message, const char *text,
                        FILE *out)
{
	(void)fputs(">\n      <failure", out);
	markup_attribute("type", type, out);
	markup_attribute("message", message, out);
	(void)fputc('>', out);
	markup_text(text, out);
	(void)fputs("</failure>\n    </testcase>\n", out);
}

/* --- audit and apply -----------------------------------------------------------------
 */

static const char *reason_or_state(const struct resource *r)
{
	const struct change *c = &r->run.change;

	return c->reason == REASON_NONE ? state_word(c->state) : reason_word(c->reason);
}

/* As in the exit code: an apply cannot reboot. */
static bool junit_failed(const struct report *report, const struct resource *r)
{
	if (aside_is_waived(r))
		return false;
	switch (r->run.change.state) {
	case STATE_OK:
	case STATE_CHANGED:
	case STATE_SKIPPED: return false;
	case STATE_PENDING:
		return !report->applied || r->run.change.reason != REASON_PENDING_REBOOT;
	case STATE_DRIFT:
	case STATE_REFUSED:
	case STATE_FAILED: break;
	}
	return true;
}

static void case_waived(const struct resource *r, FILE *out)
{
	const struct waiver *w = r->run.waived;
	_free_ char *text = mem_format("%s; waived until %s: %s", r->run.change.message,
	                               w->until, w->reason);

	case_skipped(text, out);
}

static void junit_case(const struct report *report, const struct resource *r, FILE *out)
{
	const struct change *c = &r->run.change;
	_free_ char *text = mem_format(
		"%s:%u:%u: %s %s: %s%s%s\n", r->spec.at.file, r->spec.at.line,
		r->spec.at.col, r->kind->name, r->name, c->message ? c->message : "",
		c->remedy ? "\nfix: " : "", c->remedy ? c->remedy : "");

	case_begin(r->kind->name, r->name, out);
	if (junit_failed(report, r))
		case_failed(reason_or_state(r), c->message, text, out);
	else if (aside_is_waived(r))
		case_waived(r, out);
	else if (c->state == STATE_SKIPPED)
		case_skipped(c->message, out);
	else
		(void)fputs("/>\n", out);
}

void report_junit(const struct report *r, FILE *out)
{
	struct suite suite = {.name = r->name,
	                      .host = r->facts->hostname,
	                      .now_s = r->now_s,
	                      .tests = r->plan->n,
	                      .skipped =
	                              r->plan->counts[STATE_SKIPPED] + r->plan->n_waived};

	for (size_t i = 0; i < r->plan->n; i++)
		suite.failures += junit_failed(r, r->plan->resources[i]);
	suite_begin(&suite, out);
	property("root", *r->host->root ? r->host->root : "/", out);
	property("kernel", r->host->release, out);
	property("instance_type", r->facts->instance_type, out);
	(void)fputs("    </properties>\n", out);
	for (size_t i = 0; i < r->plan->n; i++)
		junit_case(r, r->plan->resources[i], out);
	suite_end(r->persist->message, out);
}

/* --- validate ------------------------------------------------------------------------
 */

/* A warning must not fail the job, but be seen. */
static void junit_problem(const struct diagnostic *d, FILE *out)
{
	_free_ char *place = mem_format("%s:%u:%u", d->file, d->line, d->col);
	_free_ char *text =
		mem_format("%s: %s%s", place, severity_prefix(d->severity), d->text);

	case_begin("profile", place, out);
	if (d->severity == SEVERITY_ERROR)
		case_failed("error", d->text, text, out);
	else
		case_skipped(text, out);
}

void report_diagnostics_junit(const struct diagnostics *diag, enum severity most,
                              int64_t now_s, FILE *out)
{
	size_t errors = diag_count_errors(diag);
	struct suite suite = {.name = "hosttune validate",
	                      .now_s = now_s,
	                      .tests = errors == 0,
	                      .failures = errors};

	for (size_t i = 0; i < diag->n; i++)
		suite.tests += diag->list[i].severity <= most;
	suite.skipped = suite.tests - errors - (errors == 0);
	suite_begin(&suite, out);
	(void)fputs("    </properties>\n", out);
	if (errors == 0) {
		case_begin("profile", "valid", out);
		(void)fputs("/>\n", out);
	}
	for (size_t i = 0; i < diag->n; i++)
		if (diag->list[i].severity <= most)
			junit_problem(&diag->list[i], out);
	suite_end(NULL, out);
}
