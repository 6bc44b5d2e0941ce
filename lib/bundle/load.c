/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bundle/load.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/display.h"
#include "bundle/archive.h"
#include "bundle/bundle.h"
#include "doc/json.h"
#include "doc/node.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MANIFEST   "manifest.json"
#define ROOT       "root/"
#define VALUES_MAX (256U * 1024)

/* What refuses the path of a member; NULL: nothing. */
static const char *path_fault(const char *path)
{
	size_t len = strlen(path);

	if (len == 0 || len >= BUNDLE_PATH_MAX)
		return "its path is empty or too long";
	if (*path == '/')
		return "its path is absolute";
	for (const char *p = path; *p; p += *p == '/') {
		size_t part = strcspn(p, "/");

		if (part == 2 && strncmp(p, "..", 2) == 0)
			return "its path leads out of the bundle";
		if (part == 0 || (part == 1 && *p == '.'))
			return "its path has an empty part";
		p += part;
	}
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "its path has a control character";
	if (strcmp(path, MANIFEST) != 0 && strncmp(path, ROOT, strlen(ROOT)) != 0)
		return "is not part of a bundle";
	return NULL;
}

struct loading {
	struct bundle *bundle;
	size_t members;
	bool has_manifest;
};

/*
 * The limits hold before any memory is allocated for the member. Beside the files there
 * are the manifest, "." and "root".
 */
static const char *size_fault(const struct loading *l, const struct archive_member *m)
{
	const struct bundle *b = l->bundle;

	if (b->n >= BUNDLE_FILES_MAX || l->members > BUNDLE_FILES_MAX + 3)
		return "the bundle has too many files";
	if (m->type != ARCHIVE_IS_FILE)
		return NULL;
	if (m->size < 0 || m->size > BUNDLE_FILE_BYTES_MAX)
		return "is too large";
	return b->bytes + (size_t)m->size > BUNDLE_BYTES_MAX ? "the bundle is too large"
	                                                     : NULL;
}

static int parse_manifest(struct bundle *b, const char *text, size_t len, struct err *e)
{
	struct node *n = node_json_parse_some(text, len, VALUES_MAX, e);

	if (!n)
		return e->code;
	node_free(b->manifest);
	b->manifest = n;
	return 0;
}

static int add_file(struct loading *l, const struct archive_member *m, const char *path,
                    struct err *e)
{
	struct bundle *b = l->bundle;
	_free_ char *data = mem_new((size_t)m->size + 1, 1);
	int r = archive_data(m, data, e);

	if (r < 0)
		return r;
	if (strcmp(path, MANIFEST) != 0) {
		bundle_add(b, path + strlen(ROOT) - 1, TAKE_PTR(data), (size_t)m->size);
		return 0;
	}
	if (l->has_manifest)
		return err_set(e, -EBADMSG, "is there twice");
	l->has_manifest = true;
	return parse_manifest(b, data, (size_t)m->size, e);
}

/* "./root/proc/", as tar(1) writes it -> "root/proc" */
static char *member_path(const struct archive_member *m)
{
	const char *path = m->path;
	size_t len = strlen(path);

	if (strncmp(path, "./", 2) == 0) {
		path += 2;
		len -= 2;
	}
	if (m->type == ARCHIVE_IS_DIRECTORY)
		while (len > 0 && path[len - 1] == '/')
			len--;
	return mem_dup_n(path, len);
}

static int wrap_member(const char *path, struct err *e)
{
	_free_ char *shown = display_text(path);

	return err_wrap(e, "member \"%.200s\"", shown);
}

static int take(void *arg, const struct archive_member *m, struct err *e)
{
	struct loading *l = arg;
	_free_ char *path = member_path(m);
	bool top = m->type == ARCHIVE_IS_DIRECTORY &&
	           (!*path || strcmp(path, ".") == 0 || strcmp(path, "root") == 0);
	const char *fault = top ? NULL : path_fault(path);
	int r = 0;

	l->members++;
	if (!fault && m->type == ARCHIVE_IS_OTHER)
		fault = m->what;
	if (!fault)
		fault = size_fault(l, m);
	if (fault)
		r = err_set(e, -EBADMSG, "%s%s", m->type == ARCHIVE_IS_OTHER ? "is " : "",
		            fault);
	else if (m->type == ARCHIVE_IS_FILE)
		r = add_file(l, m, path, e);
	else if (!top)
		bundle_add(l->bundle, path + strlen(ROOT) - 1, NULL, 0);
	return r < 0 ? wrap_member(m->path, e) : 0;
}

/* --- the whole ------------------------------------------------------------------------
 */

static int check_version(const struct bundle *b, struct err *e)
{
	const struct node *n = node_get(b->manifest, "version");
	uint64_t version = 0;

	if (!n || n->type != NODE_SCALAR || num_u64(n->text, &version) < 0)
		return err_set(e, -EBADMSG, "has no " MANIFEST " of a bundle");
	if (version == BUNDLE_VERSION)
		return 0;
	return err_set(e, -EBADMSG,
	               "is of version %.20s, and this hosttune reads version %d", n->text,
	               BUNDLE_VERSION);
}

/* A tar file that ends between two members looks complete. */
static int check_count(const struct bundle *b, struct err *e)
{
	const struct node *n = node_get(b->manifest, "files");
	uint64_t files = 0;

	if (!n || n->type != NODE_SCALAR || num_u64(n->text, &files) < 0 || files <= b->n)
		return 0;
	return err_set(e, -EBADMSG, "is cut short: has %zu files of %.20s", b->n,
	               n->text);
}

static int bundle_load_check(struct bundle *b, struct err *e)
{
	const char *twice;
	int r = check_version(b, e);

	if (r == 0)
		r = check_count(b, e);
	if (r < 0)
		return r;
	twice = bundle_seal(b);
	return twice ? err_set(e, -EBADMSG, "member \"root%.200s\": is there twice",
	                       twice)
	             : 0;
}

int bundle_load(const char *path, struct bundle **ret, struct err *e)
{
	_bundle_ struct bundle *b = bundle_new();
	struct loading loading = {.bundle = b};
	size_t len = strlen(path);
	_free_ char *plain = NULL;
	int r;

	while (len > 1 && path[len - 1] == '/')
		len--;
	plain = mem_dup_n(path, len);
	r = archive_walk(plain, take, &loading, e);
	if (r == 0)
		r = bundle_load_check(b, e);
	if (r < 0)
		return err_wrap(e, "%s", path);
	*ret = TAKE_PTR(b);
	return 0;
}
