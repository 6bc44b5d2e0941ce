/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A comparison as JUnit XML: each change is a failed case, each note a skipped one. */
#include "base/macro.h"
#include "base/mem.h"
#include "baseline/cause.h"
#include "baseline/changes.h"
#include "doc/node.h"
#include "report/baseline/baseline.h"
#include "report/junit_suite.h"

#define CLASS "baseline"

static char *values_text(const struct baseline_change *c)
{
	return mem_format("%s -> %s", c->was && *c->was ? c->was : "none",
	                  c->now && *c->now ? c->now : "none");
}

static void change_case(const struct baseline_change *c, FILE *out)
{
	_free_ char *name = mem_format("%s%s%s", c->subject, c->what ? " " : "",
	                               c->what ? c->what : "");
	_free_ char *values = values_text(c), *text = NULL;

	junit_case_begin(CLASS, name, out);
	if (c->type == CHANGE_BETTER) {
		junit_case_skipped(values, out);
		return;
	}
	text = mem_format("%s: %s\nwhy: %s\n%s%s%s", name, values, c->cause->causes,
	                  c->remedy ? "fix: " : "", c->remedy ? c->remedy : "",
	                  c->remedy ? "\n" : "");
	junit_case_failed(c->cause->word, values, text, out);
}

void report_baseline_junit(const struct baseline_report *r, FILE *out)
{
	const struct baseline_comparison *c = r->c;
	const struct node *host = node_get(node_get(r->now, "host"), "name");
	struct junit_suite suite = {.name = "hosttune baseline",
	                            .host = host && host->type == NODE_SCALAR ? host->text
	                                                                      : NULL,
	                            .now_s = r->now_s,
	                            .tests = c->n + c->n_notes + (c->n == 0),
	                            .failures = c->n_counted,
	                            .skipped = c->n - c->n_counted + c->n_notes};

	junit_begin(&suite, out);
	junit_property("baseline", r->file, out);
	junit_properties_end(out);
	if (c->n == 0) {
		junit_case_begin(CLASS, "no change", out);
		junit_case_passed(out);
	}
	for (size_t i = 0; i < c->n; i++)
		change_case(&c->changes[i], out);
	for (size_t i = 0; i < c->n_notes; i++) {
		junit_case_begin(CLASS, c->notes[i].what, out);
		junit_case_skipped(c->notes[i].why, out);
	}
	junit_end(NULL, out);
}
