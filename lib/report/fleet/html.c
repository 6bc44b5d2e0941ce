/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The results of many nodes as an HTML page: one row for each variant of a resource. */
#include "report/html.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "fleet/fleet.h"
#include "report/fleet/fleet.h"

static const char *const titles[] = {"State",  "Resource", "Nodes", "Live",
                                     "Wanted", "Reason",   "On",    NULL};

/* The most serious state sorts first. */
static const struct {
	const char *label;
	enum html_tone tone;
	unsigned order;
} states[] = {
	[STATE_OK] = {"in sync", HTML_GOOD, 5},
	[STATE_DRIFT] = {"differs", HTML_WARN, 2},
	[STATE_PENDING] = {"pending", HTML_WARN, 3},
	[STATE_CHANGED] = {"changed", HTML_INFO, 4},
	[STATE_REFUSED] = {"refused", HTML_BAD, 0},
	[STATE_FAILED] = {"failed", HTML_BAD, 1},
	[STATE_SKIPPED] = {"not applicable", HTML_PLAIN, 6},
};

static void count_cell(struct html_table *t, size_t n)
{
	_free_ char *text = mem_format("%zu", n);

	html_cell(t, text);
}

static void value_cell(struct html_table *t, const char *value)
{
	html_cell_begin(t, "value");
	if (value)
		html_line(t, NULL, value);
	html_cell_end(t);
}

/* The first nodes, and how many more. */
static void nodes_cell(struct html_table *t, const struct fleet *f,
                       const struct fleet_nodes *nodes)
{
	html_cell_begin(t, NULL);
	for (size_t i = 0; i < nodes->n && i < FLEET_NAMES_MAX; i++)
		html_line(t, NULL, f->names[nodes->first[i]]);
	if (nodes->n > FLEET_NAMES_MAX) {
		_free_ char *more =
			mem_format("and %zu more", nodes->n - FLEET_NAMES_MAX);

		html_line(t, "dim", more);
	}
	html_cell_end(t);
}

static void variant_html(struct html_table *t, const struct fleet *f,
                         const struct fleet_resource *r, const struct fleet_variant *v)
{
	_free_ char *what = mem_format("%s %s", r->kind, r->name);

	html_row_begin(t, states[v->state].tone,
	               v->waived ? "waived" : states[v->state].label,
	               states[v->state].order);
	html_cell(t, what);
	count_cell(t, v->nodes.n);
	value_cell(t, v->live);
	value_cell(t, v->wanted);
	html_cell(t, v->reason);
	nodes_cell(t, f, &v->nodes);
	html_row_end(t);
}

static void fleet_facts(const struct fleet *f, FILE *out)
{
	static const char *const words[] = {
		[FLEET_IN_SYNC] = "in sync",
		[FLEET_DIFFERS] = "differ",
		[FLEET_FAILED] = "failed",
		[FLEET_REFUSED] = "refused",
	};

	html_facts_begin(out);
	for (size_t v = 0; v < FLEET_VERDICTS; v++) {
		_free_ char *n = mem_format("%zu", f->by_verdict[v]);

		html_fact(words[v], n, out);
	}
	for (size_t i = 0; i < f->n_profiles; i++) {
		_free_ char *text = mem_format(
			"%s (%zu)", f->profiles[i].name ? f->profiles[i].name : "no name",
			f->profiles[i].n);

		html_fact("profile", text, out);
	}
	html_facts_end(out);
}

/* What the table does not show. */
static void fleet_notes(const struct fleet *f, FILE *out)
{
	size_t other = 0;

	for (size_t i = 0; i < f->n_resources; i++)
		other += f->resources[i]->n_other;
	if (f->n_skipped) {
		_free_ char *text = mem_format(
			"Reports that could not be used, and are not counted: %zu.",
			f->n_skipped);

		html_note(text, out);
	}
	if (other + f->n_beyond) {
		_free_ char *text = mem_format(
			"Records with further values or of further resources: %zu.",
			other + f->n_beyond);

		html_note(text, out);
	}
}

void report_fleet_html(const struct fleet *f, FILE *out)
{
	size_t off = f->n - f->by_verdict[FLEET_IN_SYNC];
	_free_ char *title = mem_format("%zu of %zu nodes out of sync", off, f->n);
	struct html_table t;

	html_begin(title, out);
	fleet_facts(f, out);
	fleet_notes(f, out);
	html_table_begin(&t, "What is out of sync on most nodes first", titles, out);
	for (size_t i = 0; i < f->n_resources; i++)
		for (size_t v = 0; v < f->resources[i]->n_variants; v++)
			variant_html(&t, f, f->resources[i],
			             &f->resources[i]->variants[v]);
	html_table_end(&t);
	html_end(out);
}
