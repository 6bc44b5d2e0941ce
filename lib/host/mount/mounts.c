/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/mount/mounts.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "host/host.h"
#include "host/recorded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void host_mounts_done(struct host_mounts *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->list[i].root);
		free(m->list[i].target);
		free(m->list[i].fstype);
		free(m->list[i].source);
		free(m->list[i].options);
	}
	free(m->list);
	free(m->children);
	*m = (struct host_mounts){0};
}

/* --- searching -------------------------------------------------------------------------
 */

static int compare_ids(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The mount on "/" that is on no other mount of the table. */
static const struct host_mount *root_of(const struct host_mounts *m)
{
	_free_ int *ids = mem_new(m->n, sizeof(*ids));

	for (size_t i = 0; i < m->n; i++)
		ids[i] = m->list[i].id;
	qsort(ids, m->n, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < m->n; i++) {
		const struct host_mount *at = &m->list[i];

		if (strcmp(at->target, "/") == 0 &&
		    (at->parent == at->id ||
		     !bsearch(&at->parent, ids, m->n, sizeof(*ids), compare_ids)))
			return at;
	}
	return NULL;
}

static int compare_children(const void *a, const void *b)
{
	const struct host_mount *x = *(const struct host_mount *const *)a,
				*y = *(const struct host_mount *const *)b;
	int r = compare_ids(&x->parent, &y->parent);

	r = r ? r : strcmp(x->target, y->target);
	return r ? r : (x > y) - (x < y);
}

void host_mounts_index(struct host_mounts *m)
{
	if (m->n == 0)
		return;
	m->root = root_of(m);
	m->children = mem_new(m->n, sizeof(*m->children));
	for (size_t i = 0; i < m->n; i++)
		m->children[i] = &m->list[i];
	qsort(m->children, m->n, sizeof(*m->children), compare_children);
}

/* The order of a child and of what is looked for. */
static int compare_child(const struct host_mount *at, int parent, const char *path,
                         size_t len)
{
	int r = compare_ids(&at->parent, &parent);

	r = r ? r : strncmp(at->target, path, len);
	return r ? r : at->target[len] != '\0';
}

static const struct host_mount *child_at(const struct host_mounts *m,
                                         const struct host_mount *parent,
                                         const char *path, size_t len)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_child(m->children[mid], parent->id, path, len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	/* the root may be its own parent */
	if (low < m->n && m->children[low] == parent)
		low++;
	return low < m->n && compare_child(m->children[low], parent->id, path, len) == 0
	               ? m->children[low]
	               : NULL;
}

/* Walk like the kernel: enter at each step what is mounted there. */
const struct host_mount *host_mounts_walk(const struct host_mounts *m,
                                          const struct host_mount *from, const char *path)
{
	const struct host_mount *at = from, *below;
	size_t len = strcmp(from->target, "/") == 0 ? 0 : strlen(from->target);

	for (size_t steps = 0;;) {
		/* a mount on "/" is at "/", any other at the path so far */
		while ((below = child_at(m, at, len ? path : "/", len ? len : 1)) &&
		       steps++ < m->n)
			at = below;
		if (!path[len] || !path[len + 1])
			return at;
		len += 1 + strcspn(path + len + 1, "/");
	}
}

const struct host_mount *host_mounts_holding(const struct host_mounts *m,
                                             const char *path)
{
	return m->root ? host_mounts_walk(m, m->root, path) : NULL;
}

const struct host_mount *host_mounts_at(const struct host_mounts *m, const char *path)
{
	const struct host_mount *at = host_mounts_holding(m, path);

	return at && strcmp(at->target, path) == 0 ? at : NULL;
}

bool host_mounts_visible(const struct host_mounts *m, const struct host_mount *at)
{
	return !m->root || host_mounts_at(m, at->target) == at;
}

const struct host_mount *host_mounts_of(const struct host_mounts *m, unsigned major,
                                        unsigned minor)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].major == major && m->list[i].minor == minor)
			return &m->list[i];
	return NULL;
}

/* --- binds --------------------------------------------------------------------------
 */

/* What a bind of `path`, which `on` holds, has as its root. Owned by the caller. */
static char *root_of_bind(const struct host_mount *on, const char *path)
{
	const char *rest = path + (strcmp(on->target, "/") == 0 ? 0 : strlen(on->target));

	return mem_format("%s%s", *rest && strcmp(on->root, "/") == 0 ? "" : on->root,
	                  rest);
}

/* Whether `at` shows `path`, or, if `below`, a directory in it. */
static bool is_bind(const struct host_mounts *m, const struct host_mount *at,
                    const char *path, bool below)
{
	const struct host_mount *on = host_mounts_holding(m, path);
	_free_ char *root = on ? root_of_bind(on, path) : NULL;
	size_t len = root ? strlen(root) : 0;

	if (!on || at->major != on->major || at->minor != on->minor ||
	    strncmp(at->root, root, len) != 0)
		return false;
	return !at->root[len] || (below && at->root[len] == '/');
}

bool host_mounts_is_bind(const struct host_mounts *m, const struct host_mount *at,
                         const char *path)
{
	return is_bind(m, at, path, false);
}

const struct host_mount *host_mounts_bind_of(const struct host_mounts *m,
                                             const char *path)
{
	for (size_t i = 0; i < m->n; i++)
		if (is_bind(m, &m->list[i], path, true))
			return &m->list[i];
	return NULL;
}

/* --- does a mount reach the host? -------------------------------------------------- */

/* Where our root directory is in our own mount table: "" for "/". */
static int ask_own_root(const struct host *h, const char *subject, char **ret,
                        struct err *e)
{
	char path[64], text[4096];
	ssize_t len;

	(void)subject;
	(void)e;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", h->root_fd);
	len = readlink(path, text, sizeof(text));
	if (len <= 0 || (size_t)len >= sizeof(text))
		*ret = mem_dup(h->root);
	else
		*ret = len == 1 ? mem_dup("") : mem_dup_n(text, (size_t)len);
	return 0;
}

static int own_root(const struct host *h, const struct host_mounts *own, char **ret,
                    struct err *e)
{
	int r;

	/* a captured tree was taken on the host, or in a container below it */
	if (!recorded_or_live(h)) {
		*ret = mem_dup(host_mounts_at(own, HOST_BOOTSTRAP_ROOT)
		                       ? HOST_BOOTSTRAP_ROOT
		                       : "");
		return 0;
	}
	r = recorded_word(h, "mounts", "root", ask_own_root, ret, e);
	return r == 0 && !*ret ? err_set(e, -EBADMSG, "the bundle has no root") : r;
}

/* Whether a mount made in `own` propagates to `theirs`. */
static enum host_reach relation(const struct host_mount *own,
                                const struct host_mount *theirs)
{
	if (!own || !theirs || own->major != theirs->major || own->minor != theirs->minor)
		return HOST_REACH_NONE;
	/* mount ids are unique on a machine: the same id is the same mount */
	if (own->id == theirs->id)
		return HOST_REACH_SAME;
	if (own->peers && (own->peers == theirs->peers || own->peers == theirs->master))
		return HOST_REACH_SHARED;
	return HOST_REACH_NONE;
}

/* The mount points below our host root that reach the host, the outermost only. */
static char *shared_trees(const struct host_mounts *own, const struct host_mounts *theirs,
                          const char *root)
{
	_buf_ struct buf trees = {0};
	const char *last = NULL;
	size_t len = strlen(root);

	for (size_t i = 0; i < own->n; i++) {
		const char *path = own->list[i].target + len;

		if (strncmp(own->list[i].target, root, len) != 0 || *path != '/')
			continue;
		if (last && strncmp(path, last, strlen(last)) == 0 &&
		    path[strlen(last)] == '/')
			continue;
		if (relation(&own->list[i], host_mounts_holding(theirs, path)) ==
		    HOST_REACH_NONE)
			continue;
		buf_join(&trees, ", ", path);
		last = path;
	}
	return buf_take(&trees);
}

int host_mounts_reach(const struct host *h, const char *target, enum host_reach *ret,
                      char **ret_where, struct err *e)
{
	_mounts_ struct host_mounts own = {0}, theirs = {0};
	_free_ char *root = NULL, *path = NULL;
	int r = host_mounts_read(h, HOST_MOUNTS_OWN, &own, e);

	if (r == 0)
		r = host_mounts_read(h, HOST_MOUNTS_HOST, &theirs, e);
	if (r == 0)
		r = own_root(h, &own, &root, e);
	if (r < 0 || !root)
		return r;
	path = mem_format("%s%s", root, target);
	*ret = relation(host_mounts_holding(&own, path),
	                host_mounts_holding(&theirs, target));
	if (*ret == HOST_REACH_NONE)
		*ret_where = shared_trees(&own, &theirs, root);
	return 0;
}
