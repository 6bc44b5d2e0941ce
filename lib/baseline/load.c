/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/load.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/num.h"
#include "baseline/baseline.h"
#include "baseline/part.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "sysctl/key.h"

#include <string.h>

/* --- the form of version 1 ------------------------------------------------------------
 */

enum form { FORM_MAP, FORM_TEXT, FORM_VALUE, FORM_NUMBER };

static const char *const form_names[] = {
	[FORM_MAP] = "a mapping",
	[FORM_TEXT] = "a text",
	[FORM_VALUE] = "a single value",
	[FORM_NUMBER] = "a whole number",
};

/* The value of a key; "*" stands for all that no other row names. */
struct form_row {
	const char *key;
	enum form form;
	const struct form_row *below;              /* FORM_MAP; ended by {0} */
	const char *(*key_fault)(const char *key); /* NULL: any key is valid */
};

static const struct form_row texts[] = {{"*", FORM_TEXT, NULL, NULL}, {0}};
static const struct form_row values[] = {{"*", FORM_VALUE, NULL, NULL}, {0}};
static const struct form_row numbers[] = {{"*", FORM_NUMBER, NULL, NULL}, {0}};

static const struct form_row mount[] = {
	{"stacked", FORM_NUMBER, NULL, NULL},
	{"filesystem", FORM_MAP, values, NULL},
	{"*", FORM_TEXT, NULL, NULL},
	{0},
};
static const struct form_row mounts[] = {{"*", FORM_MAP, mount, NULL}, {0}};

static const struct form_row drive[] = {
	{"queue", FORM_MAP, values, NULL},
	{"*", FORM_VALUE, NULL, NULL},
	{0},
};
static const struct form_row drives[] = {{"*", FORM_MAP, drive, NULL}, {0}};

static const struct form_row limits[] = {
	{"containers", FORM_MAP, texts, NULL},
	{"*", FORM_TEXT, NULL, NULL},
	{0},
};
static const struct form_row pod[] = {
	{"limits", FORM_MAP, limits, NULL},
	{"dirty", FORM_MAP, numbers, NULL},
	{"mounts", FORM_MAP, mounts, NULL},
	{"*", FORM_VALUE, NULL, NULL},
	{0},
};
static const struct form_row pods[] = {{"*", FORM_MAP, pod, baseline_pod_fault}, {0}};

static const struct form_row cached[] = {
	{"by", FORM_TEXT, NULL, NULL},
	{"*", FORM_NUMBER, NULL, NULL},
	{0},
};

static const struct form_row files[] = {{"*", FORM_MAP, cached, baseline_path_fault},
                                        {0}};
static const struct form_row sysctls[] = {{"*", FORM_TEXT, NULL, sysctl_key_fault}, {0}};

static const struct form_row probe[] = {
	{"cold", FORM_MAP, numbers, NULL},
	{"warm", FORM_MAP, numbers, NULL},
	{"directory", FORM_TEXT, NULL, NULL},
	{"*", FORM_VALUE, NULL, NULL},
	{0},
};

static const struct form_row document[] = {
	{"kind", FORM_TEXT, NULL, NULL},
	{"version", FORM_NUMBER, NULL, NULL},
	{"saved", FORM_TEXT, NULL, NULL},
	{"host", FORM_MAP, texts, NULL},
	{"kernel", FORM_MAP, texts, NULL},
	{"mounts", FORM_MAP, mounts, NULL},
	{"drives", FORM_MAP, drives, NULL},
	{"dirty", FORM_MAP, numbers, NULL},
	{"sysctls", FORM_MAP, sysctls, NULL},
	{"pods", FORM_MAP, pods, NULL},
	{"files", FORM_MAP, files, NULL},
	{"probe", FORM_MAP, probe, NULL},
	{0},
};

static const struct form_row *row_of(const struct form_row *rows, const char *key)
{
	for (; rows->key; rows++)
		if (strcmp(rows->key, "*") == 0 || strcmp(rows->key, key) == 0)
			return rows;
	return NULL;
}

static bool is_null(const struct node *n)
{
	return n->type == NODE_SCALAR && n->plain && strcmp(n->text, "null") == 0;
}

static bool has_form(const struct node *n, enum form form)
{
	uint64_t number;

	switch (form) {
	case FORM_MAP: return n->type == NODE_MAP;
	case FORM_TEXT: return n->type == NODE_SCALAR && !n->plain;
	case FORM_VALUE: return n->type == NODE_SCALAR;
	case FORM_NUMBER: break;
	}
	return n->type == NODE_SCALAR && n->plain && num_u64(n->text, &number) == 0;
}

/* What is wrong with the value, apart from what is below it; NULL: nothing. Owned. */
static char *form_fault_of(const struct node *n, const struct form_row *row)
{
	const char *why = row->key_fault ? row->key_fault(n->key) : NULL;

	if (why)
		return mem_dup(why);
	if (is_null(n) || part_why_missing(n) || has_form(n, row->form))
		return NULL;
	return mem_format("must be %s", form_names[row->form]);
}

/* Check a mapping. With `later`, a value of another form becomes missing. */
static void check_map(struct node *map, const struct form_row *rows, bool later,
                      struct diagnostics *diag)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct form_row *row = row_of(rows, map->items[i]->key);
		_free_ char *wrong = row ? form_fault_of(map->items[i], row) : NULL;

		if (wrong && later)
			node_set(map, map->items[i]->key,
			         part_missing("is of a form that this version does not "
			                      "know"));
		else if (wrong)
			diag_error(diag, map->items[i]->key_at, "\"%s\": %s",
			           map->items[i]->key, wrong);
		else if (row && row->below && map->items[i]->type == NODE_MAP &&
		         !part_why_missing(map->items[i]))
			check_map(map->items[i], row->below, later, diag);
	}
}

/* --- reading --------------------------------------------------------------------------
 */

static int check_kind(struct baseline_file *f, struct diagnostics *diag)
{
	const struct node *kind = node_get(f->tree, "kind");
	const struct node *version = node_get(f->tree, "version");

	if (f->tree->type != NODE_MAP || !kind || kind->type != NODE_SCALAR ||
	    strcmp(kind->text, BASELINE_KIND) != 0)
		diag_error(diag, f->tree->at,
		           "is not a baseline (hosttune baseline save FILE writes one)");
	else if (!version || !has_form(version, FORM_NUMBER) ||
	         num_u64(version->text, &f->version) < 0 || f->version == 0)
		diag_error(diag, version ? version->at : f->tree->at,
		           "version: is not the version of a baseline (such as %u)",
		           BASELINE_VERSION);
	return diag_count_errors(diag) > 0 ? -1 : 0;
}

int baseline_parse(struct baseline_file *f, struct diagnostics *diag)
{
	f->tree = confined_json_parse_placed(f->source.text, f->source.len,
	                                     f->source.file, f->source.until, diag);
	if (!f->tree || diag_count_errors(diag) > 0 || check_kind(f, diag) < 0)
		return -1;
	check_map(f->tree, document, f->version > BASELINE_VERSION, diag);
	return diag_count_errors(diag) > 0 ? -1 : 0;
}

int baseline_load(struct baseline_file *f, const char *path, struct deadline until,
                  struct diagnostics *diag)
{
	*f = (struct baseline_file){0};
	if (source_read_other(&f->source, path, "baseline", until, diag) < 0)
		return -1;
	return baseline_parse(f, diag);
}

void baseline_file_done(struct baseline_file *f)
{
	node_free(f->tree);
	source_done(&f->source);
	*f = (struct baseline_file){0};
}
