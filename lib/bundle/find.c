/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Look-ups in a bundle, with the answers that the node itself would have given. */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "bundle/cover.h"
#include "doc/node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ERRNO_MAX 133

/* --- what it lacks --------------------------------------------------------------------
 */

int bundle_lacks(struct bundle *b, struct err *e, const char *what)
{
	size_t i = 0;

	while (i < b->n_lacked && strcmp(b->lacked[i], what) != 0)
		i++;
	if (i == b->n_lacked) {
		b->lacked = mem_resize(b->lacked, i + 2, sizeof(*b->lacked));
		b->lacked[b->n_lacked++] = mem_dup(what);
		b->lacked[b->n_lacked] = NULL;
	}
	return err_set(e, -ENODATA, "the bundle lacks %s", what);
}

void bundle_note_lack(struct bundle *b, const char *path, const struct err *e,
                      unsigned mode)
{
	struct node *n = bundle_error(e);
	_free_ char *octal = mem_format("%04o", mode);

	if (mode)
		node_set_text(n, "mode", octal);
	node_set(bundle_part(b, "lacks"), path, n);
}

struct node *bundle_error(const struct err *e)
{
	const char *name = strerrorname_np(-e->code);
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "error", name ? name : "EIO");
	node_set_text(n, "message", e->text);
	return n;
}

static int number_of(const char *name)
{
	for (int i = 1; i <= ERRNO_MAX; i++) {
		const char *known = strerrorname_np(i);

		if (known && strcmp(known, name) == 0)
			return i;
	}
	return EIO;
}

static const char *text_at(const struct node *n, const char *key)
{
	const struct node *text = node_get(n, key);

	return text && text->type == NODE_SCALAR ? text->text : NULL;
}

int bundle_failed(const struct node *n, struct err *e)
{
	const char *name = text_at(n, "error"), *message = text_at(n, "message");

	if (!name)
		return 0;
	return err_set(e, -number_of(name), "%s", message ? message : "failed");
}

/* --- files ----------------------------------------------------------------------------
 */

/* The path without a "/" at its end and without double ones; -EXDEV if it has "..". */
static int plain_path(const char *path, char *ret, struct err *e)
{
	size_t len = 0;

	for (const char *p = path; *p;) {
		size_t part;

		p += strspn(p, "/");
		part = strcspn(p, "/");
		if (part == 2 && strncmp(p, "..", 2) == 0)
			return err_errno(e, EXDEV, "open %s", path);
		if (part == 0 || (part == 1 && *p == '.')) {
			p += part;
			continue;
		}
		if (len + part + 2 > BUNDLE_PATH_MAX)
			return err_errno(e, ENAMETOOLONG, "open %s", path);
		ret[len++] = '/';
		memcpy(ret + len, p, part);
		len += part;
		p += part;
	}
	ret[len] = '\0';
	return 0;
}

/* The first file whose path is not before `path`. */
static size_t first_from(const struct bundle *b, const char *path)
{
	size_t low = 0, high = b->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(b->files[mid].path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct bundle_file *exact(const struct bundle *b, const char *path)
{
	size_t i = first_from(b, path);

	return i < b->n && strcmp(b->files[i].path, path) == 0 ? &b->files[i] : NULL;
}

/* The first file below the directory; b->n: none. `dir` is "" for the root. */
static size_t first_below(const struct bundle *b, const char *dir)
{
	_free_ char *prefix = mem_format("%s/", dir);
	size_t i = first_from(b, prefix);

	return i < b->n && strncmp(b->files[i].path, prefix, strlen(prefix)) == 0 ? i
	                                                                          : b->n;
}

static bool is_below_a_file(const struct bundle *b, const char *path)
{
	_free_ char *above = mem_dup(path);
	char *slash;

	while ((slash = strrchr(above, '/')) && slash > above) {
		const struct bundle_file *f;

		*slash = '\0';
		f = exact(b, above);
		if (f && f->data)
			return true;
	}
	return false;
}

static const struct node *lack_at(const struct bundle *b, const char *path)
{
	return node_get(node_get(b->manifest, "lacks"), path);
}

/*
 * What is known of the path that the bundle lacks, or of a directory above it that could
 * not be listed; NULL: nothing.
 */
static const struct node *lack_of(const struct bundle *b, const char *path)
{
	const struct node *lack;
	_free_ char *above = mem_dup(path);
	char *slash;

	while (!(lack = lack_at(b, above)) && (slash = strrchr(above, '/')) &&
	       slash > above)
		*slash = '\0';
	return lack;
}

/* What the host answered, if it did. */
static int lack_error(struct bundle *b, const struct node *lack, const char *path,
                      struct err *e)
{
	int r = bundle_failed(lack, e);

	return r < 0 && r != -ENODATA ? r : bundle_lacks(b, e, path);
}

static int bundle_find_missing(struct bundle *b, const char *verb, const char *path,
                               struct err *e)
{
	const struct node *lack = lack_of(b, path);
	const struct node *covers = node_get(b->manifest, "covers");

	if (lack)
		return lack_error(b, lack, path, e);
	if (is_below_a_file(b, path))
		return err_errno(e, ENOTDIR, "%s %s", verb, path);
	if (!bundle_matches(node_get(b->manifest, "never"), path) &&
	    (bundle_matches(covers, path) || bundle_lists(covers, path)))
		return err_errno(e, ENOENT, "%s %s", verb, path);
	return bundle_lacks(b, e, path);
}

int bundle_find(struct bundle *b, const char *verb, const char *path,
                const struct bundle_file **ret, struct err *e)
{
	static const struct bundle_file directory = {0};
	char plain[BUNDLE_PATH_MAX] = "";
	int r = plain_path(path, plain, e);

	if (r < 0)
		return r;
	*e = (struct err){0};
	*ret = exact(b, plain);
	if (!*ret && first_below(b, plain) < b->n)
		*ret = &directory;
	return *ret ? 0 : bundle_find_missing(b, verb, plain, e);
}

int bundle_stat(struct bundle *b, const char *path, struct stat *ret, struct err *e)
{
	const struct bundle_file *f = NULL;
	int r = bundle_find(b, "open", path, &f, e);
	const char *mode = text_at(lack_at(b, path), "mode");

	*ret = (struct stat){0};
	if (r == 0)
		ret->st_mode = f->data ? S_IFREG | 0444 : S_IFDIR | 0755;
	else if (mode)
		ret->st_mode = (mode_t)strtoul(mode, NULL, 8);
	return ret->st_mode ? 0 : r;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sort the names, and drop those that are there twice. Return: how many remain. */
static size_t unique(char **names, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 0; i < n; i++) {
		if (kept && strcmp(names[kept - 1], names[i]) == 0)
			free(names[i]);
		else
			names[kept++] = names[i];
	}
	return kept;
}

struct names {
	char **list;
	size_t n, cap;
};

/* Add the first part of the path below the directory. */
static void add_name(struct names *to, const char *below)
{
	to->list = mem_grow(to->list, &to->cap, to->n + 1, sizeof(*to->list));
	to->list[to->n++] = mem_dup_n(below, strcspn(below, "/"));
}

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && path[len] == '/';
}

/* Whether the node has a file of that name: it did not answer that it has none. */
static bool lack_exists(const struct node *lack, const char *below)
{
	size_t len = strcspn(below, "/");
	struct err ignored;
	int r = bundle_failed(lack, &ignored);

	return r != -ENOENT && r != -ENOTDIR && len > 0 && !(len == 1 && *below == '.') &&
	       !(len == 2 && strncmp(below, "..", 2) == 0);
}

/*
 * The names below the directory, whose path is "" for the root, and of what exists but
 * could not be read.
 */
static char **names_below(const struct bundle *b, const char *dir)
{
	const struct node *lacks = node_get(b->manifest, "lacks");
	size_t len = strlen(dir) + 1;
	struct names names = {0};

	for (size_t i = first_below(b, dir); i < b->n && is_below(b->files[i].path, dir);
	     i++)
		add_name(&names, b->files[i].path + len);
	if (lacks && lacks->type == NODE_MAP)
		node_for_each (lack, lacks)
			if (is_below(lack->key, dir) &&
			    lack_exists(lack, lack->key + len))
				add_name(&names, lack->key + len);
	names.n = unique(names.list, names.n);
	names.list = mem_resize(names.list, names.n + 1, sizeof(*names.list));
	names.list[names.n] = NULL;
	return names.list;
}

int bundle_list(struct bundle *b, const char *path, char ***ret_names, struct err *e)
{
	const struct node *lack;
	char plain[BUNDLE_PATH_MAX] = "";
	const struct bundle_file *f = NULL;
	int r = bundle_find(b, "open", path, &f, e);

	if (r == 0 && f->data)
		return err_errno(e, ENOTDIR, "open %s", path);
	if (r == 0)
		r = plain_path(path, plain, e);
	lack = r == 0 ? lack_at(b, plain) : NULL;
	if (lack)
		r = lack_error(b, lack, plain, e);
	if (r == 0 && !bundle_lists(node_get(b->manifest, "covers"), plain))
		r = bundle_lacks(b, e, plain);
	if (r == 0)
		*ret_names = names_below(b, plain);
	return r;
}
