/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/recorded_file.h"

#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/recorded.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define STAT "stat"

static int recorded_file_find(const struct host *h, const char *path,
                              const struct bundle_file **ret, struct err *e)
{
	int r = bundle_find(h->bundle, "open", path, ret, e);

	return r == 0 && !(*ret)->data ? err_errno(e, EISDIR, "read %s", path) : r;
}

int recorded_file_open(const struct host *h, const char *path, struct err *e)
{
	const struct bundle_file *f = NULL;
	int r = recorded_file_find(h, path, &f, e);
	_close_ int fd = r < 0 ? r : memfd_create("bundle", MFD_CLOEXEC);
	ssize_t n;

	if (r < 0)
		return r;
	if (fd < 0)
		return err_errno(e, errno, "open %s", path);
	for (size_t done = 0; done < f->len; done += (size_t)n) {
		n = write(fd, f->data + done, f->len - done);
		if (n < 0)
			return err_errno(e, errno, "copy %s", path);
	}
	(void)lseek(fd, 0, SEEK_SET);
	return TAKE_FD(fd);
}

int recorded_file_read(const struct host *h, const char *path, size_t max,
                       char **ret_text, struct err *e)
{
	const struct bundle_file *f = NULL;
	int r = recorded_file_find(h, path, &f, e);

	if (r < 0)
		return r;
	if (f->len > max)
		return err_set(e, -EFBIG, "read %s: more than %zu bytes", path, max);
	*ret_text = mem_new(f->len + 1, 1);
	memcpy(*ret_text, f->data, f->len);
	return 0;
}

int recorded_file_stat(const struct host *h, const char *path, struct stat *ret,
                       struct err *e)
{
	const struct node *known;
	int r;

	if (!recorded_has(h, STAT, path))
		return bundle_stat(h->bundle, path, ret, e);
	r = recorded_get(h, STAT, path, &known, e);
	if (r < 0)
		return r;
	*ret = (struct stat){
		.st_mode = (mode_t)recorded_number(known, "mode", UINT32_MAX),
		.st_uid = (uid_t)recorded_number(known, "uid", UINT32_MAX),
		.st_gid = (gid_t)recorded_number(known, "gid", UINT32_MAX),
		.st_rdev = makedev((unsigned)recorded_number(known, "major", UINT32_MAX),
	                           (unsigned)recorded_number(known, "minor", UINT32_MAX)),
	};
	return 0;
}

static bool lies_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && strchr("/", path[len]);
}

int recorded_file_note(const struct host *h, const char *path, int r,
                       const struct stat *st, const struct err *e)
{
	struct node *n;

	if (!h->record || lies_below(path, "/proc") || lies_below(path, "/sys"))
		return r;
	if (r < 0)
		return recorded_put(h, STAT, path, r, e, NULL);
	n = node_new(NODE_MAP);
	node_set(n, "mode", node_new_uint(st->st_mode));
	node_set(n, "uid", node_new_uint(st->st_uid));
	node_set(n, "gid", node_new_uint(st->st_gid));
	node_set(n, "major", node_new_uint(major(st->st_rdev)));
	node_set(n, "minor", node_new_uint(minor(st->st_rdev)));
	return recorded_put(h, STAT, path, r, e, n);
}
