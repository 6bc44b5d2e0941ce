/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bundle/archive.h"

#include "base/mem.h"
#include "base/text/display.h"
#include "bundle/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES (64 * 1024)
#define FILE_MODE  0600
#define DIR_MODE   0700

/* The library's own message, which begins with a capital letter and may quote the file.
 */
static int archive_failed(struct archive *a, struct err *e)
{
	_free_ char *text = display_text(archive_error_string(a));

	return err_set(e, -EBADMSG, "%s", text ? text : "damaged");
}

/* --- reading --------------------------------------------------------------------------
 */

enum archive_type archive_type(mode_t mode, const char **ret_what)
{
	switch (mode & AE_IFMT) {
	case AE_IFREG: return ARCHIVE_IS_FILE;
	case AE_IFDIR: return ARCHIVE_IS_DIRECTORY;
	case AE_IFLNK: *ret_what = "a symbolic link"; break;
	case AE_IFCHR:
	case AE_IFBLK: *ret_what = "a device"; break;
	case AE_IFIFO: *ret_what = "a FIFO"; break;
	case AE_IFSOCK: *ret_what = "a socket"; break;
	default: *ret_what = "of an unknown type"; break;
	}
	return ARCHIVE_IS_OTHER;
}

static void describe_member(struct archive *a, struct archive_entry *entry,
                            struct archive_member *ret)
{
	const char *path = archive_entry_pathname(entry);

	*ret = (struct archive_member){.path = path ? path : "",
	                               .type = ARCHIVE_IS_OTHER,
	                               .size = archive_entry_size(entry),
	                               .reader = a,
	                               .fd = -1};
	if (archive_entry_hardlink(entry))
		ret->what = "a hard link";
	else
		ret->type = archive_type(archive_entry_filetype(entry), &ret->what);
}

static int walk_members(struct archive *a, archive_take *take, void *arg, struct err *e)
{
	struct archive_entry *entry;
	int r, done = 0;

	while (done == 0 && (r = archive_read_next_header(a, &entry)) != ARCHIVE_EOF) {
		struct archive_member m;

		if (r != ARCHIVE_OK)
			return archive_failed(a, e);
		describe_member(a, entry, &m);
		done = take(arg, &m, e);
	}
	return done;
}

/* The static program has none. libarchive would then run a program named zstd. */
static bool has_zstd(void)
{
	return archive_libzstd_version();
}

static bool is_zstd(int fd)
{
	static const char magic[] = {'\x28', '\xb5', '\x2f', '\xfd'};
	char head[sizeof(magic)];

	return pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	       memcmp(head, magic, sizeof(head)) == 0;
}

static struct archive *read_tar(int fd, struct err *e)
{
	struct archive *a = mem_check(archive_read_new());

	if (has_zstd())
		(void)archive_read_support_filter_zstd(a);
	(void)archive_read_support_format_tar(a);
	if (!has_zstd() && is_zstd(fd)) {
		(void)err_set(e, -ELIBACC, "this program was built without zstd");
		(void)err_hint(e, "decompress it first: zstd -d FILE");
	} else if (archive_read_open_fd(a, fd, READ_BYTES) == ARCHIVE_OK) {
		return a;
	} else {
		(void)archive_failed(a, e);
	}
	(void)archive_read_free(a);
	return NULL;
}

int archive_walk(const char *path, archive_take *take, void *arg, struct err *e)
{
	_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct archive *a;
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(e, errno, "open");
	if (S_ISDIR(st.st_mode))
		return archive_walk_directory(fd, take, arg, e);
	if (!S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "is neither a file nor a directory");
	a = read_tar(fd, e);
	if (!a)
		return e->code;
	r = walk_members(a, take, arg, e);
	(void)archive_read_free(a);
	return r;
}

int archive_data(const struct archive_member *m, char *data, struct err *e)
{
	int64_t done = 0;

	while (done < m->size) {
		size_t left = (size_t)(m->size - done);
		ssize_t n = m->reader ? archive_read_data(m->reader, data + done, left)
		                      : read(m->fd, data + done, left);

		if (n < 0 && !m->reader)
			return err_errno(e, errno, "read");
		if (n < 0)
			return archive_failed(m->reader, e);
		if (n == 0)
			return err_set(e, -EBADMSG, "is cut short");
		done += n;
	}
	return 0;
}

/* --- writing --------------------------------------------------------------------------
 */

static int save_member(struct archive *a, const char *path, const char *data, size_t len,
                       struct err *e)
{
	struct archive_entry *entry = mem_check(archive_entry_new());
	int r;

	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, data ? AE_IFREG : AE_IFDIR);
	archive_entry_set_perm(entry, data ? FILE_MODE : DIR_MODE);
	archive_entry_set_size(entry, (int64_t)len);
	r = archive_write_header(a, entry);
	archive_entry_free(entry);
	if (r != ARCHIVE_OK || (len && archive_write_data(a, data, len) < (ssize_t)len))
		return err_set(e, -EIO, "write %s: %s", path, archive_error_string(a));
	return 0;
}

/* Write everything, and free `a`. */
static int save_members(struct archive *a, const struct bundle *b, const char *manifest,
                        struct err *e)
{
	int r = save_member(a, "manifest.json", manifest, strlen(manifest), e);

	for (size_t i = 0; r == 0 && i < b->n; i++) {
		_free_ char *path = mem_format("root%s", b->files[i].path);

		r = save_member(a, path, b->files[i].data, b->files[i].len, e);
	}
	if (r == 0 && archive_write_close(a) != ARCHIVE_OK)
		r = err_set(e, -EIO, "write: %s", archive_error_string(a));
	(void)archive_write_free(a);
	return r;
}

int archive_save(const struct bundle *b, const char *manifest, int fd, bool compress,
                 struct err *e)
{
	struct archive *a;
	int r;

	if (compress && !has_zstd()) {
		(void)err_set(e, -ELIBACC, "this program was built without zstd");
		return err_hint(e, "end the name of the file in .tar");
	}
	a = mem_check(archive_write_new());
	if (compress)
		(void)archive_write_add_filter_zstd(a);
	(void)archive_write_set_format_pax_restricted(a);
	if (archive_write_open_fd(a, fd) != ARCHIVE_OK) {
		r = archive_failed(a, e);
		(void)archive_write_free(a);
		return r;
	}
	return save_members(a, b, manifest, e);
}
