/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "fleet/fleet.h"
#include "fleet/order.h"
#include "report/fleet/fleet.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS    80
#define WHAT_WIDTH 42
#define INDENT     17 /* of the text after a state */

/* --- texts ----------------------------------------------------------------------------
 */

/* Printable, and shortened in the middle. Owned. */
static char *shortened(const char *text, size_t max)
{
	_free_ char *printed = display_text(text);

	return display_shorten(printed, max);
}

/* "60, should be 10", "NotPersisted (live 10, wanted 10)", "NotReadable", or "10" */
static char *variant_text(const struct fleet_variant *v)
{
	_free_ char *live = shortened(v->live ? v->live : "", 60);
	_free_ char *wanted = shortened(v->wanted ? v->wanted : "", 60);
	_free_ char *reason = shortened(v->reason ? v->reason : "", 60);
	_buf_ struct buf values = {0};

	if (v->reason && strcmp(v->reason, reason_word(REASON_LIVE_DIFFERS)) == 0 &&
	    v->live && v->wanted)
		return mem_format("%s, should be %s", live, wanted);
	if (v->state == STATE_OK && v->live && !v->reason)
		return mem_dup(live);
	if (v->live)
		buf_addf(&values, "live %s", live);
	if (v->wanted)
		buf_addf(&values, "%swanted %s", values.len ? ", " : "", wanted);
	if (!v->reason)
		return buf_take(&values);
	return values.len ? mem_format("%s (%s)", reason, values.text) : TAKE_PTR(reason);
}

/* Print text from the column on, broken at blanks, with `indent` on further lines. */
static void wrap(FILE *out, const char *text, int column, int indent)
{
	while (*text) {
		int len = (int)strcspn(text, " ");

		if (column > indent && column + 1 + len > COLUMNS) {
			(void)fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			(void)fputc(' ', out);
			column++;
		}
		(void)fprintf(out, "%.*s", len, text);
		column += len;
		text += (size_t)len + strspn(text + len, " ");
	}
	(void)fputc('\n', out);
}

static const char *nodes_word(size_t n)
{
	return n == 1 ? "node" : "nodes";
}

/* "2 nodes: a, b", "40 nodes: a, b, c and 37 more" */
static void add_nodes(struct buf *b, const struct fleet *f, const struct fleet_nodes *n)
{
	size_t named = n->n <= 4 ? n->n : 3;

	buf_addf(b, "%zu %s: ", n->n, nodes_word(n->n));
	for (size_t i = 0; i < named; i++) {
		_free_ char *name = shortened(f->names[n->first[i]], 60);

		buf_addf(b, "%s%s", i ? ", " : "", name);
	}
	if (n->n > named)
		buf_addf(b, " and %zu more", n->n - named);
}

/* --- rows -----------------------------------------------------------------------------
 */

static const char *label_of(enum state s)
{
	static const char *const labels[] = {
		[STATE_OK] = "in sync",      [STATE_DRIFT] = "differs",
		[STATE_PENDING] = "pending", [STATE_CHANGED] = "changed",
		[STATE_REFUSED] = "refused", [STATE_FAILED] = "failed",
		[STATE_SKIPPED] = "n/a",
	};

	return labels[s];
}

static void variant_row(FILE *out, const struct fleet *f, const struct fleet_variant *v)
{
	_free_ char *text = variant_text(v);
	_buf_ struct buf line = {0};

	buf_addf(&line, "%s%s", text, *text ? ": " : "");
	add_nodes(&line, f, &v->nodes);
	(void)fprintf(out, "    %-*s", INDENT - 4,
	              v->waived ? "waived" : label_of(v->state));
	wrap(out, line.text, INDENT, INDENT);
}

static bool variant_shown(const struct fleet_variant *v, bool verbose)
{
	return verbose || (v->state != STATE_OK && v->state != STATE_CHANGED &&
	                   v->state != STATE_SKIPPED);
}

static void fleet_resource_row(FILE *out, const struct fleet *f,
                               const struct fleet_resource *r, bool verbose)
{
	_free_ char *full = mem_format("%s %s", r->kind, r->name);
	_free_ char *what = shortened(full, WHAT_WIDTH);

	(void)fprintf(out, "%-*s %7zu %7zu %7zu %7zu %5zu\n", WHAT_WIDTH, what,
	              r->by_state[STATE_DRIFT] + r->by_state[STATE_PENDING],
	              r->by_state[STATE_FAILED], r->by_state[STATE_REFUSED],
	              r->by_state[STATE_OK] + r->by_state[STATE_CHANGED],
	              r->by_state[STATE_SKIPPED]);
	for (size_t i = 0; i < r->n_variants; i++)
		if (variant_shown(&r->variants[i], verbose))
			variant_row(out, f, &r->variants[i]);
	if (r->n_other > 0)
		(void)fprintf(out, "    %-*s%zu %s\n", INDENT - 4, "other values",
		              r->n_other, nodes_word(r->n_other));
}

static void rows(FILE *out, const struct fleet *f, bool verbose)
{
	size_t hidden = 0, shown = 0;

	for (size_t i = 0; i < f->n_resources; i++) {
		const struct fleet_resource *r = f->resources[i];

		if (!verbose && fleet_out_of_sync(r) == 0) {
			hidden++;
			continue;
		}
		if (shown++ == 0)
			(void)fprintf(out, "\n%-*s %7s %7s %7s %7s %5s\n", WHAT_WIDTH,
			              "RESOURCE", "DIFFERS", "FAILED", "REFUSED",
			              "IN SYNC", "N/A");
		fleet_resource_row(out, f, r, verbose);
	}
	if (hidden > 0)
		(void)fprintf(out, "\n%zu %sresource%s no fix on any node (-v)\n", hidden,
		              shown ? "more " : "", hidden == 1 ? " needs" : "s need");
}

/* "9 nodes: 5 in sync, 3 differ, 1 failed; 2 reports skipped" */
static void headline(FILE *out, const struct fleet *f)
{
	static const char *const words[] = {
		[FLEET_IN_SYNC] = "in sync",
		[FLEET_DIFFERS] = "differ",
		[FLEET_FAILED] = "failed",
		[FLEET_REFUSED] = "refused",
	};
	_buf_ struct buf line = {0};

	buf_addf(&line, "%zu %s", f->n, nodes_word(f->n));
	for (size_t v = 0, first = 1; v < FLEET_VERDICTS; v++) {
		if (f->by_verdict[v] == 0)
			continue;
		buf_addf(&line, "%s%zu %s", first ? ": " : ", ", f->by_verdict[v],
		         words[v]);
		first = 0;
	}
	if (f->n_skipped)
		buf_addf(&line, "; %zu %s skipped", f->n_skipped,
		         f->n_skipped == 1 ? "report" : "reports");
	wrap(out, line.text, 0, 0);
}

/* "profiles: nfs-server 8, local-pv 1" */
static void profiles(FILE *out, const struct fleet *f)
{
	_buf_ struct buf line = {0};

	for (size_t i = 0; i < f->n_profiles; i++) {
		const struct fleet_profile *p = &f->profiles[i];
		_free_ char *name = shortened(p->name ? p->name : "(no name)", 60);

		buf_addf(&line, "%s%s %zu", i ? ", " : "profiles: ", name, p->n);
	}
	if (f->n_other_profiles)
		buf_addf(&line, ", others %zu", f->n_other_profiles);
	if (line.len)
		wrap(out, line.text, 0, 0);
}

void report_fleet_text(const struct fleet *f, bool verbose, FILE *out)
{
	headline(out, f);
	profiles(out, f);
	rows(out, f, verbose);
	if (f->n_beyond)
		(void)fprintf(out,
		              "\n%zu records of further resources are only in the counts "
		              "of nodes\n",
		              f->n_beyond);
}
