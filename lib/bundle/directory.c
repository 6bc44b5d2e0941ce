/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A bundle that was unpacked: a directory. libarchive could read it as well, with 12 KB
 * of code for owners, sparse files and loops of links, which no bundle has.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "bundle/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each level has a descriptor open. */
#define DEPTH_MAX 256

#define OPEN_DIR  (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define OPEN_FILE (O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

struct directory_walk {
	archive_take *take;
	void *arg;
	struct err *e;
	struct buf path; /* of the entry, below the directory */
};

static int walk_below(struct directory_walk *w, int at, const char *name, unsigned depth);

/* Add the entry to the error, unless it is the directory itself. Return: the code. */
static int failed_at(const struct directory_walk *w)
{
	_free_ char *shown = display_text(w->path.len ? w->path.text : "");

	return *shown ? err_wrap(w->e, "member \"%.200s\"", shown) : w->e->code;
}

/* A file is open for its size, which is that of what will be read. */
static int look_at(struct err *e, int at, const char *name, struct archive_member *m)
{
	struct stat st;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(e, errno, "stat");
	m->type = archive_type(st.st_mode, &m->what);
	if (m->type != ARCHIVE_IS_FILE)
		return 0;
	m->fd = openat(at, name, OPEN_FILE);
	if (m->fd < 0 || fstat(m->fd, &st) < 0)
		return err_errno(e, errno, "open");
	m->size = S_ISREG(st.st_mode) ? st.st_size : -1;
	return 0;
}

static int take_entry(struct directory_walk *w, int at, const char *name, unsigned depth)
{
	struct archive_member m = {.path = w->path.text, .fd = -1};
	int r = look_at(w->e, at, name, &m);

	r = r < 0 ? failed_at(w) : w->take(w->arg, &m, w->e);
	fd_closep(&m.fd);
	if (r == 0 && m.type == ARCHIVE_IS_DIRECTORY)
		r = walk_below(w, at, name, depth);
	return r;
}

static int walk_stream(struct directory_walk *w, DIR *dir, unsigned depth)
{
	size_t len = w->path.len;
	struct dirent *entry;
	int r = 0;

	for (errno = 0; r == 0 && (entry = readdir(dir)); errno = 0) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		buf_join(&w->path, "/", entry->d_name);
		r = take_entry(w, dirfd(dir), entry->d_name, depth);
		w->path.len = len;
		w->path.text[len] = '\0';
	}
	/* half a directory is no bundle */
	if (r == 0 && errno) {
		(void)err_errno(w->e, errno, "read the directory");
		r = failed_at(w);
	}
	return r;
}

static int walk_below(struct directory_walk *w, int at, const char *name, unsigned depth)
{
	_close_ int fd = openat(at, name, OPEN_DIR);
	DIR *dir = NULL;
	int r;

	if (depth == DEPTH_MAX)
		(void)err_set(w->e, -ELOOP, "is nested too deep");
	else if (fd < 0 || !(dir = fdopendir(fd)))
		(void)err_errno(w->e, errno, "open");
	if (!dir)
		return failed_at(w);
	(void)TAKE_FD(fd);
	r = walk_stream(w, dir, depth + 1);
	(void)closedir(dir);
	return r;
}

int archive_walk_directory(int fd, archive_take *take, void *arg, struct err *e)
{
	struct directory_walk w = {.take = take, .arg = arg, .e = e};
	int r = walk_below(&w, fd, ".", 0);

	buf_done(&w.path);
	return r;
}
