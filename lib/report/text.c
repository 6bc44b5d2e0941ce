/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/buf.h"
#include "base/mem.h"
#include "doc/json.h"
#include "doc/node.h"
#include "engine/persist.h"
#include "engine/plan.h"
#include "report/report.h"
#include "storage/block/disk_reason.h"

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
	return res->run.change.state == STATE_FAILED ||
	       res->run.change.state == STATE_REFUSED;
}

/*
 * " not selected: nvme0n1 vol0123: holds ... (DiskRoot)". Drives with another serial are
 * not listed: probably another item selects them.
 */
static void disk_rows(const struct resource *res, FILE *out)
{
	if (!res->seen.disks)
		return;
	node_for_each (disk, res->seen.disks) {
		const char *reason = node_get(disk, "reason")->text;

		if (strcmp(reason, disk_reason_word(DISK_OTHER_SERIAL)) == 0)
			continue;
		(void)fprintf(out, "         not selected: %s %s: %s (%s)\n",
		              node_get(disk, "device")->text,
		              node_get(disk, "serial")->text,
		              node_get(disk, "message")->text, reason);
	}
}

/* "drift sysctl vm.swappiness: is 60, should be 10 (nfs.yaml:12)" and its fix */
static void row(const struct report *r, const struct resource *res, FILE *out)
{
	const struct node *seen = node_get(res->seen.details, "text");
	const struct change *c = &res->run.change;

	(void)fprintf(
		out, "%s%-8s%s %s %s: %s", color_of(r, c->state), state_word(c->state),
		r->color ? "\033[0m" : "", res->kind->name, res->name,
		c->message ? c->message : (res->seen.now ? res->seen.now : "in sync"));
	(void)fprintf(out, " (%s:%u:%u)\n", res->spec.at.file, res->spec.at.line,
	              res->spec.at.col);
	if (c->remedy)
		(void)fprintf(out, "         fix: %s\n", c->remedy);
	if (r->verbose)
		disk_rows(res, out);
	if (seen)
		(void)fprintf(out, "         details: %s\n", seen->text);
}

static void error(const struct resource *res, FILE *log)
{
	const struct change *c = &res->run.change;

	(void)fprintf(log, "%s:%u:%u: %s %s: %s", res->spec.at.file, res->spec.at.line,
	              res->spec.at.col, res->kind->name, res->name, c->message);
	if (c->remedy)
		(void)fprintf(log, " (%s)", c->remedy);
	(void)fputc('\n', log);
}

/*
 * In sync or changed, but with a warning. Or the profile names storage, and the node has
 * no such drive: a word of the profile may be wrong. What the API says is reported
 * once, not for each.
 */
static bool is_warning(const struct resource *res)
{
	const struct change *c = &res->run.change;

	if (c->reason == REASON_API_UNREACHABLE || c->reason == REASON_API_LOCKED)
		return false;
	return (c->state == STATE_OK && c->reason != REASON_NONE) ||
	       (c->state == STATE_CHANGED && c->reason != REASON_APPLIED) ||
	       (c->state == STATE_SKIPPED && c->reason == REASON_NO_DISKS &&
	        !res->spec.depends_on);
}

static void warning(const struct resource *res, FILE *log)
{
	(void)fprintf(log, "%s:%u:%u: warning: %s %s: %s\n", res->spec.at.file,
	              res->spec.at.line, res->spec.at.col, res->kind->name, res->name,
	              res->run.change.message);
}

/* Counts by state, in the order of the states. */
static void summary(const struct report *r, FILE *out)
{
	bool failed = r->plan->counts[STATE_FAILED] || r->plan->counts[STATE_REFUSED];
	bool any = false;

	(void)fprintf(out, "hosttune: %s:",
	              !r->applied ? "audited"
	              : !failed   ? "applied"
	              : r->plan->continue_on_failure || r->persist->began
	                      ? "applied in part"
	                      : "not applied");
	for (enum state s = STATE_OK; s <= STATE_SKIPPED; s++) {
		if (r->plan->counts[s] == 0)
			continue;
		(void)fprintf(out, "%s %zu %s", any ? "," : "", r->plan->counts[s],
		              state_word(s));
		any = true;
	}
	(void)fputs(any ? "\n" : " no resources in the profile\n", out);
}

static bool shown(const struct report *r, const struct resource *res)
{
	if (r->verbose)
		return true;
	/* what differs is the failure that an audit looks for */
	if (r->quiet)
		return !r->applied && (res->run.change.state == STATE_DRIFT ||
		                       res->run.change.state == STATE_PENDING);
	/* the summary counts what apply did; only pending needs the user */
	if (r->applied)
		return res->run.change.state == STATE_PENDING;
	return res->run.change.state != STATE_OK;
}

/* The answer of the API is not checked further: quote what is not a plain name. */
static void add_service(struct buf *text, const struct node *name)
{
	_free_ char *quoted = NULL;

	if (name->type == NODE_LIST)
		return;
	quoted = node_json_line(name);
	buf_join(
		text, ", ",
		name->type == NODE_SCALAR &&
				strlen(name->text) ==
					strspn(name->text,
	                                       "abcdefghijklmnopqrstuvwxyz0123456789.@_-")
			? name->text
			: quoted);
}

/* "affects  settings.kernel.sysctl: storing it makes the host render and restart sysctl"
 */
static void services(const struct node *all, FILE *out)
{
	node_for_each (names, all) {
		_buf_ struct buf text = {0};

		add_service(&text, names);
		node_for_each (name, names)
			add_service(&text, name);
		(void)fprintf(out, "affects  %s: %s%s\n", names->key,
		              text.len ? "storing it makes the host render and restart "
		                       : "storing it restarts no service",
		              text.len ? text.text : "");
	}
}

/* The API's message, and what it means for this run. With -q only if it is a failure. */
static void report_text_api(const struct report *r, FILE *log)
{
	const struct persist *s = r->persist;
	bool lost = s->state == PERSIST_ABSENT || s->state == PERSIST_LOCKED;

	if (s->message && !(r->quiet && lost && !s->needed))
		(void)fprintf(log, "hosttune: %s%s%s\n", s->message,
		              lost ? ": nothing is persisted across reboots" : "",
		              lost && s->needed
		                      ? ", which the profile requires (persist: "
		                        "true, or a setting)"
		                      : "");
}

void report_text(const struct report *r, FILE *out, FILE *log)
{
	for (size_t i = 0; i < r->plan->n; i++) {
		const struct resource *res = r->plan->resources[i];

		if (shown(r, res))
			row(r, res, out);
		else if (is_error(res))
			error(res, log);
		else if (is_warning(res) && !r->quiet)
			warning(res, log);
	}
	if (r->persist->services && !r->quiet)
		services(r->persist->services, out);
	report_text_api(r, log);
	if (!r->quiet)
		summary(r, out);
}
