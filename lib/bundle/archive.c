/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bundle/archive.h"

#include "base/display.h"
#include "base/mem.h"
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

static const char *type_name(mode_t type)
{
	switch (type) {
	case AE_IFLNK: return "a symbolic link";
	case AE_IFCHR:
	case AE_IFBLK: return "a device";
	case AE_IFIFO: return "a FIFO";
	case AE_IFSOCK: return "a socket";
	default: return "of an unknown type";
	}
}

static void describe_member(struct archive *a, struct archive_entry *entry,
                            struct archive_member *ret)
{
	const char *path = archive_entry_pathname(entry);
	mode_t type = archive_entry_filetype(entry);

	*ret = (struct archive_member){.path = path ? path : "",
	                               .type = ARCHIVE_IS_OTHER,
	                               .size = archive_entry_size(entry),
	                               .reader = a};
	if (archive_entry_hardlink(entry))
		ret->what = "a hard link";
	else if (type == AE_IFREG)
		ret->type = ARCHIVE_IS_FILE;
	else if (type == AE_IFDIR)
		ret->type = ARCHIVE_IS_DIRECTORY;
	else
		ret->what = type_name(type);
}

/* `dir`: the directory that is read; NULL: an archive. */
static int walk_members(struct archive *a, const char *dir,
                        int (*take)(void *arg, const struct archive_member *m,
                                    struct err *e),
                        void *arg, struct err *e)
{
	size_t skip = dir ? strlen(dir) : 0;
	struct archive_entry *entry;
	int r, done = 0;

	while (done == 0 && (r = archive_read_next_header(a, &entry)) != ARCHIVE_EOF) {
		struct archive_member m;

		if (r != ARCHIVE_OK)
			return archive_failed(a, e);
		describe_member(a, entry, &m);
		if (dir && m.type == ARCHIVE_IS_DIRECTORY)
			(void)archive_read_disk_descend(a);
		m.path += dir && strlen(m.path) >= skip ? skip : 0;
		m.path += dir && *m.path == '/';
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

static struct archive *read_tree(const char *dir, struct err *e)
{
	struct archive *a = mem_check(archive_read_disk_new());

	(void)archive_read_disk_set_symlink_physical(a);
	(void)archive_read_disk_set_behavior(a, ARCHIVE_READDISK_NO_XATTR |
	                                                ARCHIVE_READDISK_NO_ACL |
	                                                ARCHIVE_READDISK_NO_FFLAGS);
	if (archive_read_disk_open(a, dir) == ARCHIVE_OK)
		return a;
	(void)archive_failed(a, e);
	(void)archive_read_free(a);
	return NULL;
}

int archive_walk(const char *path,
                 int (*take)(void *arg, const struct archive_member *m, struct err *e),
                 void *arg, struct err *e)
{
	_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct archive *a;
	struct stat st;
	bool dir;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(e, errno, "open");
	dir = S_ISDIR(st.st_mode);
	if (!dir && !S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "is neither a file nor a directory");
	a = dir ? read_tree(path, e) : read_tar(fd, e);
	if (!a)
		return e->code;
	r = walk_members(a, dir ? path : NULL, take, arg, e);
	(void)archive_read_free(a);
	return r;
}

int archive_data(const struct archive_member *m, char *data, struct err *e)
{
	int64_t done = 0;

	while (done < m->size) {
		ssize_t n = archive_read_data(m->reader, data + done,
		                              (size_t)(m->size - done));

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
