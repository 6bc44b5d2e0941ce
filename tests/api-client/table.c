/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "table.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOWER      "abcdefghijklmnopqrstuvwxyz"
#define UPPER      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define NAME_CHARS LOWER UPPER "0123456789_-"

const char *const versions[VERSIONS] = {"3.1.1", "12.3"};

const char *table_word(const struct table *table, const char *name, size_t len)
{
	for (size_t i = 0; i < table->n_words; i++) {
		const struct word *word = &table->words[i];

		if (strlen(word->name) == len && memcmp(word->name, name, len) == 0)
			return word->text;
	}
	return NULL;
}

/* Return: what follows a prefix, NULL if the line does not have it. */
static char *after(char *line, const char *prefix)
{
	const size_t len = strlen(prefix);

	return strncmp(line, prefix, len) == 0 ? line + len : NULL;
}

/* Replace each {{NAME}}. Other braces are templates of the real server's metadata. */
static int expand_words(const struct table *table, char *line, struct buf *ret,
                        struct err *e)
{
	for (char *c = line; *c;) {
		const char *name = after(c, "{{");
		const size_t len = name ? strspn(name, NAME_CHARS) : 0;
		const char *text;

		if (len == 0 || strncmp(name + len, "}}", 2) != 0) {
			buf_add_n(ret, c++, 1);
			continue;
		}
		text = table_word(table, name, len);
		if (!text)
			return err_set(e, -EINVAL, "no \"let\" line named \"%.*s\"",
			               (int)len, name);
		buf_add(ret, text);
		c += len + strlen("{{}}");
	}
	return 0;
}

/* Replace each <nl>, in place. */
static void expand_line_feeds(char *text)
{
	char *to = text;

	for (char *from = text; *from; to++) {
		char *rest = after(from, "<nl>");

		*to = *from;
		if (rest)
			*to = '\n';
		from = rest ? rest : from + 1;
	}
	*to = '\0';
}

static int take_let(struct table *table, char *rest, struct err *e)
{
	const char *name = strsep(&rest, " ");

	if (!rest)
		return err_set(e, -EINVAL, "expected: let NAME TEXT");
	table->words = mem_grow(table->words, &table->cap_words, table->n_words,
	                        sizeof(*table->words));
	table->words[table->n_words++] = (struct word){
		.name = mem_dup(name),
		.text = mem_dup(rest),
	};
	return 0;
}

static void take_section(struct table *table, const char *name)
{
	table->sections = mem_grow(table->sections, &table->cap_sections,
	                           table->n_sections, sizeof(*table->sections));
	table->sections[table->n_sections++] = mem_dup(name);
}

/* STATUS [TYPE] METHOD TARGET [BODY] */
static int take_request(struct table *table, char *line, struct err *e)
{
	char *rest = line;
	const char *status = strsep(&rest, " ");
	const char *type = rest && strspn(rest, LOWER) ? strsep(&rest, " ") : NULL;
	const char *method = strsep(&rest, " ");
	const char *target = strsep(&rest, " ");
	struct row *row;

	if (!target || !*target || method[strspn(method, UPPER)])
		return err_set(e, -EINVAL,
		               "expected: STATUS [TYPE] METHOD TARGET [BODY]");
	if (table->n_sections == 0)
		return err_set(e, -EINVAL, "a request before the first section");
	table->rows = mem_grow(table->rows, &table->cap_rows, table->n_rows,
	                       sizeof(*table->rows));
	row = &table->rows[table->n_rows++];
	*row = (struct row){
		.section = table->sections[table->n_sections - 1],
		.method = mem_dup(method),
		.target = mem_dup(target),
		.body = mem_dup(rest ? rest : ""),
	};
	return answer_set(&row->answers[0], status, type, "", e);
}

/* STATUS [TYPE [BODY]], for the version at index v */
static int take_answer(struct row *row, size_t v, char *rest, struct err *e)
{
	const char *status = strsep(&rest, " ");
	const char *type = strsep(&rest, " ");

	return answer_set(&row->answers[v], status, type, rest ? rest : "", e);
}

/* A line below a request: about its answer. */
static int take_detail(struct table *table, char *line, struct err *e)
{
	struct row *row = table->n_rows ? &table->rows[table->n_rows - 1] : NULL;
	char *rest;

	if (!row)
		return err_set(e, -EINVAL, "no request before this line");
	rest = after(line, "    ");
	if (rest) {
		answer_set_body(&row->answers[0], rest);
		return 0;
	}
	rest = after(line, "  12.3: ");
	if (rest)
		return take_answer(row, 1, rest, e);
	rest = after(line, "  differs: ");
	if (!rest)
		return err_set(e, -EINVAL, "expected a body, \"12.3:\" or \"differs:\"");
	mem_set(&row->differs, mem_dup(rest));
	return 0;
}

static int take_line(struct table *table, char *line, struct err *e)
{
	_buf_ struct buf text = {0};
	char *rest = after(line, "let ");
	int r;

	if (!*line || *line == '#')
		return 0;
	if (rest)
		return take_let(table, rest, e);
	r = expand_words(table, line, &text, e);
	if (r < 0)
		return r;
	expand_line_feeds(text.text);
	rest = after(text.text, "== ");
	if (rest) {
		take_section(table, rest);
		return 0;
	}
	return *line == ' ' ? take_detail(table, text.text, e)
	                    : take_request(table, text.text, e);
}

int table_read(struct table *table, const char *path, struct err *e)
{
	FILE *file = fopen(path, "re");
	_free_ char *line = NULL;
	unsigned number = 0;
	size_t cap = 0;
	int r = 0;

	*table = (struct table){0};
	if (!file)
		return err_errno(e, errno, "%s", path);
	while (r == 0 && getline(&line, &cap, file) > 0) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		r = take_line(table, line, e);
		if (r < 0)
			(void)err_wrap(e, "%s:%u", path, number);
	}
	if (r == 0 && ferror(file))
		r = err_set(e, -EIO, "%s: read failed", path);
	(void)fclose(file);
	return r;
}

void table_done(struct table *table)
{
	for (size_t i = 0; i < table->n_words; i++) {
		free(table->words[i].name);
		free(table->words[i].text);
	}
	for (size_t i = 0; i < table->n_sections; i++)
		free(table->sections[i]);
	for (size_t i = 0; i < table->n_rows; i++) {
		struct row *row = &table->rows[i];

		for (size_t v = 0; v < VERSIONS; v++)
			answer_done(&row->answers[v]);
		free(row->method);
		free(row->target);
		free(row->body);
		free(row->differs);
	}
	free(table->words);
	free(table->sections);
	free(table->rows);
	*table = (struct table){0};
}
