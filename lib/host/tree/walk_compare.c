/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Compare a copied tree with its original. */
#include "base/mem.h"
#include "base/progress.h"
#include "host/host.h"
#include "host/tree/walk.h"
#include "host/tree/xattr.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (1024 * 1024)

struct chunks {
	char *one, *other;
};

ssize_t walk_read(int fd, char *data, size_t n, off_t at)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, data + done, n - done, at + (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		progress_tick();
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static int compare_content(struct walk *w, struct walk_dirs in, const char *name)
{
	struct chunks *c = w->arg;
	_close_ int from = openat(in.from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	_close_ int to = openat(in.to, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t a = CHUNK, b;

	if (from < 0 || to < 0)
		return -errno;
	/* it is synced: what is read now comes from the drive */
	(void)posix_fadvise(to, 0, 0, POSIX_FADV_DONTNEED);
	for (off_t at = 0; a == CHUNK; at += CHUNK) {
		if (deadline_expired(w->until))
			return -ETIMEDOUT;
		a = walk_read(from, c->one, CHUNK, at);
		b = walk_read(to, c->other, CHUNK, at);
		if (a < 0 || b < 0)
			return (int)(a < 0 ? a : b);
		if (a != b || memcmp(c->one, c->other, (size_t)a) != 0)
			return -EBADMSG;
	}
	return 0;
}

/* Return: 0, -EBADMSG or -errno. */
static int compare_link(struct walk_dirs in, const char *name)
{
	char one[PATH_MAX], other[PATH_MAX];
	ssize_t a = readlinkat(in.from, name, one, sizeof(one));
	ssize_t b = a < 0 ? a : readlinkat(in.to, name, other, sizeof(other));

	if (a < 0 || b < 0)
		return -errno;
	return a == b && memcmp(one, other, (size_t)a) == 0 ? 0 : -EBADMSG;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_attributes(const struct stat *a, const struct stat *b)
{
	bool size = S_ISREG(a->st_mode) || S_ISLNK(a->st_mode);

	return a->st_mode == b->st_mode && a->st_uid == b->st_uid &&
	       a->st_gid == b->st_gid && a->st_rdev == b->st_rdev &&
	       (!size || a->st_size == b->st_size) && same_time(a->st_mtim, b->st_mtim);
}

static int compare_entry(struct walk *w, struct walk_dirs in, const char *name,
                         const struct stat *st)
{
	struct stat other;
	int r = 0;

	if (S_ISSOCK(st->st_mode))
		return 0;
	if (fstatat(in.to, name, &other, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	else if (!same_attributes(st, &other))
		r = -EBADMSG;
	else if (S_ISREG(st->st_mode))
		r = compare_content(w, in, name);
	else if (S_ISLNK(st->st_mode))
		r = compare_link(in, name);
	if (r == 0)
		r = xattrs_compare(in, name);
	if (r == -EBADMSG || r == -ENOENT)
		return err_set(w->e, -EBADMSG,
		               "%s: differs from its copy (is it being written to?)",
		               w->path.text);
	return r < 0 ? err_errno(w->e, -r, "compare %s", w->path.text) : 0;
}

static int compare_top(struct walk_dirs top)
{
	struct stat a, b;

	if (fstat(top.from, &a) < 0 || fstat(top.to, &b) < 0)
		return -errno;
	return same_attributes(&a, &b) ? xattrs_compare(top, ".") : -EBADMSG;
}

int walk_compare(int from, int to, struct deadline until, struct err *e)
{
	struct chunks c = {.one = mem_new(CHUNK, 1), .other = mem_new(CHUNK, 1)};
	struct walk w = {
		.until = until, .two = true, .e = e, .arg = &c, .visit = compare_entry};
	const struct walk_dirs top = {from, to};
	int r = walk_tree(&w, top);

	if (r == 0) {
		r = compare_top(top);
		if (r < 0)
			(void)err_errno(e, -r, "compare the directory itself");
	}
	free(c.one);
	free(c.other);
	return r;
}
