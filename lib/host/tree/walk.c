/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/tree/walk.h"

#include "base/mem.h"
#include "base/progress.h"
#include "host/file.h"
#include "host/host.h"
#include "host/mount/mount.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each level uses two descriptors; a container has 1024 of them. */
#define DEPTH_MAX 256

#define OPEN_DIR (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

int walk_open(const struct host *h, const char *path, struct err *e)
{
	_close_ int at = host_mount_open_target(h, path, e);
	int fd;

	if (at < 0)
		return at;
	fd = openat(at, ".", OPEN_DIR);
	return fd < 0 ? err_errno(e, errno, "open %s", path) : fd;
}

/* Read all names at once, so that removals during the walk do not disturb it. */
static int read_names(int dir, char ***ret_names)
{
	int fd = openat(dir, ".", OPEN_DIR), r;
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	char **names = mem_new(1, sizeof(*names));
	size_t n = 0, cap = 1;
	struct dirent *entry;

	*ret_names = names;
	if (!stream) {
		r = -errno;
		if (fd >= 0)
			(void)close(fd);
		return r;
	}
	for (errno = 0; (entry = readdir(stream)); errno = 0) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		names = mem_grow(names, &cap, n + 1, sizeof(*names));
		names[n++] = mem_dup(entry->d_name);
		names[n] = NULL;
	}
	r = -errno;
	(void)closedir(stream);
	*ret_names = names;
	return r;
}

/* Open the directory that stat(2) saw, not one that has replaced it. */
static int open_child(int in, const char *name, const struct stat *st)
{
	int fd = openat(in, name, OPEN_DIR);
	struct stat opened;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &opened) == 0 && opened.st_ino == st->st_ino &&
	    opened.st_dev == st->st_dev)
		return fd;
	(void)close(fd);
	return -ESTALE;
}

static int host_walk_walk(struct walk *w, struct walk_dirs dirs, dev_t device,
                          unsigned depth);

static int descend(struct walk *w, struct walk_dirs in, const char *name,
                   const struct stat *st, dev_t device, unsigned depth)
{
	struct walk_dirs at = {.from = open_child(in.from, name, st), .to = -1};
	int r = at.from < 0 ? err_errno(w->e, -at.from, "%s", w->path.text) : 0;

	if (r == 0 && w->two) {
		at.to = openat(in.to, name, OPEN_DIR);
		if (at.to < 0)
			r = err_errno(w->e, errno, "%s: its copy", w->path.text);
	}
	if (r == 0)
		r = host_walk_walk(w, at, device, depth + 1);
	if (r == 0 && w->leave)
		r = w->leave(w, in, at, name, st);
	if (at.from >= 0)
		(void)close(at.from);
	if (at.to >= 0)
		(void)close(at.to);
	return r;
}

/*
 * Whether something is mounted on the entry: another file system, a directory of this
 * one, or a file. Return: 0; -EXDEV; -errno if it is unknown.
 */
static int check_mount(struct walk *w, int in, const char *name)
{
	struct statx stx;

	if (statx(in, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, 0, &stx) < 0)
		return err_errno(w->e, errno, "%s", w->path.text);
	/* Linux 5.8 */
	if (!(stx.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT))
		return err_set(w->e, -EOPNOTSUPP,
		               "%s: this kernel does not report whether it is a mount",
		               w->path.text);
	if (stx.stx_attributes & STATX_ATTR_MOUNT_ROOT)
		return err_set(w->e, -EXDEV, "%s: something is mounted there",
		               w->path.text);
	return 0;
}

static int host_walk_step(struct walk *w, struct walk_dirs in, const char *name,
                          dev_t device, unsigned depth)
{
	struct stat st;
	int r;

	progress_tick();
	if (deadline_expired(w->until))
		return err_set(w->e, -ETIMEDOUT, "%s: no time is left", w->path.text);
	if (fstatat(in.from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(w->e, errno, "%s", w->path.text);
	r = check_mount(w, in.from, name);
	if (r < 0)
		return r;
	if (S_ISDIR(st.st_mode) && st.st_dev != device)
		return err_set(w->e, -EXDEV, "%s: is on another file system",
		               w->path.text);
	if (S_ISDIR(st.st_mode) && depth == DEPTH_MAX)
		return err_set(w->e, -ELOOP, "%s: nested too deep", w->path.text);
	r = w->visit(w, in, name, &st);
	if (r == 0 && S_ISDIR(st.st_mode))
		r = descend(w, in, name, &st, device, depth);
	return r;
}

static int host_walk_walk(struct walk *w, struct walk_dirs dirs, dev_t device,
                          unsigned depth)
{
	_cleanup_(names_freep) char **names = NULL;
	size_t len = w->path.len;
	int r = read_names(dirs.from, &names);

	if (r < 0)
		return err_errno(w->e, -r, "%s: read the directory",
		                 len ? w->path.text : ".");
	for (size_t i = 0; r == 0 && names[i]; i++) {
		buf_join(&w->path, "/", names[i]);
		r = host_walk_step(w, dirs, names[i], device, depth);
		w->path.len = len;
		w->path.text[len] = '\0';
	}
	return r;
}

int walk_tree(struct walk *w, struct walk_dirs top)
{
	struct stat st;
	int r;

	if (fstat(top.from, &st) < 0)
		return err_errno(w->e, errno, "stat");
	r = host_walk_walk(w, top, st.st_dev, 0);
	buf_done(&w->path);
	return r;
}
