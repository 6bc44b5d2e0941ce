/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/tree/xattr.h"

#include "base/mem.h"
#include "host/tree/copied.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

/* Limits of a list of names and of a value: linux/limits.h. */
#define XATTR_MAX (64 * 1024)

/* The attributes of one entry. */
struct xattrs {
	char path[64 + NAME_MAX]; /* follows no link in its last part */
	char *names;              /* each ends with NUL */
	size_t len;
};

static void xattrs_done(struct xattrs *x)
{
	free(x->names);
}

#define _xattrs_ _cleanup_(xattrs_done)

/*
 * XFS lists its ACLs twice: as system.posix_acl_*, and as it stores them, which no other
 * file system has. And the note of a copy is not its original's.
 */
static bool is_apart(const char *name)
{
	static const char alias[] = "trusted.SGI_ACL_";

	return strncmp(name, alias, sizeof(alias) - 1) == 0 ||
	       strcmp(name, COPIED_XATTR) == 0;
}

static void drop_apart(struct xattrs *x)
{
	size_t kept = 0;

	for (size_t at = 0; at < x->len;) {
		size_t n = strlen(x->names + at) + 1;

		if (!is_apart(x->names + at)) {
			memmove(x->names + kept, x->names + at, n);
			kept += n;
		}
		at += n;
	}
	x->len = kept;
}

/* Return: 0 or -errno. A file system without extended attributes has none. */
static int xattrs_read(int dir, const char *name, struct xattrs *ret)
{
	ssize_t len;

	/* there is no call for links and device nodes by descriptor */
	(void)snprintf(ret->path, sizeof(ret->path), "/proc/self/fd/%d/%s", dir, name);
	ret->names = mem_new(XATTR_MAX, 1);
	len = llistxattr(ret->path, ret->names, XATTR_MAX);
	ret->len = len < 0 ? 0 : (size_t)len;
	drop_apart(ret);
	return len < 0 && errno != EOPNOTSUPP ? -errno : 0;
}

#define xattrs_for_each(name, x)                                          \
	for (const char *name = (x)->names; name < (x)->names + (x)->len; \
	     name += strlen(name) + 1)

static bool xattrs_have(const struct xattrs *x, const char *name)
{
	xattrs_for_each(one, x) if (strcmp(one, name) == 0) return true;
	return false;
}

/* The policy assigns a label to each new file, and decides who may change it. */
static bool is_label(const char *name)
{
	return strcmp(name, "security.selinux") == 0 ||
	       strncmp(name, "security.SMACK64", 16) == 0;
}

/* Return: the length, or -errno; the text is owned by the caller. */
static ssize_t xattr_value(const struct xattrs *x, const char *name, char **ret)
{
	char *value = mem_new(XATTR_MAX + 1, 1);
	ssize_t len = lgetxattr(x->path, name, value, XATTR_MAX);

	*ret = value;
	return len < 0 ? -errno : len;
}

/* Return: 1, 0 or -errno of reading the original. */
static int same_value(const struct xattrs *from, const struct xattrs *to,
                      const char *name)
{
	_free_ char *want = NULL, *now = NULL;
	ssize_t len = xattr_value(from, name, &want);
	ssize_t now_len = xattr_value(to, name, &now);

	if (len < 0)
		return (int)len;
	return len == now_len && memcmp(want, now, (size_t)len) == 0;
}

static void note_label(const struct xattrs *from, const struct xattrs *to,
                       const char *name, struct host_tree_labels *labels)
{
	_free_ char *want = NULL, *now = NULL;

	if (labels->n++ > 0)
		return;
	(void)xattr_value(from, name, &want);
	(void)xattr_value(to, name, &now);
	(void)snprintf(labels->want, sizeof(labels->want), "%s", want);
	(void)snprintf(labels->now, sizeof(labels->now), "%s", now);
}

static int copy_value(const struct xattrs *from, const struct xattrs *to,
                      const char *name, struct host_tree_labels *labels)
{
	_free_ char *value = NULL;
	int same = same_value(from, to, name);
	ssize_t len;

	/* an equal label needs no permission to relabel */
	if (same != 0)
		return same < 0 ? same : 0;
	len = xattr_value(from, name, &value);
	if (len < 0)
		return (int)len;
	if (lsetxattr(to->path, name, value, (size_t)len, 0) == 0)
		return 0;
	if (!is_label(name) || (errno != EACCES && errno != EPERM && errno != EOPNOTSUPP))
		return -errno;
	note_label(from, to, name, labels);
	return 0;
}

int xattrs_copy(struct walk_dirs in, const char *name, struct host_tree_labels *labels,
                struct err *e)
{
	_xattrs_ struct xattrs from = {.len = 0}, to = {.len = 0};
	int r = xattrs_read(in.from, name, &from);

	if (r == 0)
		r = xattrs_read(in.to, name, &to);
	if (r < 0)
		return err_errno(e, -r, "list extended attributes");
	/* such as an ACL inherited from the directory that contains the copy */
	xattrs_for_each(
		one,
		&to) if (!xattrs_have(&from, one) && !is_label(one) &&
	                 lremovexattr(to.path, one) < 0 &&
	                 errno !=
	                         ENODATA) return err_errno(e, errno,
	                                                   "remove extended attribute %s",
	                                                   one);
	xattrs_for_each(one, &from)
	{
		r = copy_value(&from, &to, one, labels);
		if (r < 0)
			return err_errno(e, -r, "copy extended attribute %s", one);
	}
	return 0;
}

int xattrs_compare(struct walk_dirs in, const char *name)
{
	_xattrs_ struct xattrs from = {.len = 0}, to = {.len = 0};
	int r = xattrs_read(in.from, name, &from);

	if (r == 0)
		r = xattrs_read(in.to, name, &to);
	if (r < 0)
		return r;
	xattrs_for_each(one, &to) if (!xattrs_have(&from, one) &&
	                              !is_label(one)) return -EBADMSG;
	xattrs_for_each(one, &from)
	{
		r = is_label(one) ? 1 : same_value(&from, &to, one);
		if (r <= 0)
			return r < 0 ? r : -EBADMSG;
	}
	return 0;
}
