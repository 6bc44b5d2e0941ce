/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "tmproot.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "host/open.h"
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

struct tmproot tmproot;

static const char *full(const char *path)
{
	return keep_text(mem_format("%s/%s", tmproot.path, path));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int tmproot_setup(void **state)
{
	char base[40];
	struct err e;

	(void)state;
	/* hundreds of small worlds: memory, where there is some */
	(void)snprintf(base, sizeof(base), "%s/hosttune-unit-XXXXXX",
	               access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(base));
	(void)snprintf(tmproot.path, sizeof(tmproot.path), "%s/root", base);
	(void)snprintf(tmproot.outside, sizeof(tmproot.outside), "%s/outside", base);
	assert_return_code(mkdir(tmproot.path, 0755), errno);
	assert_return_code(mkdir(tmproot.outside, 0755), errno);
	tmproot_write("/proc/sys/kernel/osrelease", "6.12.0-test\n");
	assert_int_equal(host_open(&tmproot.host, tmproot.path, &e), 0);
	return 0;
}

int tmproot_teardown(void **state)
{
	(void)state;
	host_close(&tmproot.host);
	*strrchr(tmproot.path, '/') = '\0';
	return nftw(tmproot.path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The missing directories above `path`. */
static void make_parents(const char *path)
{
	_free_ char *copy = mem_dup(path);

	for (char *p = copy + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(copy, 0755) < 0)
			assert_int_equal(errno, EEXIST);
		*p = '/';
	}
}

void tmproot_write(const char *path, const char *text)
{
	const char *name = full(path);
	FILE *f;

	make_parents(name);
	f = fopen(name, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

void tmproot_dir(const char *path)
{
	const char *name = full(path);

	make_parents(name);
	assert_return_code(mkdir(name, 0755), errno);
}

void tmproot_link(const char *path, const char *target)
{
	const char *name = full(path);

	make_parents(name);
	assert_return_code(symlink(target, name), errno);
}

void tmproot_protect(const char *path)
{
	const char *from = full(path);
	const char *to = keep_text(mem_format("%s.real", from));

	assert_return_code(rename(from, to), errno);
	assert_return_code(symlink(strrchr(to, '/') + 1, from), errno);
}

void tmproot_remove(const char *path)
{
	assert_return_code(unlink(full(path)), errno);
}

const char *tmproot_read(const char *path)
{
	int fd = open(full(path), O_RDONLY | O_CLOEXEC);
	struct buf b = {0};
	char chunk[4096];
	ssize_t n;

	if (fd < 0)
		return "(none)";
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add_n(&b, chunk, (size_t)n);
	(void)close(fd);
	return keep_text(buf_take(&b));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* As text; what holds a NUL as a checksum (FNV-1a): snapshots are compared as texts. */
static void add_chunk(struct buf *b, const char *chunk, size_t n)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	if (!memchr(chunk, '\0', n)) {
		buf_add_n(b, chunk, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		sum = (sum ^ (unsigned char)chunk[i]) * UINT64_C(0x100000001b3);
	buf_addf(b, "%016" PRIx64 " ", sum);
}

/* Large ones are drives, mostly holes: only what is between those. */
static void add_content(struct buf *b, const char *path, off_t size)
{
	int fd = open(full(path), O_RDONLY | O_CLOEXEC);
	char chunk[4096];
	off_t at = 0, end;
	ssize_t n;

	assert_return_code(fd, errno);
	while ((at = lseek(fd, at, SEEK_DATA)) >= 0 && at < size) {
		end = lseek(fd, at, SEEK_HOLE);
		buf_addf(b, "@%lld ", (long long)at);
		for (; at < end && (n = pread(fd, chunk, sizeof(chunk), at)) > 0; at += n)
			add_chunk(b, chunk, (size_t)n);
	}
	(void)close(fd);
}

static void add_tree(struct buf *b, const char *path, bool times)
{
	struct dirent **entries;
	int n = scandir(full(path), &entries, no_dots, by_name);

	assert_true(n >= 0);
	for (int i = 0; i < n; i++) {
		_free_ char *below = mem_format("%s/%s", path, entries[i]->d_name);
		struct stat st;

		free(entries[i]);
		assert_return_code(lstat(full(below), &st), errno);
		buf_addf(b, "%s %o ", below, (unsigned)st.st_mode);
		if (S_ISREG(st.st_mode))
			add_content(b, below, st.st_size);
		buf_addf(b, "\n");
		if (times)
			buf_addf(b, " %lld.%09ld\n", (long long)st.st_mtim.tv_sec,
			         st.st_mtim.tv_nsec);
		if (S_ISDIR(st.st_mode))
			add_tree(b, below, times);
	}
	free(entries);
}

const char *tmproot_snapshot(void)
{
	struct buf b = {0};

	add_tree(&b, "", true);
	return keep_text(buf_take(&b));
}

const char *tmproot_contents(void)
{
	struct buf b = {0};

	add_tree(&b, "", false);
	return keep_text(buf_take(&b));
}
