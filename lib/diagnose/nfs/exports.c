/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/nfs/exports.h"

#include "base/mem.h"
#include "base/text/buf.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"

void nfs_exports_done(struct nfs_exports *e)
{
	for (size_t i = 0; i < e->n; i++) {
		free(e->list[i].path);
		free(e->list[i].where);
		free(e->list[i].fstype);
	}
	free(e->list);
	*e = (struct nfs_exports){0};
}

static struct nfs_export *export_find(struct nfs_exports *e, size_t from,
                                      const char *path)
{
	for (size_t i = from; i < e->n; i++)
		if (strcmp(e->list[i].path, path) == 0)
			return &e->list[i];
	return NULL;
}

struct nfs_export *nfs_exports_add(struct nfs_exports *e, const char *path, bool sync,
                                   const char *where)
{
	e->list = mem_grow(e->list, &e->cap, e->n, sizeof(*e->list));
	e->list[e->n] = (struct nfs_export){
		.path = mem_dup(path), .sync = sync, .where = mem_dup(where)};
	return &e->list[e->n++];
}

/* Clients of one export can have other options: it is sync if one of them has it. */
static void export_merge(struct nfs_exports *e, size_t from, const char *path, bool sync,
                         const char *where)
{
	struct nfs_export *known = export_find(e, from, path);

	if (!known)
		(void)nfs_exports_add(e, path, sync, where);
	else if (sync && !known->sync) {
		known->sync = true;
		mem_set(&known->where, mem_dup(where));
	}
}

/* --- words -----------------------------------------------------------------------------
 */

static bool is_octal(const char *p)
{
	return p[0] >= '0' && p[0] <= '3' && p[1] >= '0' && p[1] <= '7' && p[2] >= '0' &&
	       p[2] <= '7';
}

/* The word at *at, without quotes, "\040" decoded; *at moves past it. NULL: none. */
static char *next_word(const char **at)
{
	_buf_ struct buf word = {0};
	const char *p = *at + strspn(*at, BLANKS);
	bool quoted = false;

	if (!*p || *p == '#')
		return NULL;
	buf_add(&word, "");
	for (; *p && (quoted || !strchr(BLANKS, *p)); p++) {
		char decoded;

		if (*p == '"') {
			quoted = !quoted;
		} else if (*p == '\\' && is_octal(p + 1)) {
			decoded = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 |
			                 (p[3] - '0'));
			buf_add_n(&word, &decoded, 1);
			p += 3;
		} else {
			buf_add_n(&word, p, 1);
		}
	}
	*at = p;
	return buf_take(&word);
}

/* Whether options contain sync, or else async; else `otherwise`. The last one counts. */
static bool options_sync(const char *options, bool otherwise)
{
	for (const char *p = options; *p; p += strspn(p, ",)")) {
		size_t len = strcspn(p, ",)");

		if (len == strlen("sync") && strncmp(p, "sync", len) == 0)
			otherwise = true;
		if (len == strlen("async") && strncmp(p, "async", len) == 0)
			otherwise = false;
		p += len;
	}
	return otherwise;
}

/* --- the kernel's table ----------------------------------------------------------------
 */

/* "/srv\tclient(rw,sync,...)"; "# ..." are headers, and entries that are not valid. */
static void parse_table_line(const char *line, const char *where, struct nfs_exports *ret)
{
	_free_ char *path = next_word(&line);
	const char *options = strchr(line, '(');

	if (path && *path == '/' && options)
		export_merge(ret, 0, path, options_sync(options + 1, true), where);
}

void nfs_exports_parse_table(const char *text, const char *where, struct nfs_exports *ret)
{
	_free_ char *copy = mem_dup(text);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n")))
		parse_table_line(line, where, ret);
}

/* --- exports(5) ------------------------------------------------------------------------
 */

/* "/srv -sync client1(rw) client2(rw,async)" */
static void parse_entry(const char *line, const char *where, size_t n_table,
                        struct nfs_exports *ret)
{
	_free_ char *path = next_word(&line);
	struct nfs_exports table = {.list = ret->list, .n = n_table};
	bool otherwise = true, any = false;
	char *word;

	if (!path || *path != '/' || export_find(&table, 0, path))
		return;
	while ((word = next_word(&line))) {
		const char *options = strchr(word, '(');

		if (*word == '-') {
			otherwise = options_sync(word + 1, otherwise);
		} else {
			export_merge(ret, n_table, path,
			             options_sync(options ? options + 1 : "", otherwise),
			             where);
			any = true;
		}
		free(word);
	}
	if (!any)
		export_merge(ret, n_table, path, otherwise, where);
}

void nfs_exports_parse_file(const char *text, const char *file, struct nfs_exports *ret)
{
	_free_ char *copy = mem_dup(text);
	char *rest = copy, *line;
	size_t n_table = ret->n;

	/* a line that ends with "\" continues: its newline becomes a blank */
	for (unsigned number = 1; rest; number++) {
		_free_ char *where = mem_format("%s:%u", file, number);
		char *end;

		line = rest;
		while ((end = strchr(rest, '\n')) && end > line && end[-1] == '\\') {
			end[-1] = end[0] = ' ';
			rest = end + 1;
			number++;
		}
		(void)strsep(&rest, "\n");
		parse_entry(line, where, n_table, ret);
	}
}
