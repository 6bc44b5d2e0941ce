/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "import/tuned_file.h"

#include "base/mem.h"
#include "doc/comments.h"
#include "doc/node.h"
#include "import/line.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	struct tuned_file *f;
	struct import *im;
	struct comments comments;
	struct node *names;            /* of the sections, to their number */
	struct tuned_section *section; /* NULL: none yet */
	size_t indent;                 /* of the last option */
	bool in_option;                /* an indented line continues it */
};

static void new_section(struct tuned_file *f, const char *name, struct place at)
{
	f->sections = mem_grow(f->sections, &f->cap, f->n, sizeof(*f->sections));
	f->sections[f->n++] = (struct tuned_section){
		.name = mem_dup(name), .type = mem_dup(name), .at = at};
}

/* A mark after white space begins a comment. Return: it, owned; NULL: there is none. */
static char *cut_inline_comment(char *line)
{
	for (char *p = line; (p = strchr(p, '#')); p++) {
		char *text;

		if (p > line && !strchr(" \t", p[-1]))
			continue;
		text = mem_dup(p + 1 + strspn(p + 1, " \t#"));
		*p = '\0';
		return text;
	}
	return NULL;
}

static void add_option(struct reader *r, const char *key, const char *value,
                       struct import_origin *o)
{
	struct tuned_section *s = r->section;

	s->options = mem_grow(s->options, &s->cap, s->n, sizeof(*s->options));
	s->options[s->n++] = (struct tuned_option){
		.key = mem_dup(key), .value = mem_dup(value), .origin = *o};
	*o = (struct import_origin){0};
	if (strcmp(key, "type") == 0)
		mem_set(&s->type, mem_dup(value));
}

/* A section with the name of an earlier one continues that. */
static void read_header(struct reader *r, char *text, struct place at)
{
	struct node *number;

	/* what is above the first section is about the whole file */
	if (r->f->n == 0)
		comments_add_blank(&r->comments);
	*strrchr(text, ']') = '\0';
	number = node_get(r->names, text + 1);
	if (!number) {
		number = node_new_uint(r->f->n);
		node_set(r->names, text + 1, number);
		new_section(r->f, text + 1, at);
	}
	r->section = &r->f->sections[strtoul(number->text, NULL, 10)];
}

static void read_option(struct reader *r, const char *line, char *text,
                        struct import_origin *o)
{
	char *value = strchr(text, '=');

	if (!value || value == text || !r->section) {
		import_omit(r->im, o,
		            r->section
		                    ? "not \"key = value\": TuneD refuses such a file"
		                    : "no [section] above it: TuneD refuses such a file");
		return;
	}
	o->lead = comments_take(&r->comments, &r->im->header);
	*value++ = '\0';
	value = line_trim(value);
	o->at.col = line_column(line, value);
	r->indent = o->key_at.col;
	r->in_option = true;
	add_option(r, line_trim(text), value, o);
}

static void read_line(struct reader *r, const char *line, struct place at)
{
	_free_ char *copy = mem_dup(line);
	_import_origin_ struct import_origin o = {.key_at = at, .at = at};
	char *text = copy + strspn(copy, " \t");

	if (*text == '#' || *text == ';') {
		comments_add(&r->comments, text + 1, strlen(text + 1));
		return;
	}
	o.key_at.col = o.at.col = line_column(copy, text);
	o.comment = cut_inline_comment(text);
	(void)line_trim(text);
	if (!*text) {
		comments_add_blank(&r->comments);
	} else if (r->in_option && o.key_at.col > r->indent) {
		r->section->options[r->section->n - 1].several_lines = true;
	} else if (*text == '[' && strchr(text, ']')) {
		r->in_option = false;
		read_header(r, text, o.key_at);
	} else {
		read_option(r, copy, text, &o);
	}
}

void tuned_file_read(struct tuned_file *f, struct import *im, const char *file)
{
	_node_ struct node *names = node_new(NODE_MAP);
	struct reader r = {.f = f, .im = im, .names = names};

	for (size_t i = 0; i < im->n_lines; i++)
		read_line(&r, im->lines[i], (struct place){file, (unsigned)i + 1, 1});
	mem_set(&im->rest, comments_take_rest(&r.comments));
}

const char *tuned_section_get(const struct tuned_section *s, const char *key)
{
	for (size_t i = s->n; i-- > 0;)
		if (strcmp(s->options[i].key, key) == 0)
			return s->options[i].value;
	return NULL;
}

void tuned_file_done(struct tuned_file *f)
{
	for (size_t i = 0; i < f->n; i++) {
		struct tuned_section *s = &f->sections[i];

		for (size_t j = 0; j < s->n; j++) {
			free(s->options[j].key);
			free(s->options[j].value);
			import_origin_done(&s->options[j].origin);
		}
		free(s->options);
		free(s->name);
		free(s->type);
	}
	free(f->sections);
	*f = (struct tuned_file){0};
}
