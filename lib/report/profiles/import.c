/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/result.h"

#include "base/mem.h"
#include "base/text/display.h"
#include "doc/node.h"
#include "report/profiles/profiles.h"
#include "report/tree.h"

#include <string.h>

/* Print each line of comments, but empty ones, behind `before`. */
static void put_lines(const char *before, const char *text, FILE *out)
{
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len > 0)
			(void)fprintf(out, "%s%.*s\n", before, (int)len, text);
	}
}

/* A place in comments has no file: the profile has one source. */
static void put_omitted(const struct import_omitted *o, FILE *out)
{
	(void)fprintf(out, "#   %u:%u: ", o->at.line, o->at.col);
	report_line(o->reason, out);
	if (o->lead)
		put_lines("#     ", o->lead, out);
	if (!o->line)
		return;
	(void)fputs("#     ", out);
	report_line(o->line + strspn(o->line, " \t"), out);
}

static void put_all_omitted(const struct import *im, bool no_effect, const char *title,
                            FILE *out)
{
	bool begun = false;

	for (size_t i = 0; i < im->n; i++) {
		const struct import_omitted *o = &im->omitted[i];
		_free_ char *file = display_text(o->at.file);

		if (o->no_effect != no_effect)
			continue;
		if (!begun)
			(void)fprintf(out, "\n# %s %s, line:column:\n", title, file);
		begun = true;
		put_omitted(o, out);
	}
}

void report_import(const struct import *im, FILE *out)
{
	if (im->header) {
		size_t len = strlen(im->header);

		(void)fputs(im->header, out);
		if (len < 2 || im->header[len - 2] != '\n')
			(void)fputc('\n', out);
	}
	report_yaml(im->tree, report_own_comment, out);
	if (im->rest)
		(void)fprintf(out, "%s%s", im->rest[0] == '\n' ? "" : "\n", im->rest);
	put_all_omitted(im, false, "not translated from", out);
	put_all_omitted(im, true, "without effect in", out);
}

static struct node *omitted_node(const struct import_omitted *o)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "file", o->at.file);
	node_set(n, "line", node_new_uint(o->at.line));
	node_set(n, "column", node_new_uint(o->at.col));
	node_set_text(n, "severity", o->no_effect ? "note" : "warning");
	node_set_text(n, "text", o->reason);
	node_set_text(n, "source", o->line);
	return n;
}

void report_import_json(const struct import *im, FILE *out)
{
	_node_ struct node *all = node_new(NODE_MAP);
	struct node *omitted = node_new(NODE_LIST);

	node_set(all, "profile", node_copy(im->tree));
	node_set(all, "omitted", omitted);
	for (size_t i = 0; i < im->n; i++)
		node_append(omitted, omitted_node(&im->omitted[i]));
	report_tree_json(all, out);
}

void report_import_omitted(const struct import *im, bool quiet, FILE *log)
{
	for (size_t i = 0; i < im->n; i++) {
		const struct import_omitted *o = &im->omitted[i];
		_free_ char *file = display_text(o->at.file);

		if (quiet && o->no_effect)
			continue;
		(void)fprintf(log, "%s:%u:%u: %s", file, o->at.line, o->at.col,
		              o->no_effect ? "note: " : "not translated: ");
		report_line(o->reason, log);
	}
}
