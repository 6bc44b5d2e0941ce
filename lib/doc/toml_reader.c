/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "doc/toml_reader.h"

#include "base/mem.h"

#include <string.h>

struct place toml_place(const struct toml_reader *r)
{
	struct place at = {.file = r->file, .line = r->line, .col = 1};

	for (const char *p = r->line_start; p < r->p; p++)
		at.col += ((unsigned char)*p & 0xc0) != 0x80;
	return at;
}

void *toml_fail(struct toml_reader *r, struct place at, const char *what)
{
	diag_error(r->diag, at, "not TOML: %s", what);
	r->p = r->end;
	return NULL;
}

void *toml_fail_depth(struct toml_reader *r, struct place at)
{
	return toml_fail(r, at, "nested too deeply (limit: 32 levels)");
}

bool toml_accept(struct toml_reader *r, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(r->end - r->p) < len || memcmp(r->p, text, len) != 0)
		return false;
	r->p += len;
	return true;
}

/* --- white space and comments ---------------------------------------------------------
 */

void toml_skip_blanks(struct toml_reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
		r->p++;
}

static const char *comment_end(const struct toml_reader *r)
{
	const char *end = memchr(r->p, '\n', (size_t)(r->end - r->p));

	return end ? end : r->end;
}

static bool skip_line_feed(struct toml_reader *r)
{
	if (!toml_accept(r, "\n") && !toml_accept(r, "\r\n"))
		return false;
	r->line++;
	r->line_start = r->p;
	return true;
}

void toml_skip_lines(struct toml_reader *r)
{
	bool empty = r->p == r->line_start;

	for (;;) {
		toml_skip_blanks(r);
		if (r->p < r->end && *r->p == '#') {
			const char *end = comment_end(r);

			comments_add(&r->comments, r->p + 1, (size_t)(end - r->p - 1));
			r->p = end;
			empty = false;
		} else if (skip_line_feed(r)) {
			if (empty)
				comments_add_blank(&r->comments);
			empty = true;
		} else {
			return;
		}
	}
}

/* The rest of a line: nothing, or a comment, which is returned. */
bool toml_end_line(struct toml_reader *r, char **ret_comment)
{
	*ret_comment = NULL;
	toml_skip_blanks(r);
	if (r->p < r->end && *r->p == '#') {
		const char *end = comment_end(r), *last = end;

		r->p++;
		toml_skip_blanks(r);
		while (last > r->p && strchr(" \t\r", last[-1]))
			last--;
		if (last > r->p)
			*ret_comment = mem_dup_n(r->p, (size_t)(last - r->p));
		r->p = end;
	}
	if (r->p == r->end || skip_line_feed(r))
		return true;
	(void)toml_fail(r, toml_place(r), "more text after a value");
	return false;
}
