/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/files.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/host.h"
#include "host/mount/mount.h"
#include "host/mount/mounts.h"
#include "host/process/child.h"
#include "nfsd/state.h"
#include "nfsd/versions_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define PROC_DIR "/proc/fs/nfsd"

/* Starting a server with NFSv3 but without rpcbind takes some seconds to fail. */
#define CALL_TIMEOUT_MS 60000

/* --- where it is mounted ----------------------------------------------------------- */

int nfsd_files_check(const struct host *h, struct err *e)
{
	_free_ char *list = NULL;
	int r = host_file_read_line(h, "/proc/filesystems", &list, e);

	if (r < 0)
		return r;
	if (!h->live || !strstr(list, "\tnfsd"))
		return err_set(e, -ENOENT, "the nfsd module is not loaded");
	return 0;
}

/*
 * The host's mounts were made in the network namespace of its process 1. If that process
 * may not be inspected, as in a bootstrap container, ours is the host's if it is still
 * the one that the program started in.
 */
bool nfsd_files_in_host_net(const struct host *h)
{
	char own[64] = "", of_1[64];

	if (!h->live)
		return true;
	if (readlink("/proc/thread-self/ns/net", own, sizeof(own) - 1) < 0)
		return false;
	memset(of_1, 0, sizeof(of_1));
	if (readlinkat(h->root_fd, "proc/1/ns/net", of_1, sizeof(of_1) - 1) >= 0)
		return strcmp(own, of_1) == 0;
	return strcmp(own, h->net) == 0;
}

/* NULL: nowhere. */
static const char *mounted_at(const struct host *h)
{
	static const char *const dirs[] = {PROC_DIR, NFSD_DIR};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		_free_ char *path = mem_format("%s/threads", dirs[i]);

		if (host_file_exists(h, path))
			return nfsd_files_in_host_net(h) ? dirs[i] : NULL;
	}
	return NULL;
}

bool nfsd_files_mounted(const struct host *h)
{
	return mounted_at(h) != NULL;
}

/* Find a directory where our mount reaches the host, and therefore persists. */
static int dir_to_stay(const struct host *h, const char **ret_dir, struct err *e)
{
	_free_ char *where = NULL;
	enum host_reach reach;
	int r = host_mounts_reach(h, PROC_DIR, &reach, &where, e);

	if (r == 0)
		*ret_dir = reach == HOST_REACH_NONE ? NFSD_DIR : PROC_DIR;
	return r;
}

int nfsd_files_mount(struct host *h, struct err *e)
{
	const char *dir = NULL;
	int r;

	if (mounted_at(h))
		return 0;
	r = dir_to_stay(h, &dir, e);
	if (r == 0)
		r = host_mount_attach(h, "nfsd", dir, "nfsd", "nosuid,nodev,noexec", e);
	return r < 0 ? r : 1;
}

int nfsd_files_unmount(struct host *h, struct err *e)
{
	const char *dir = NULL;
	int r = dir_to_stay(h, &dir, e);

	return r < 0 ? r : host_mount_detach(h, dir, e);
}

/* --- on a private mount ------------------------------------------------------------ */

struct access {
	const char *const *files;
	size_t n;
	const char *text; /* to write to the first file; NULL: read all */
};

/* Separates the texts of files; none of them contains it. */
#define SEPARATOR '\f'

static int open_private(const char *file, int flags)
{
	char path[128];

	(void)snprintf(path, sizeof(path), PROC_DIR "/%s", file);
	return open(path, flags | O_CLOEXEC);
}

/* Append the file to `text`, which has room for `max` more bytes. */
static int read_private(const char *file, char *text, size_t max, struct err *e)
{
	_close_ int fd = open_private(file, O_RDONLY);
	size_t len = 0;
	ssize_t n;

	if (fd < 0 && (errno == ENOENT || errno == ENODEV))
		return 0;
	if (fd < 0)
		return err_errno(e, errno, "open nfsd's %s", file);
	while ((n = read(fd, text + len, max - len)) > 0)
		len += (size_t)n;
	return n < 0 ? err_errno(e, errno, "read nfsd's %s", file) : 0;
}

static int read_all_private(const struct access *a, char *text, struct err *e)
{
	size_t used = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < a->n; i++) {
		if (i > 0 && used < HOST_CHILD_TEXT_MAX - 1)
			text[used++] = SEPARATOR;
		r = read_private(a->files[i], text + used, HOST_CHILD_TEXT_MAX - 1 - used,
		                 e);
		used = strlen(text);
	}
	return r;
}

static int write_private(const struct access *a, struct err *e)
{
	_close_ int fd = open_private(a->files[0], O_WRONLY);
	size_t len = strlen(a->text);
	ssize_t n;

	if (fd < 0)
		return err_errno(e, errno, "open nfsd's %s", a->files[0]);
	n = write(fd, a->text, len);
	if (n < 0)
		return err_errno(e, errno, "write nfsd's %s", a->files[0]);
	if ((size_t)n != len)
		return err_set(e, -EIO, "write nfsd's %s: only partly written",
		               a->files[0]);
	return 0;
}

/* Runs in a child with its own mount namespace. */
static int access_private(void *arg, char *text, struct err *e)
{
	const struct access *a = arg;

	/* EBUSY: our network namespace's nfsd file system is already mounted there */
	if (mount("nfsd", PROC_DIR, "nfsd", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 &&
	    errno != EBUSY)
		return err_errno(e, errno, "mount the nfsd file system");
	return a->text ? write_private(a, e) : read_all_private(a, text, e);
}

/* --- reading and writing ----------------------------------------------------------- */

static char *trimmed(const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\n", text[len - 1]))
		len--;
	return len > 0 ? mem_dup_n(text, len) : NULL;
}

static void split(const char *all, char **texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(all, "\f");

		texts[i] = trimmed(all, len);
		all += all[len] == SEPARATOR ? len + 1 : len;
	}
}

int nfsd_files_read(const struct host *h, const char *const *files, size_t n,
                    char **texts, struct err *e)
{
	const char *dir = mounted_at(h);
	struct access a = {.files = files, .n = n};
	_free_ char *all = NULL;
	int r = 0;

	for (size_t i = 0; i < n; i++)
		texts[i] = NULL;
	for (size_t i = 0; dir && r == 0 && i < n; i++) {
		_free_ char *path = mem_format("%s/%s", dir, files[i]);

		r = host_file_read_line(h, path, &texts[i], e);
		if (r == -ENOENT || r == -ENODEV)
			r = 0;
		else if (r == 0 && !*texts[i])
			mem_set(&texts[i], NULL);
	}
	if (dir)
		return r;
	r = nfsd_files_check(h, e);
	if (r == 0)
		r = host_child_run(h, HOST_CHILD_PRIVATE, CALL_TIMEOUT_MS, access_private,
		                   &a, &all, e);
	if (r == 0)
		split(all, texts, n);
	return r;
}

int nfsd_files_write(struct host *h, const char *file, const char *text, struct err *e)
{
	const char *dir = mounted_at(h);
	_free_ char *path = dir ? mem_format("%s/%s", dir, file) : NULL;
	_free_ char *line = mem_format("%s\n", text);
	struct access a = {.files = &file, .n = 1, .text = line};
	int r;

	if (path)
		return host_file_write(h, path, text, e);
	r = nfsd_files_check(h, e);
	if (r == 0)
		r = host_child_run(h, HOST_CHILD_PRIVATE, CALL_TIMEOUT_MS, access_private,
		                   &a, NULL, e);
	return r;
}

/* --- parsing ----------------------------------------------------------------------- */

/* pool_threads: "2 1 0". */
static void count_pools(const char *text, struct nfsd_server *ret)
{
	for (const char *p = text + strspn(text, " "); *p; p += strspn(p, " ")) {
		ret->empty += strtoul(p, NULL, 10) == 0;
		ret->pools++;
		p += strcspn(p, " ");
	}
}

static uint64_t nfsd_files_number(const char *text)
{
	uint64_t value = 0;

	return text && num_u64(text, &value) == 0 ? value : 0;
}

int nfsd_files_get(const struct host *h, struct nfsd_server *ret, struct err *e)
{
	static const char *const files[] = {"threads", "pool_threads", "versions",
	                                    "max_block_size", "min_threads"};
	char *texts[ARRAY_SIZE(files)];
	uint64_t threads = 0;
	int r = nfsd_files_read(h, files, ARRAY_SIZE(files), texts, e);

	*ret = (struct nfsd_server){0};
	if (r == 0 &&
	    (!texts[0] || num_u64(texts[0], &threads) < 0 || threads > UINT_MAX))
		r = err_set(e, -EIO, "nfsd's threads: \"%s\" is not a number",
		            texts[0] ? texts[0] : "");
	ret->threads = (unsigned)threads;
	if (r == 0 && threads > 0)
		count_pools(texts[1] ? texts[1] : texts[0], ret);
	if (r == 0 && texts[2])
		nfsd_versions_file_parse(texts[2], ret);
	ret->max_block_size = nfsd_files_number(texts[3]);
	ret->has_min_threads = texts[4] != NULL;
	ret->min_threads = (unsigned)nfsd_files_number(texts[4]);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		free(texts[i]);
	return r;
}
