/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/html.h"

#include "base/text/packed.h"
#include "report/markup.h"
#include <time.h>

static const char *const tones[] = {
	[HTML_BAD] = "bad",   [HTML_WARN] = "warn",   [HTML_GOOD] = "good",
	[HTML_INFO] = "info", [HTML_PLAIN] = "plain",
};

/* The texts of packed_page. */
enum { STYLE, STYLE_HASH, SCRIPT, SCRIPT_HASH };

void html_begin(const char *title, FILE *out)
{
	const char *const *page = packed_texts(&packed_page);

	(void)fprintf(out,
	              "<!DOCTYPE html>\n"
	              "<html lang=\"en\">\n"
	              "<head>\n"
	              "<meta charset=\"utf-8\">\n"
	              "<meta http-equiv=\"Content-Security-Policy\" content=\""
	              "default-src 'none'; img-src data:; style-src 'sha256-%s'; "
	              "script-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
	              "<meta name=\"viewport\" "
	              "content=\"width=device-width, initial-scale=1\">\n"
	              "<link rel=\"icon\" href=\"data:,\">\n"
	              "<title>",
	              page[STYLE_HASH], page[SCRIPT_HASH]);
	markup_text(title, out);
	(void)fprintf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>",
	              page[STYLE]);
	markup_text(title, out);
	(void)fputs("</h1>\n", out);
}

void html_end(FILE *out)
{
	(void)fprintf(out, "</main>\n<script>%s</script>\n</body>\n</html>\n",
	              packed_texts(&packed_page)[SCRIPT]);
}

void html_facts_begin(FILE *out)
{
	(void)fputs("<ul class=\"facts\">\n", out);
}

void html_fact(const char *name, const char *value, FILE *out)
{
	if (!value || !*value)
		return;
	(void)fputs("<li>", out);
	markup_text(name, out);
	(void)fputs(" <b>", out);
	markup_text(value, out);
	(void)fputs("</b></li>\n", out);
}

void html_fact_time(const char *name, int64_t unix_s, FILE *out)
{
	time_t time = (time_t)unix_s;
	char text[sizeof("2026-01-01 00:00:00 UTC")] = "";
	struct tm tm;

	if (gmtime_r(&time, &tm))
		(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	html_fact(name, text, out);
}

void html_facts_end(FILE *out)
{
	(void)fputs("</ul>\n", out);
}

void html_note(const char *text, FILE *out)
{
	(void)fputs("<p class=\"note\">", out);
	markup_text(text, out);
	(void)fputs("</p>\n", out);
}

/*
 * Narrow screens show each row as a block, and a browser may then forget what is a table:
 * the roles say it again. The controls appear with the script that they need.
 */
void html_table_begin(struct html_table *t, const char *caption,
                      const char *const *titles, FILE *out)
{
	*t = (struct html_table){.out = out, .titles = titles};
	(void)fputs(
		"<div class=\"filter\" role=\"search\" hidden>\n"
		"<label>State <select><option value=\"\">all</option></select></label>\n"
		"<label>Text <input type=\"search\"></label>\n"
		"<output role=\"status\"></output>\n"
		"</div>\n"
		"<table role=\"table\">\n<caption>",
		out);
	markup_text(caption, out);
	(void)fputs("</caption>\n<thead role=\"rowgroup\">\n<tr role=\"row\">\n", out);
	for (; *titles; titles++) {
		(void)fputs("<th scope=\"col\" role=\"columnheader\">", out);
		markup_text(*titles, out);
		(void)fputs("</th>\n", out);
	}
	(void)fputs("</tr>\n</thead>\n<tbody role=\"rowgroup\">\n", out);
}

void html_table_end(struct html_table *t)
{
	(void)fputs("</tbody>\n</table>\n", t->out);
}

void html_row_begin(struct html_table *t, enum html_tone tone, const char *state,
                    unsigned order)
{
	t->column = 1;
	(void)fprintf(t->out, "<tr role=\"row\" class=\"%s\"", tones[tone]);
	markup_attribute("data-state", state, t->out);
	(void)fprintf(t->out, ">\n<td role=\"cell\" class=\"state\" data-sort=\"%u\">",
	              order);
	markup_text(state, t->out);
	(void)fputs("</td>\n", t->out);
}

void html_row_end(struct html_table *t)
{
	(void)fputs("</tr>\n", t->out);
}

void html_cell_begin(struct html_table *t, const char *class)
{
	(void)fputs(t->column == 1 ? "<th scope=\"row\" role=\"rowheader\""
	                           : "<td role=\"cell\"",
	            t->out);
	markup_attribute("class", class, t->out);
	if (t->column > 1)
		markup_attribute("data-title", t->titles[t->column], t->out);
	(void)fputc('>', t->out);
}

void html_line(struct html_table *t, const char *class, const char *text)
{
	(void)fputs("<div", t->out);
	markup_attribute("class", class, t->out);
	(void)fputc('>', t->out);
	markup_text(text, t->out);
	(void)fputs("</div>", t->out);
}

void html_cell_end(struct html_table *t)
{
	(void)fputs(t->column == 1 ? "</th>\n" : "</td>\n", t->out);
	t->column++;
}

void html_cell(struct html_table *t, const char *text)
{
	html_cell_begin(t, NULL);
	if (text && *text)
		html_line(t, NULL, text);
	html_cell_end(t);
}
