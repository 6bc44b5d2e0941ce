/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/files.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/host.h"
#include "host/mount/mount.h"
#include "host/mount/mounts.h"
#include "nfsd/private.h"
#include "nfsd/state.h"
#include "nfsd/versions_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Return: 1; 0 if it is mounted nowhere; -errno: unknown. Unless 1, *ret_dir is NULL. */
static int find_mount(const struct host *h, const char **ret_dir, struct err *e)
{
	static const char *const dirs[] = {NFSD_PROC_DIR, NFSD_DIR};
	struct err later;
	int unknown = 0;

	*ret_dir = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		_free_ char *path = mem_format("%s/threads", dirs[i]);
		struct stat st;
		int r = host_file_stat(h, path, &st, unknown ? &later : e);

		if (r == 0) {
			*ret_dir = nfsd_files_in_host_net(h) ? dirs[i] : NULL;
			return *ret_dir != NULL;
		}
		if (r != -ENOENT && r != -ENOTDIR && !unknown)
			unknown = r;
	}
	return unknown;
}

int nfsd_files_find_mount(const struct host *h, struct err *e)
{
	const char *dir;

	return find_mount(h, &dir, e);
}

/* Find a directory where our mount reaches the host, and therefore persists. */
static int dir_to_stay(const struct host *h, const char **ret_dir, struct err *e)
{
	_free_ char *where = NULL;
	enum host_reach reach = HOST_REACH_UNKNOWN;
	int r = host_mounts_reach(h, NFSD_PROC_DIR, &reach, &where, e);

	if (r == 0)
		*ret_dir = host_reach_arrives(reach) ? NFSD_PROC_DIR : NFSD_DIR;
	return r;
}

int nfsd_files_mount(struct host *h, struct err *e)
{
	const char *dir = NULL;
	int r = find_mount(h, &dir, e);

	if (r != 0)
		return r < 0 ? r : 0;
	r = dir_to_stay(h, &dir, e);
	if (r == 0)
		r = host_mount_attach(h, "nfsd", dir, "nfsd", "nosuid,nodev,noexec", e);
	return r < 0 ? r : 1;
}

int nfsd_files_unmount(struct host *h, struct err *e)
{
	const char *dir = NULL;
	int r = dir_to_stay(h, &dir, e);

	return r < 0 ? r : host_mount_detach(h, "nfsd", dir, e);
}

/* --- reading and writing ----------------------------------------------------------- */

int nfsd_files_read(const struct host *h, const char *const *files, size_t n,
                    char **texts, struct err *e)
{
	const char *dir;
	int r = find_mount(h, &dir, e);

	for (size_t i = 0; i < n; i++)
		texts[i] = NULL;
	if (r == 0) {
		r = nfsd_files_check(h, e);
		return r < 0 ? r : nfsd_private_read(h, files, n, texts, e);
	}
	for (size_t i = 0; r >= 0 && i < n; i++) {
		_free_ char *path = mem_format("%s/%s", dir, files[i]);

		r = host_file_read_line(h, path, &texts[i], e);
		if (r == -ENOENT || r == -ENODEV)
			r = 0;
		else if (r == 0 && !*texts[i])
			mem_set(&texts[i], NULL);
	}
	return r < 0 ? r : 0;
}

int nfsd_files_write(struct host *h, const char *file, const char *text, struct err *e)
{
	_free_ char *path = NULL;
	const char *dir;
	int r = find_mount(h, &dir, e);

	if (r < 0)
		return r;
	if (r == 0) {
		r = nfsd_files_check(h, e);
		return r < 0 ? r : nfsd_private_write(h, file, text, e);
	}
	path = mem_format("%s/%s", dir, file);
	return host_file_write(h, path, text, e);
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

/* 0: the file is not there. A value that is no number is unknown. */
static int nfsd_files_number(const char *file, const char *text, unsigned *ret,
                             struct err *e)
{
	uint64_t value = 0;

	*ret = 0;
	if (text && (num_u64(text, &value) < 0 || value > UINT_MAX))
		return err_set(e, -EIO, "nfsd's %s: \"%s\" is not a number", file, text);
	*ret = (unsigned)value;
	return 0;
}

int nfsd_files_get(const struct host *h, struct nfsd_server *ret, struct err *e)
{
	static const char *const files[] = {"threads", "pool_threads", "versions",
	                                    "max_block_size", "min_threads"};
	char *texts[ARRAY_SIZE(files)];
	int r = nfsd_files_read(h, files, ARRAY_SIZE(files), texts, e);

	*ret = (struct nfsd_server){0};
	if (r == 0)
		r = nfsd_files_number(files[0], texts[0] ? texts[0] : "", &ret->threads,
		                      e);
	if (r == 0)
		r = nfsd_files_number(files[4], texts[4], &ret->min_threads, e);
	if (r == 0 && ret->threads > 0)
		count_pools(texts[1] ? texts[1] : texts[0], ret);
	if (r == 0 && texts[2])
		nfsd_versions_file_parse(texts[2], ret);
	/* one that is no number is left to nfsd_server_read_block_size() */
	if (texts[3] && num_u64(texts[3], &ret->max_block_size) < 0)
		ret->max_block_size = 0;
	ret->has_min_threads = texts[4] != NULL;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		free(texts[i]);
	return r;
}
