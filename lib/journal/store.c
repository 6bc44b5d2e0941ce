/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "journal/store.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/write_all.h"
#include "host/file.h"
#include "host/host.h"
#include "journal/journal.h"
#include "journal/store_part.h"
#include "journal/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX   ".journal"
#define NEW_FILE ".new"
#define ID_MAX   999999999U

/* Where host-ctr mounts what a container keeps; the user data lies there, too. */
static const char *const persistent[] = {"/.bottlerocket/bootstrap-containers/current",
                                         "/.bottlerocket/host-containers/current"};

/* --- the directory -------------------------------------------------------------------
 */

/* Make a directory of this process, but not its parents. */
static int open_own(struct journal_store *s, bool create, struct err *e)
{
	if (create && mkdir(s->path, 0700) < 0 && errno != EEXIST)
		return err_errno(e, errno, "make %s", s->path);
	s->fd = open(s->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return s->fd < 0 ? err_errno(e, errno, "open %s", s->path) : 0;
}

static int open_on_host(struct journal_store *s, struct host *h, bool create,
                        struct err *e)
{
	int r = create ? host_file_mkdir(h, JOURNAL_DIR, 0700, e) : 0;

	if (r < 0)
		return r;
	s->fd = host_file_open(h, JOURNAL_DIR, O_DIRECTORY | O_NOFOLLOW, e);
	return s->fd < 0 ? s->fd : 0;
}

static char *own_path(const struct host *h, const char *dir)
{
	if (dir)
		return mem_dup(dir);
	for (size_t i = 0; h->live && i < ARRAY_SIZE(persistent); i++)
		if (access(persistent[i], F_OK) == 0)
			return mem_format("%s/journal", persistent[i]);
	return NULL;
}

bool journal_store_is_safe(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

int journal_store_open(struct journal_store *s, struct host *h, const char *dir,
                       bool create, struct err *e)
{
	char *own = own_path(h, dir);
	struct stat st;
	int r;

	*s = (struct journal_store){
		.fd = -1, .path = own ? own : mem_format("%s" JOURNAL_DIR, h->root)};
	r = own ? open_own(s, create, e) : open_on_host(s, h, create, e);
	if (r == 0 && fstat(s->fd, &st) < 0)
		r = err_errno(e, errno, "stat %s", s->path);
	if (r == 0 && !journal_store_is_safe(&st))
		r = err_set(e, -EPERM, "%s: others than this user may write there",
		            s->path);
	if (r == -EACCES)
		(void)err_hint(e, "run as root");
	if (r < 0)
		journal_store_close(s);
	return r;
}

void journal_store_close(struct journal_store *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	free(s->path);
	*s = (struct journal_store){.fd = -1};
}

static int compare_ids(const void *a, const void *b)
{
	unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;

	return left < right ? -1 : left > right;
}

/* 0: it is not the name of a journal. */
static unsigned id_of(const char *name)
{
	const char *suffix = strstr(name, SUFFIX);
	_free_ char *digits = NULL;
	uint64_t id;

	if (!suffix || strcmp(suffix, SUFFIX) != 0)
		return 0;
	digits = mem_dup_n(name, (size_t)(suffix - name));
	return num_u64(digits, &id) == 0 && id <= ID_MAX ? (unsigned)id : 0;
}

int journal_store_list(const struct journal_store *s, unsigned **ret, size_t *ret_n,
                       struct err *e)
{
	int fd = openat(s->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	size_t n = 0, cap = 0;
	unsigned *ids = NULL;

	*ret = NULL;
	*ret_n = 0;
	if (!dir) {
		int code = err_errno(e, errno, "read %s", s->path);

		if (fd >= 0)
			(void)close(fd);
		return code;
	}
	errno = 0;
	while ((entry = readdir(dir))) {
		unsigned id = id_of(entry->d_name);

		if (!id)
			continue;
		ids = mem_grow(ids, &cap, n, sizeof(*ids));
		ids[n++] = id;
	}
	if (errno) {
		int code = err_errno(e, errno, "read %s", s->path);

		(void)closedir(dir);
		free(ids);
		return code;
	}
	(void)closedir(dir);
	if (n > 0)
		qsort(ids, n, sizeof(*ids), compare_ids);
	*ret = ids;
	*ret_n = n;
	return 0;
}

/* --- one file ------------------------------------------------------------------------
 */

void journal_store_file_name(char *ret, unsigned id)
{
	(void)snprintf(ret, NAME_BYTES, "%09u" SUFFIX, id);
}

static int replace(const struct journal_store *s, const char *name, const char *text)
{
	_close_ int fd = -1;
	int r;

	(void)unlinkat(s->fd, NEW_FILE, 0);
	fd = openat(s->fd, NEW_FILE, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	            0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, text, strlen(text));
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r == 0 && renameat(s->fd, NEW_FILE, s->fd, name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(s->fd, NEW_FILE, 0);
	/* only then does the rename survive a crash */
	if (r == 0 && fsync(s->fd) < 0)
		r = -errno;
	return r;
}

static int next_id(const struct journal_store *s, unsigned *ret, struct err *e)
{
	_free_ unsigned *ids = NULL;
	size_t n;
	int r = journal_store_list(s, &ids, &n, e);

	if (r < 0)
		return r;
	if (n > 0 && ids[n - 1] == ID_MAX)
		return err_set(e, -EOVERFLOW, "%s: no number is left for a journal",
		               s->path);
	*ret = n > 0 ? ids[n - 1] + 1 : 1;
	return 0;
}

int journal_store_save(const struct journal_store *s, struct journal *j, struct err *e)
{
	_free_ char *text = journal_format(j);
	unsigned id = j->id;
	char name[NAME_BYTES];
	int r = id ? 0 : next_id(s, &id, e);

	if (r < 0)
		return r;
	/* no more than can be read again */
	if (strlen(text) > JOURNAL_BYTES_MAX || j->n > JOURNAL_RECORDS_MAX)
		return err_set(e, -EFBIG,
		               "the journal would have more than %d bytes or %d values",
		               JOURNAL_BYTES_MAX, JOURNAL_RECORDS_MAX);
	journal_store_file_name(name, id);
	r = replace(s, name, text);
	if (r < 0)
		return err_errno(e, -r, "write %s/%s", s->path, name);
	j->id = id;
	return 0;
}

int journal_store_remove(const struct journal_store *s, unsigned id, struct err *e)
{
	char name[NAME_BYTES];

	journal_store_file_name(name, id);
	if (unlinkat(s->fd, name, 0) < 0 && errno != ENOENT)
		return err_errno(e, errno, "remove %s/%s", s->path, name);
	return fsync(s->fd) < 0 ? err_errno(e, errno, "sync %s", s->path) : 0;
}
