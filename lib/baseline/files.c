/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * How much of a file is in the page cache: cachestat(2), since Linux 6.5, else
 * mincore(2). Both answer only who may write the file; to others, mincore() says that all
 * of it is.
 */
#include "base/mem.h"
#include "baseline/baseline.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_cachestat
#define SYS_cachestat 451
#endif

/* Pages are asked for in parts: 1 GiB of pages of 4 KiB. */
#define PART_BYTES (UINT64_C(1) << 30)

/* As in <linux/mman.h> of Linux 6.5. */
struct cache_range {
	uint64_t off, len;
};

struct cache_pages {
	uint64_t cached, dirty, writeback, evicted, recently_evicted;
};

static int ask_cachestat(int fd, struct cache_pages *ret)
{
	struct cache_range all = {0, 0}; /* to the end */

	return syscall(SYS_cachestat, fd, &all, ret, 0) < 0 ? -errno : 0;
}

static bool has_capability(unsigned capability)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	return syscall(SYS_capget, &head, data) == 0 &&
	       data[capability / 32].effective & 1U << capability % 32;
}

/* As can_do_mincore() in mm/mincore.c. */
static bool may_ask(int fd, const struct stat *st)
{
	return st->st_uid == geteuid() || has_capability(CAP_FOWNER) ||
	       faccessat(fd, "", W_OK, AT_EACCESS | AT_EMPTY_PATH) == 0;
}

/* Add the pages of one part of the file. */
static int ask_part(int fd, uint64_t offset, uint64_t len, uint64_t page,
                    uint64_t *cached)
{
	void *map = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, (off_t)offset);
	uint64_t pages = (len + page - 1) / page;
	unsigned char *in_core;
	int r;

	if (map == MAP_FAILED)
		return -errno;
	in_core = mem_new(pages, 1);
	r = mincore(map, len, in_core) < 0 ? -errno : 0;
	for (uint64_t i = 0; r == 0 && i < pages; i++)
		*cached += in_core[i] & 1;
	free(in_core);
	(void)munmap(map, len);
	return r;
}

static int ask_mincore(const struct host *h, int fd, const struct stat *st, uint64_t page,
                       struct cache_pages *ret)
{
	uint64_t size = (uint64_t)st->st_size;
	int r = may_ask(fd, st) ? 0 : -EPERM;

	*ret = (struct cache_pages){0};
	for (uint64_t at = 0; r == 0 && at < size; at += PART_BYTES) {
		uint64_t left = size - at;

		if (deadline_expired(h->deadline))
			return -ETIMEDOUT;
		r = ask_part(fd, at, left < PART_BYTES ? left : PART_BYTES, page,
		             &ret->cached);
	}
	return r;
}

/*
 * Open a regular file. Opening a device or a FIFO can have effects, so look first; the
 * descriptor is of what was looked at.
 */
static int open_regular(const struct host *h, const char *path, struct stat *st,
                        struct err *e)
{
	_close_ int at = host_live_check(h, e);
	char self[64];
	int fd;

	if (at == 0)
		at = host_file_open(h, path, O_PATH, e);
	if (at < 0)
		return TAKE_FD(at);
	if (fstat(at, st) < 0)
		return err_errno(e, errno, "stat %s", path);
	if (!S_ISREG(st->st_mode))
		return err_set(e, -EINVAL, "%s: is not a regular file", path);
	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", at);
	fd = open(self, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return host_file_hint(err_errno(e, errno, "open %s", path), e);
	return fd;
}

static struct node *cache_node(const struct stat *st, const struct cache_pages *p,
                               bool by_cachestat, uint64_t page)
{
	struct node *n = node_new(NODE_MAP);
	uint64_t size = (uint64_t)st->st_size, cached = p->cached * page;

	part_set_number(n, "bytes", size);
	/* the last page may reach beyond the end */
	part_set_number(n, "cached", cached < size ? cached : size);
	if (by_cachestat) {
		part_set_number(n, "dirty", p->dirty * page);
		part_set_number(n, "writeback", p->writeback * page);
		part_set_number(n, "recently_evicted", p->recently_evicted * page);
	}
	node_set_text(n, "by", by_cachestat ? "cachestat" : "mincore");
	return n;
}

static struct node *file_node(const struct host *h, const char *path)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct cache_pages pages = {0};
	struct err e = {0};
	struct stat st;
	_close_ int fd = open_regular(h, path, &st, &e);
	bool by_cachestat = true;
	int r = fd;

	if (r >= 0)
		r = ask_cachestat(fd, &pages);
	if (fd >= 0 && r < 0) {
		by_cachestat = false;
		r = ask_mincore(h, fd, &st, page, &pages);
		if (r == -EPERM)
			(void)err_set(&e, r,
			              "%s: only its owner, who may write it, and root "
			              "learn what is cached",
			              path);
		else if (r < 0)
			(void)err_errno(&e, -r, "page cache of %s", path);
	}
	if (r == -ENOENT || r == -ENOTDIR)
		return node_new_null();
	return r < 0 ? part_missing(e.text) : cache_node(&st, &pages, by_cachestat, page);
}

const char *baseline_path_fault(const char *path)
{
	return path[0] == '/' ? NULL : "is not an absolute path";
}

struct node *part_files(const struct host *h, const struct node *paths)
{
	struct node *all = node_new(NODE_MAP);

	node_for_each (path, paths)
		node_set(all, path->key, file_node(h, path->key));
	return all;
}
