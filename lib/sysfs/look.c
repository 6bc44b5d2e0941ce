/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysfs/look.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/recorded.h"
#include "sysfs/path.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define RECORDED "sysfs"
#define AGAIN    "sysfs again"

static void file_done(struct sysfs_file *f)
{
	free(f->path);
	free(f->real);
	free(f->text);
	free(f->fault);
	free(f->again);
}

void sysfs_files_done(struct sysfs_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		file_done(&files->list[i]);
	free(files->list);
	*files = (struct sysfs_files){0};
}

static struct sysfs_file *new_file(struct sysfs_files *files)
{
	files->list = mem_grow(files->list, &files->cap, files->n, sizeof(*files->list));
	files->list[files->n] = (struct sysfs_file){0};
	return &files->list[files->n++];
}

/* --- walking -------------------------------------------------------------------------
 */

struct search {
	const struct host *h;
	struct sysfs_files *ret;
	struct node *seen; /* paths without links, as keys */
	size_t directories;
};

static bool has_vanished(int code)
{
	return code == -ENOENT || code == -ENOTDIR || code == -ENODEV;
}

/* Two links may lead to one file: it is one. A device may be removed meanwhile. */
static int found(struct search *s, const char *path, struct err *e)
{
	_free_ char *real = NULL;
	enum sysfs_access access;
	struct sysfs_file *f;
	int r = sysfs_access_find(s->h, path, &real, &access, e);

	if (r < 0)
		return has_vanished(r) || (r == -EISDIR && s->directories) ? 0 : r;
	if (node_get(s->seen, real))
		return 0;
	s->ret->too_many |= s->ret->n == SYSFS_FILES_MAX;
	if (s->ret->too_many)
		return 0;
	node_set(s->seen, real, node_new_null());
	f = new_file(s->ret);
	f->path = mem_dup(path);
	f->real = TAKE_PTR(real);
	f->access = access;
	return 0;
}

/* `rest`: what follows `dir` in the pattern, from its "/" on. */
static int search_below(struct search *s, const char *dir, const char *rest,
                        struct err *e);

static int search_matching(struct search *s, const char *dir, const char *part,
                           const char *rest, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	int r;

	s->ret->too_many |= s->directories++ == SYSFS_DIRECTORIES_MAX;
	if (s->ret->too_many)
		return 0;
	r = host_file_list(s->h, dir, &names, e);
	if (r < 0)
		return has_vanished(r) ? 0 : r;
	for (size_t i = 0; names[i] && r == 0; i++) {
		_free_ char *path = mem_format("%s/%s", dir, names[i]);

		if (fnmatch(part, names[i], FNM_PERIOD) == 0)
			r = search_below(s, path, rest, e);
	}
	return r;
}

static int search_below(struct search *s, const char *dir, const char *rest,
                        struct err *e)
{
	size_t len = strcspn(rest + (*rest == '/'), "/");
	_free_ char *part = NULL, *path = NULL;

	if (!*rest)
		return found(s, dir, e);
	part = mem_dup_n(rest + 1, len);
	if (sysfs_path_is_pattern(part))
		return search_matching(s, dir, part, rest + 1 + len, e);
	path = mem_format("%s/%s", dir, part);
	return search_below(s, path, rest + 1 + len, e);
}

/* --- reading -------------------------------------------------------------------------
 */

/* Nothing is read of what is refused: that may be an action, too. */
static void read_file(const struct host *h, struct sysfs_file *f)
{
	struct err e = {0};

	if (f->access == SYSFS_WRITE_ONLY || f->access == SYSFS_FOREIGN ||
	    sysfs_path_refused(f->real))
		return;
	if (sysfs_access_read(h, f->path, &f->text, &e) < 0)
		f->fault = mem_dup(e.text);
}

static int look(const struct host *h, const char *pattern, struct sysfs_files *ret,
                struct err *e)
{
	_node_ struct node *seen = node_new(NODE_MAP);
	struct search s = {h, ret, seen, 0};
	int r = search_below(&s, "", pattern, e);

	for (size_t i = 0; i < ret->n && r == 0 && !ret->too_many; i++)
		read_file(h, &ret->list[i]);
	return r;
}

/* --- bundles -------------------------------------------------------------------------
 */

static struct node *files_node(const struct sysfs_files *files)
{
	struct node *n = node_new(NODE_MAP), *list = node_new(NODE_LIST);

	node_set(n, "too many", node_new_bool(files->too_many));
	for (size_t i = 0; i < files->n; i++) {
		const struct sysfs_file *f = &files->list[i];
		struct node *one = node_new(NODE_MAP);

		node_set_text(one, "path", f->path);
		node_set_text(one, "real", f->real);
		node_set(one, "access", node_new_uint(f->access));
		node_set_text(one, "text", f->text);
		node_set_text(one, "fault", f->fault);
		node_append(list, one);
	}
	node_set(n, "files", list);
	return n;
}

static void files_of_node(const struct node *n, struct sysfs_files *ret)
{
	const struct node *list = node_get(n, "files");

	ret->too_many = recorded_flag(n, "too many");
	if (!list || list->type != NODE_LIST)
		return;
	node_for_each (one, list) {
		struct sysfs_file f = {
			.path = recorded_text(one, "path"),
			.real = recorded_text(one, "real"),
			.access = (enum sysfs_access)recorded_number(one, "access",
		                                                     SYSFS_FOREIGN),
			.text = recorded_text(one, "text"),
			.fault = recorded_text(one, "fault"),
		};

		if (f.path && f.real && ret->n < SYSFS_FILES_MAX)
			*new_file(ret) = f;
		else
			file_done(&f);
	}
}

int sysfs_look(const struct host *h, const char *pattern, struct sysfs_files *ret,
               struct err *e)
{
	const struct node *known = NULL;
	int r = 0;

	sysfs_files_done(ret);
	/* a bundle that was collected without this profile may still have the files */
	if (!h->bundle || recorded_has(h, RECORDED, pattern))
		r = recorded_get(h, RECORDED, pattern, &known, e);
	if (r > 0)
		files_of_node(known, ret);
	if (r != 0)
		return r < 0 ? r : 0;
	r = look(h, pattern, ret, e);
	return recorded_put(h, RECORDED, pattern, r, e,
	                    r == 0 && h->record ? files_node(ret) : NULL);
}

static int ask_again(const struct host *h, const char *path, char **ret, struct err *e)
{
	return sysfs_access_read(h, path, ret, e);
}

void sysfs_look_again(const struct host *h, struct sysfs_file *f)
{
	struct err ignored;

	mem_set(&f->again, NULL);
	if (!h->bundle || recorded_has(h, AGAIN, f->path))
		(void)recorded_word(h, AGAIN, f->path, ask_again, &f->again, &ignored);
}
