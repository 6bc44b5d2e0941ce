/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "doc/node.h"
#include "report/junit_suite.h"
#include "report/profiles/profiles.h"
#include "report/tree.h"

static struct node *diagnostic_node(const struct diagnostic *d)
{
	static const char *const words[] = {[SEVERITY_ERROR] = "error",
	                                    [SEVERITY_WARNING] = "warning",
	                                    [SEVERITY_NOTE] = "note"};
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "file", d->file);
	node_set(n, "line", node_new_uint(d->line));
	node_set(n, "column", node_new_uint(d->col));
	node_set_text(n, "severity", words[d->severity]);
	node_set_text(n, "text", d->text);
	return n;
}

void report_diagnostics_json(const struct diagnostics *diag, enum severity most,
                             FILE *out)
{
	_node_ struct node *all = node_new(NODE_LIST);

	for (size_t i = 0; i < diag->n; i++)
		if (diag->list[i].severity <= most)
			node_append(all, diagnostic_node(&diag->list[i]));
	report_tree_json(all, out);
}

/* A warning must not fail the job, but be seen. */
static void junit_problem(const struct diagnostic *d, FILE *out)
{
	_free_ char *place = mem_format("%s:%u:%u", d->file, d->line, d->col);
	_free_ char *text =
		mem_format("%s: %s%s", place, severity_prefix(d->severity), d->text);

	junit_case_begin("profile", place, out);
	if (d->severity == SEVERITY_ERROR)
		junit_case_failed("error", d->text, text, out);
	else
		junit_case_skipped(text, out);
}

void report_diagnostics_junit(const struct diagnostics *diag, enum severity most,
                              int64_t now_s, FILE *out)
{
	size_t errors = diag_count_errors(diag);
	struct junit_suite suite = {.name = "hosttune validate",
	                            .now_s = now_s,
	                            .tests = errors == 0,
	                            .failures = errors};

	for (size_t i = 0; i < diag->n; i++)
		suite.tests += diag->list[i].severity <= most;
	suite.skipped = suite.tests - errors - (errors == 0);
	junit_begin(&suite, out);
	junit_properties_end(out);
	if (errors == 0) {
		junit_case_begin("profile", "valid", out);
		junit_case_passed(out);
	}
	for (size_t i = 0; i < diag->n; i++)
		if (diag->list[i].severity <= most)
			junit_problem(&diag->list[i], out);
	junit_end(NULL, out);
}
