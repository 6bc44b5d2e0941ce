/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/node.h"
#include "engine/persist.h"
#include "engine/plan.h"
#include "report/report.h"

#include <string.h>

static const char *color_of(const struct report *r, enum state s)
{
	static const char *const colors[] = {
		[STATE_OK] = "\033[32m",      [STATE_DRIFT] = "\033[33m",
		[STATE_PENDING] = "\033[33m", [STATE_CHANGED] = "\033[36m",
		[STATE_REFUSED] = "\033[31m", [STATE_FAILED] = "\033[31m",
		[STATE_SKIPPED] = "\033[2m",
	};

	return r->color ? colors[s] : "";
}

static bool is_error(const struct resource *res)
{
	return res->change.state == STATE_FAILED || res->change.state == STATE_REFUSED;
}

/* "drift    sysctl vm.swappiness: is 60, wanted 10 (nfs.yaml:12)" and how to mend it */
static void row(const struct report *r, const struct resource *res, FILE *out)
{
	const struct node *seen = node_get(res->evidence, "text");
	const struct change *c = &res->change;

	(void)fprintf(out, "%s%-8s%s %s %s: %s", color_of(r, c->state),
	              state_word(c->state), r->color ? "\033[0m" : "", res->kind->name,
	              res->name,
	              c->message ? c->message : (res->now ? res->now : "as wanted"));
	(void)fprintf(out, " (%s:%u:%u)\n", res->at.file, res->at.line, res->at.col);
	if (c->remedy)
		(void)fprintf(out, "         mend: %s\n", c->remedy);
	if (seen)
		(void)fprintf(out, "         seen: %s\n", seen->text);
}

static void error(const struct resource *res, FILE *log)
{
	const struct change *c = &res->change;

	(void)fprintf(log, "%s:%u:%u: %s %s: %s", res->at.file, res->at.line, res->at.col,
	              res->kind->name, res->name, c->message);
	if (c->remedy)
		(void)fprintf(log, " (%s)", c->remedy);
	(void)fputc('\n', log);
}

/* Same words in the same order as the states. */
static void summary(const struct report *r, FILE *out)
{
	bool failed = r->plan->counts[STATE_FAILED] || r->plan->counts[STATE_REFUSED];
	bool any = false;

	(void)fprintf(out, "hosttune: %s:",
	              !r->applied ? "audited"
	              : failed    ? "not applied"
	                          : "applied");
	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++) {
		if (r->plan->counts[s] == 0)
			continue;
		(void)fprintf(out, "%s %zu %s", any ? "," : "", r->plan->counts[s],
		              state_word(s));
		any = true;
	}
	(void)fputs(any ? "\n" : " the profile names nothing\n", out);
}

static bool shown(const struct report *r, const struct resource *res)
{
	if (r->verbose)
		return true;
	if (r->quiet)
		return false;
	/* what an apply did is in its summary; what it left is for somebody else to do */
	if (r->applied)
		return res->change.state == STATE_PENDING;
	return res->change.state != STATE_OK;
}

void report_text(const struct report *r, FILE *out, FILE *log)
{
	for (size_t i = 0; i < r->plan->n; i++) {
		const struct resource *res = r->plan->resources[i];

		if (shown(r, res))
			row(r, res, out);
		else if (is_error(res))
			error(res, log);
	}
	if (r->persist->message)
		(void)fprintf(log, "hosttune: %s%s\n", r->persist->message,
		              r->persist->state == PERSIST_ABSENT
		                      ? ": nothing is kept over a reboot"
		                      : "");
	if (!r->quiet)
		summary(r, out);
}
