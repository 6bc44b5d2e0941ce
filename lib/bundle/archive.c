/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bundle/archive.h"

#include "base/mem.h"
#include "bundle/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only bundles need libarchive: it is loaded at run time, like libcurl (http.c). */
#define LIBARCHIVE_SO "libarchive.so.13"
#define LIBARCHIVE(F)                      \
	F(error_string)                    \
	F(entry_new)                       \
	F(entry_free)                      \
	F(entry_pathname)                  \
	F(entry_filetype)                  \
	F(entry_hardlink)                  \
	F(entry_size)                      \
	F(entry_set_pathname)              \
	F(entry_set_filetype)              \
	F(entry_set_size)                  \
	F(entry_set_perm)                  \
	F(read_new)                        \
	F(read_free)                       \
	F(read_open_fd)                    \
	F(read_next_header)                \
	F(read_data)                       \
	F(read_support_filter_zstd)        \
	F(read_support_format_tar)         \
	F(read_disk_new)                   \
	F(read_disk_open)                  \
	F(read_disk_descend)               \
	F(read_disk_set_behavior)          \
	F(read_disk_set_symlink_physical)  \
	F(write_new)                       \
	F(write_add_filter_zstd)           \
	F(write_set_format_pax_restricted) \
	F(write_open_fd)                   \
	F(write_header)                    \
	F(write_data)                      \
	F(write_close)                     \
	F(write_free)                      \
	F(write_disk_set_options)

static struct {
#define MEMBER(name) __typeof__(archive_##name) *name;
	LIBARCHIVE(MEMBER)
#undef MEMBER
} libarchive;

static const struct {
	const char *name;
	void *pointer; /* points to the function pointer */
} functions[] = {
#define ENTRY(name) {"archive_" #name, &libarchive.name},
	LIBARCHIVE(ENTRY)
#undef ENTRY
};

#define NOTE_DLOPEN 0x407c0c0a
#define NOTE_JSON                                                               \
	"[{\"feature\":\"bundle\",\"description\":\"bundles of another node\"," \
	"\"priority\":\"suggested\",\"soname\":[\"" LIBARCHIVE_SO "\"]}]"

__attribute__((used, section(".note.dlopen"), aligned(4))) static const struct {
	Elf32_Nhdr header;
	char owner[sizeof("FDO")], json[sizeof(NOTE_JSON)];
} note = {{sizeof("FDO"), sizeof(NOTE_JSON), NOTE_DLOPEN}, "FDO", NOTE_JSON};

#define READ_BYTES (64 * 1024)
#define FILE_MODE  0600
#define DIR_MODE   0700

static int archive_load(struct err *e)
{
	void *so = dlopen(LIBARCHIVE_SO, RTLD_NOW);

	if (!so) {
		(void)err_set(e, -ELIBACC, "cannot load libarchive: %s", dlerror());
		return err_hint(e, "install libarchive (Debian: package libarchive13); "
		                   "without it, collect can make a directory");
	}
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		void *found = dlsym(so, functions[i].name);

		if (!found)
			return err_set(e, -ELIBACC, "cannot use libarchive: %s",
			               dlerror());
		/* ISO C has no conversion from an object pointer to a function pointer */
		memcpy(functions[i].pointer, &found, sizeof(found));
	}
	return 0;
}

/* The library's own message, which begins with a capital letter. */
static int archive_failed(struct archive *a, struct err *e)
{
	const char *text = libarchive.error_string(a);

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
	const char *path = libarchive.entry_pathname(entry);
	mode_t type = libarchive.entry_filetype(entry);

	*ret = (struct archive_member){.path = path ? path : "",
	                               .type = ARCHIVE_IS_OTHER,
	                               .size = libarchive.entry_size(entry),
	                               .reader = a};
	if (libarchive.entry_hardlink(entry))
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

	while (done == 0 && (r = libarchive.read_next_header(a, &entry)) != ARCHIVE_EOF) {
		struct archive_member m;

		if (r != ARCHIVE_OK)
			return archive_failed(a, e);
		describe_member(a, entry, &m);
		if (dir && m.type == ARCHIVE_IS_DIRECTORY)
			(void)libarchive.read_disk_descend(a);
		m.path += dir && strlen(m.path) >= skip ? skip : 0;
		m.path += dir && *m.path == '/';
		done = take(arg, &m, e);
	}
	return done;
}

static struct archive *open_tar(int fd, struct err *e)
{
	struct archive *a = libarchive.read_new();

	/* ARCHIVE_WARN: without libzstd, libarchive would run a program named zstd */
	if (!a || libarchive.read_support_filter_zstd(a) != ARCHIVE_OK ||
	    libarchive.read_support_format_tar(a) != ARCHIVE_OK) {
		(void)err_set(e, -ELIBACC, "this libarchive cannot read zstd");
	} else if (libarchive.read_open_fd(a, fd, READ_BYTES) == ARCHIVE_OK) {
		return a;
	} else {
		(void)archive_failed(a, e);
	}
	(void)libarchive.read_free(a);
	return NULL;
}

static struct archive *open_tree(const char *dir, struct err *e)
{
	struct archive *a = libarchive.read_disk_new();

	(void)libarchive.read_disk_set_symlink_physical(a);
	(void)libarchive.read_disk_set_behavior(a, ARCHIVE_READDISK_NO_XATTR |
	                                                   ARCHIVE_READDISK_NO_ACL |
	                                                   ARCHIVE_READDISK_NO_FFLAGS);
	if (libarchive.read_disk_open(a, dir) == ARCHIVE_OK)
		return a;
	(void)archive_failed(a, e);
	(void)libarchive.read_free(a);
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
	r = archive_load(e);
	if (r < 0)
		return r;
	a = dir ? open_tree(path, e) : open_tar(fd, e);
	if (!a)
		return e->code;
	r = walk_members(a, dir ? path : NULL, take, arg, e);
	(void)libarchive.read_free(a);
	return r;
}

int archive_data(const struct archive_member *m, char *data, struct err *e)
{
	int64_t done = 0;

	while (done < m->size) {
		ssize_t n = libarchive.read_data(m->reader, data + done,
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
	struct archive_entry *entry = libarchive.entry_new();
	int r;

	libarchive.entry_set_pathname(entry, path);
	libarchive.entry_set_filetype(entry, data ? AE_IFREG : AE_IFDIR);
	libarchive.entry_set_perm(entry, data ? FILE_MODE : DIR_MODE);
	libarchive.entry_set_size(entry, (int64_t)len);
	r = libarchive.write_header(a, entry);
	libarchive.entry_free(entry);
	if (r != ARCHIVE_OK ||
	    (len && libarchive.write_data(a, data, len) < (ssize_t)len))
		return err_set(e, -EIO, "write %s: %s", path, libarchive.error_string(a));
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
	if (r == 0 && libarchive.write_close(a) != ARCHIVE_OK)
		r = err_set(e, -EIO, "write: %s", libarchive.error_string(a));
	(void)libarchive.write_free(a);
	return r;
}

int archive_save(const struct bundle *b, const char *manifest, int fd, bool compress,
                 struct err *e)
{
	int r = archive_load(e);
	struct archive *a = r < 0 ? NULL : libarchive.write_new();

	if (!a)
		return r;
	if ((compress && libarchive.write_add_filter_zstd(a) != ARCHIVE_OK) ||
	    libarchive.write_set_format_pax_restricted(a) != ARCHIVE_OK ||
	    libarchive.write_open_fd(a, fd) != ARCHIVE_OK) {
		r = err_set(e, -ELIBACC, "this libarchive cannot write %s",
		            compress ? "zstd" : "tar");
		(void)libarchive.write_free(a);
		return r;
	}
	return save_members(a, b, manifest, e);
}
