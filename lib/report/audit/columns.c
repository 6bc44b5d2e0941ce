/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/audit/columns.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "doc/node.h"
#include "report/audit/row_details.h"
#include "report/audit/style.h"
#include "resource/kind.h"

#include <ctype.h>
#include <string.h>

#define INDENT 2  /* of a row */
#define GAP    2  /* between columns */
#define VALUE  16 /* enough for a number of 64 bits, nearly */
#define WHAT   24
#define LEAST  8 /* a narrower column says nothing */

/* --- measuring -----------------------------------------------------------------------
 */

/* Whether the row shows values; otherwise its message explains it. */
static bool has_values(const struct row *row)
{
	return row->parts.n > 0;
}

static bool is_shown(const struct columns *c, const struct row *row)
{
	return c->shows(c->arg, row);
}

/* "12" or "nfs-server:12". Owned by the caller. */
static char *place_text(const struct columns *c, struct place at)
{
	const char *name = strrchr(at.file, '/');
	_free_ char *printed = NULL;

	if (c->one_file)
		return mem_format("%u", at.line);
	name = name ? name + 1 : at.file;
	printed = display_text(name);
	if (strchr(printed, '.') && printed[0] != '.')
		*strchr(printed, '.') = '\0';
	return mem_format("%s:%u", printed, at.line);
}

static void widen(size_t *width, const char *text)
{
	_free_ char *printed = display_text(text);
	size_t n = display_width(printed);

	if (n > *width)
		*width = n;
}

/* The name of a part: "net.ipv4.tcp_wmem[2]". Owned by the caller. */
static char *part_name(const struct row *row, const struct difference *d)
{
	_free_ char *name = mem_format("%s%s", row->what, d->part ? d->part : "");

	return display_text(name);
}

static void measure_values(struct columns *c, const struct row *row)
{
	_free_ char *place = place_text(c, row->r->spec.at);

	widen(&c->place, place);
	for (size_t i = 0; i < row->parts.n; i++) {
		_free_ char *name = part_name(row, &row->parts.list[i]);

		widen(&c->what, name);
		widen(&c->live, row->parts.list[i].live);
		widen(&c->wanted, row->parts.list[i].wanted);
	}
}

static size_t used(const struct columns *c)
{
	return INDENT + c->what + GAP + c->live + GAP + c->wanted + GAP + c->place;
}

/* Narrow the wider of the columns by one, down to `least`. Return: whether it did. */
static bool narrow(size_t *a, size_t *b, size_t least)
{
	size_t *widest = *a > *b ? a : b;

	if (*widest <= least)
		return false;
	(*widest)--;
	return true;
}

/* Values are shortened before names. */
static void shrink(struct columns *c)
{
	while (used(c) > c->width && narrow(&c->live, &c->wanted, VALUE))
		;
	while (used(c) > c->width && narrow(&c->what, &c->place, WHAT))
		;
	while (used(c) > c->width && narrow(&c->live, &c->wanted, LEAST))
		;
	while (used(c) > c->width && narrow(&c->what, &c->place, LEAST))
		;
}

void columns_fit(struct columns *c, const struct rows *rows)
{
	size_t most = c->width * 2 / 5;

	widen(&c->live, "BEFORE");
	widen(&c->wanted, "WANTED");
	widen(&c->place, c->one_file ? "LINE" : "FILE:LINE");
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->list[i];
		size_t n = 0;

		if (!is_shown(c, row))
			continue;
		if (has_values(row)) {
			measure_values(c, row);
			continue;
		}
		widen(&n, row->what);
		if (n <= most && n > c->messages[row->group])
			c->messages[row->group] = n;
	}
	shrink(c);
	for (enum row_group g = 0; g < ROW_GROUPS; g++)
		c->messages[g] += INDENT + GAP;
}

/* --- rows ----------------------------------------------------------------------------
 */

static void add_cell(struct buf *out, const char *text, size_t width)
{
	_free_ char *printed = display_text(text),
		    *fits = display_shorten(printed, width);

	display_pad(out, fits, width);
	buf_addf(out, "%*s", GAP, "");
}

/* Without blanks at its end. */
static void end_line(struct buf *out)
{
	while (out->len > 0 && out->text[out->len - 1] == ' ')
		out->text[--out->len] = '\0';
	buf_add(out, "\n");
}

static void add_part(const struct columns *c, const struct row *row, size_t i,
                     struct buf *out)
{
	const struct difference *d = &row->parts.list[i];
	_free_ char *name = part_name(row, d);
	_free_ char *place = i ? mem_dup("") : place_text(c, row->r->spec.at);
	_free_ char *fits = display_shorten(place, c->place);

	buf_addf(out, "%*s", INDENT, "");
	add_cell(out, name, c->what);
	report_style(c->color, STYLE_GROUP, row->group, out);
	add_cell(out, d->live, c->live);
	report_style_end(c->color, out);
	add_cell(out, d->wanted, c->wanted);
	report_style(c->color, STYLE_DIM, row->group, out);
	if (*fits)
		display_pad_right(out, fits, c->place);
	report_style_end(c->color, out);
	end_line(out);
}

/* The message starts in its column, or below a name that is too long for it. */
static void add_message(const struct columns *c, const struct row *row, struct buf *out)
{
	_free_ char *what = display_text(row->what),
		    *name = display_shorten(what, c->width - INDENT);
	_free_ char *message = row_message(row, c->verbose);
	size_t at = c->messages[row->group], used_up = INDENT + display_width(name) + GAP;

	buf_addf(out, "%*s%s", INDENT, "", name);
	if (used_up > at) {
		at = 2 * INDENT + GAP;
		buf_addf(out, "\n%*s", (int)at, "");
	} else {
		buf_addf(out, "%*s", (int)(at - used_up + GAP), "");
	}
	report_style(c->color, STYLE_GROUP, row->group, out);
	display_wrap(out, message, at, at, c->width);
	report_style_end(c->color, out);
	buf_add(out, "\n");
}

static bool is_wider(const char *text, size_t width)
{
	size_t needed = 0;

	widen(&needed, text);
	return needed > width;
}

static bool is_cut(const struct columns *c, const struct row *row)
{
	for (size_t i = 0; i < row->parts.n; i++)
		if (is_wider(row->parts.list[i].live, c->live) ||
		    is_wider(row->parts.list[i].wanted, c->wanted))
			return true;
	return false;
}

static void add_row(const struct columns *c, const struct row *row,
                    const struct row *next, struct buf *out)
{
	const struct row_view view = {.next = next,
	                              .verbose = c->verbose,
	                              .cut = is_cut(c, row),
	                              .width = c->width};

	for (size_t i = 0; i < row->parts.n; i++)
		add_part(c, row, i, out);
	if (!has_values(row))
		add_message(c, row, out);
	row_add_details(row, &view, out);
}

/* --- groups --------------------------------------------------------------------------
 */

static void add_heading(const struct columns *c, enum row_group g, bool values,
                        struct buf *out)
{
	_free_ char *heading = mem_dup(rows_heading(g));
	bool changed = g == ROWS_CHANGED;

	for (char *p = heading; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	report_style(c->color, STYLE_BOLD, g, out);
	report_style(c->color, STYLE_GROUP, g, out);
	if (!values) {
		buf_add(out, heading);
	} else {
		display_pad(out, heading, INDENT + c->what);
		buf_addf(out, "%*s", GAP, "");
		report_style_end(c->color, out);
		report_style(c->color, STYLE_DIM, g, out);
		add_cell(out, changed ? "BEFORE" : "LIVE", c->live);
		add_cell(out, changed ? "NOW" : "WANTED", c->wanted);
		display_pad_right(out, c->one_file ? "LINE" : "FILE:LINE", c->place);
	}
	report_style_end(c->color, out);
	buf_add(out, "\n");
}

/* The next row of the group that is printed, from `i` on; NULL: none. */
static const struct row *next_of(const struct columns *c, const struct rows *rows,
                                 enum row_group g, size_t i)
{
	for (; i < rows->n; i++)
		if (rows->list[i].group == g && is_shown(c, &rows->list[i]))
			return &rows->list[i];
	return NULL;
}

void columns_add_group(const struct columns *c, const struct rows *rows, enum row_group g,
                       struct buf *out)
{
	const struct row *first = next_of(c, rows, g, 0), *next;
	bool values = false;

	for (size_t i = 0; i < rows->n; i++)
		values |= rows->list[i].group == g && is_shown(c, &rows->list[i]) &&
		          has_values(&rows->list[i]);
	if (first)
		add_heading(c, g, values, out);
	for (const struct row *row = first; row; row = next) {
		next = next_of(c, rows, g, (size_t)(row - rows->list) + 1);
		add_row(c, row, next, out);
	}
}
