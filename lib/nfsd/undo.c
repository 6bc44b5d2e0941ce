/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/undo.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/shell.h"
#include "nfsd/files.h"
#include "nfsd/server.h"
#include "nfsd/version.h"
#include "nfsd/versions_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define THREADS "threads"
#define LEAST   "min-threads"
/* Which server of the kernel reads which file: a mount of it keeps the server alive. */
#define FILES     "file-system"
#define VERSIONS  "versions"
#define POOL_MODE "pool-mode"
#define BLOCK     "max-block-size"

#define MOUNTED     "mounted"
#define NOT_MOUNTED "not mounted"

static char *number(uint64_t n)
{
	return mem_format("%" PRIu64, n);
}

/* --- what is about to change ---------------------------------------------------------
 */

void nfsd_undo_add_threads(const struct nfsd_server *now, unsigned threads,
                           unsigned min_threads, const struct host *h,
                           struct undo_values *ret)
{
	struct err unknown;

	/* starting a server mounts it, and stopping it comes before unmounting */
	if (now->threads == 0 && h && nfsd_files_find_mount(h, &unknown) == 0)
		undo_add(ret, mem_dup(FILES), mem_dup(NOT_MOUNTED), mem_dup(MOUNTED));
	if (min_threads && now->has_min_threads && now->threads > 0)
		undo_add(ret, mem_dup(LEAST), number(now->min_threads),
		         number(min_threads));
	undo_add(ret, mem_dup(THREADS), number(now->threads), number(threads));
}

void nfsd_undo_add_setup(const struct nfsd_server *now, const struct nfsd_server *to,
                         struct undo_values *ret)
{
	if (to->versions && to->versions != now->versions)
		undo_add(ret, mem_dup(VERSIONS),
		         now->versions ? nfsd_version_text(now->versions) : NULL,
		         nfsd_version_text(to->versions));
	if (*to->pool_mode && strcmp(to->pool_mode, now->pool_mode) != 0)
		undo_add(ret, mem_dup(POOL_MODE),
		         *now->pool_mode ? mem_dup(now->pool_mode) : NULL,
		         mem_dup(to->pool_mode));
	/* 0 stands for "the first start chooses it", and cannot be written */
	if (to->max_block_size && to->max_block_size != now->max_block_size)
		undo_add(ret, mem_dup(BLOCK),
		         now->max_block_size ? number(now->max_block_size) : NULL,
		         number(to->max_block_size));
}

/* --- reading -------------------------------------------------------------------------
 */

static bool is_object(const char *object)
{
	static const char *const all[] = {THREADS,  LEAST,     FILES,
	                                  VERSIONS, POOL_MODE, BLOCK};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (strcmp(object, all[i]) == 0)
			return true;
	return false;
}

static char *value_of(const struct nfsd_server *now, const char *object)
{
	if (strcmp(object, THREADS) == 0)
		return number(now->threads);
	if (strcmp(object, LEAST) == 0)
		return now->has_min_threads ? number(now->min_threads) : NULL;
	if (strcmp(object, VERSIONS) == 0)
		return nfsd_version_text(now->versions);
	if (strcmp(object, POOL_MODE) == 0)
		return *now->pool_mode ? mem_dup(now->pool_mode) : NULL;
	return number(now->max_block_size);
}

/* What cannot be read is not gone: a journal with it is not done. */
static int read_rest(const struct host *h, const char *object, struct nfsd_server *now,
                     struct err *e)
{
	if (strcmp(object, POOL_MODE) == 0)
		return nfsd_server_check_pool_mode(now, e);
	return strcmp(object, BLOCK) == 0 ? nfsd_server_read_block_size(h, now, e) : 0;
}

static int read_mounted(const struct host *h, char **ret_value, struct err *e)
{
	int r = nfsd_files_find_mount(h, e);

	if (r >= 0)
		*ret_value = mem_dup(r == 1 ? MOUNTED : NOT_MOUNTED);
	return r < 0 ? r : 0;
}

int nfsd_undo_read(const struct host *h, const char *object, char **ret_value,
                   struct err *e)
{
	struct nfsd_server now;
	int r;

	*ret_value = NULL;
	if (!is_object(object))
		return err_set(e, -EINVAL, "\"%s\": is nothing of an NFS server", object);
	r = nfsd_server_observe(h, &now, e);
	if (r == -ENOENT)
		return 0;
	if (r == 0 && strcmp(object, FILES) == 0)
		return read_mounted(h, ret_value, e);
	if (r == 0)
		r = read_rest(h, object, &now, e);
	if (r == 0)
		*ret_value = value_of(&now, object);
	return r;
}

/* --- writing -------------------------------------------------------------------------
 */

static int write_threads(struct host *h, uint64_t threads, struct err *e)
{
	if (threads == 0)
		return nfsd_server_stop(h, false, e);
	return nfsd_server_set_threads(h, (unsigned)threads, 0, e);
}

static int write_least(struct host *h, uint64_t least, struct err *e)
{
	struct nfsd_server now;
	int r = nfsd_server_observe(h, &now, e);

	if (r < 0)
		return r;
	return nfsd_server_set_threads(h, now.threads,
	                               least ? (unsigned)least : NFSD_FIXED, e);
}

static int write_versions(struct host *h, const char *value, struct err *e)
{
	unsigned versions = nfsd_version_of_text(value);

	if (!versions)
		return err_set(e, -EINVAL, "\"%s\": are no NFS versions", value);
	return nfsd_server_set_versions(h, versions, e);
}

int nfsd_undo_write(struct host *h, const char *object, const char *value, struct err *e)
{
	uint64_t n;

	if (strcmp(object, FILES) == 0)
		return nfsd_files_unmount(h, e);
	if (strcmp(object, VERSIONS) == 0)
		return write_versions(h, value, e);
	if (strcmp(object, POOL_MODE) == 0)
		return nfsd_server_set_pool_mode(h, value, e);
	if (num_u64(value, &n) < 0 || n > UINT32_MAX)
		return err_set(e, -EINVAL, "\"%s\": is no number", value);
	if (strcmp(object, THREADS) == 0)
		return write_threads(h, n, e);
	if (strcmp(object, LEAST) == 0)
		return write_least(h, n, e);
	return nfsd_server_set_max_block_size(h, n, e);
}

/*
 * Version 2 is named only if it was on: kernels without it refuse its name. NULL: the
 * value is no set of versions; a command without any would disable all.
 */
static char *versions_command(const char *value)
{
	unsigned versions = nfsd_version_of_text(value);
	_free_ char *words = nfsd_versions_file_format(
		versions, NFSD_V3 | NFSD_V4_0 | NFSD_V4_1 | NFSD_V4_2);

	return versions ? mem_format("echo '%s' > /proc/fs/nfsd/versions", words) : NULL;
}

char *nfsd_undo_command(const struct host *h, const char *object, const char *value)
{
	_free_ char *quoted = shell_quote(value);

	(void)h;
	if (strcmp(object, THREADS) == 0)
		return mem_format("echo %s > /proc/fs/nfsd/threads", quoted);
	if (strcmp(object, LEAST) == 0)
		return mem_format("nfsdctl threads -m %s $(cat /proc/fs/nfsd/threads)",
		                  quoted);
	if (strcmp(object, FILES) == 0)
		return mem_dup("umount /proc/fs/nfsd");
	if (strcmp(object, VERSIONS) == 0)
		return versions_command(value);
	if (strcmp(object, POOL_MODE) == 0)
		return mem_format("echo %s > /sys/module/sunrpc/parameters/pool_mode",
		                  quoted);
	return mem_format("echo %s > /proc/fs/nfsd/max_block_size", quoted);
}
