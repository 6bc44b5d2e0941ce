/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/mount/mount.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "host/mount/mounts.h"
#include "host/process/child.h"
#include "host/recorded.h"

#include <libmount/libmount.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CALL_TIMEOUT_MS 60000

/* --- tables ------------------------------------------------------------------------ */

/* The number after "shared:" or "master:" in a line's optional fields. One that the
 * kernel cannot have written is none: then a mount reaches nobody. */
static int group(const char *fields, const char *word)
{
	size_t prefix = strlen(word), len;
	const char *field;
	long number = 0;

	while ((field = words_next(&fields, ' ', &len)))
		if (strncmp(field, word, prefix) == 0)
			number = strtol(field + prefix, NULL, 10);
	return number > 0 && number <= INT_MAX ? (int)number : 0;
}

static void host_mount_add(struct host_mounts *m, size_t *cap, struct libmnt_fs *fs)
{
	const char *fields = mnt_fs_get_optional_fields(fs);
	dev_t number = mnt_fs_get_devno(fs);

	m->list = mem_grow(m->list, cap, m->n, sizeof(*m->list));
	m->list[m->n++] = (struct host_mount){
		.id = mnt_fs_get_id(fs),
		.parent = mnt_fs_get_parent_id(fs),
		.major = major(number),
		.minor = minor(number),
		.peers = group(fields, "shared:"),
		.master = group(fields, "master:"),
		.root = mem_dup(mnt_fs_get_root(fs)),
		.target = mem_dup(mnt_fs_get_target(fs)),
		.fstype = mem_dup(mnt_fs_get_fstype(fs)),
		.source = mem_dup(mnt_fs_get_source(fs)),
		.options = mem_dup(mnt_fs_get_options(fs)),
	};
}

/* By default, libmount skips a line that it cannot parse: a mount would go unseen. */
static int refuse_line(struct libmnt_table *table, const char *path, int line)
{
	(void)table;
	(void)path;
	(void)line;
	return -EBADMSG;
}

static int host_mount_parse(FILE *f, const char *path, struct host_mounts *ret,
                            struct err *e)
{
	struct libmnt_table *table = mnt_new_table();
	struct libmnt_iter *each = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;
	size_t cap = 0;
	int r = -ENOMEM;

	if (table && each)
		r = mnt_table_set_parser_errcb(table, refuse_line);
	if (r == 0)
		r = mnt_table_parse_stream(table, f, path);
	if (r == 0 && ferror(f))
		r = -EIO;
	if (r == 0 && mnt_table_is_empty(table))
		r = -EBADMSG;
	while (r == 0 && mnt_table_next_fs(table, each, &fs) == 0)
		if (mnt_fs_get_target(fs) && mnt_fs_get_root(fs))
			host_mount_add(ret, &cap, fs);
	host_mounts_index(ret);
	mnt_free_iter(each);
	mnt_unref_table(table);
	return r == 0 ? 0 : err_errno(e, r < 0 ? -r : EBADMSG, "read %s", path);
}

int host_mounts_read(const struct host *h, enum host_mounts_view view,
                     struct host_mounts *ret, struct err *e)
{
	const char *path =
		view == HOST_MOUNTS_HOST ? "/proc/1/mountinfo" : "/proc/self/mountinfo";
	FILE *f;
	int fd, r;

	*ret = (struct host_mounts){0};
	/* below the host's root, "self" may be a process of another PID namespace */
	if (view == HOST_MOUNTS_OWN && h->live)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	else
		fd = host_file_open(h, path, 0, e);
	if (fd < 0)
		return view == HOST_MOUNTS_OWN && h->live
		               ? err_errno(e, errno, "open %s", path)
		               : fd;
	f = fdopen(fd, "r");
	if (!f) {
		(void)close(fd);
		return err_errno(e, errno, "read %s", path);
	}
	r = host_mount_parse(f, path, ret, e);
	(void)fclose(f);
	return r;
}

int host_mounts_parse(char *text, const char *path, struct host_mounts *ret,
                      struct err *e)
{
	FILE *f = *text ? fmemopen(text, strlen(text), "r") : NULL;
	int r;

	*ret = (struct host_mounts){0};
	if (!f)
		return err_errno(e, *text ? errno : EBADMSG, "read %s", path);
	r = host_mount_parse(f, path, ret, e);
	(void)fclose(f);
	return r;
}

const char *host_mount_option(const char *list, size_t *ret_len)
{
	char *rest = (char *)(uintptr_t)list, *name, *value; /* not written to */
	size_t name_len, value_len;

	if (mnt_optstr_next_option(&rest, &name, &name_len, &value, &value_len) != 0)
		return NULL;
	*ret_len = value ? (size_t)(value - name) + value_len : name_len;
	return name;
}

/* --- mounting ---------------------------------------------------------------------- */

static int open_below(int parent, const char *name, const char *target, struct err *e)
{
	int fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), code = errno;
	struct stat st;

	/* an audit may run as a user who cannot write there: then it is just missing */
	if (fd < 0 && code == ENOENT && faccessat(parent, ".", W_OK, 0) < 0 &&
	    errno == EROFS)
		return err_errno(e, EROFS, "make %s: at \"%s\"", target, name);
	if (fd < 0)
		return err_errno(e, code, "open %s: at \"%s\"", target, name);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		return fd;
	(void)close(fd);
	if (S_ISLNK(st.st_mode))
		return err_set(e, -ELOOP, "%s: \"%s\" is a symbolic link", target, name);
	return err_set(e, -ENOTDIR, "%s: \"%s\" is not a directory", target, name);
}

int host_mount_open_target(const struct host *h, const char *target, struct err *e)
{
	_free_ char *copy = mem_dup(target);
	_close_ int fd = host_file_open(h, "/", O_PATH | O_DIRECTORY, e);
	char *rest = copy, *name;

	while (fd >= 0 && (name = strsep(&rest, "/"))) {
		int below;

		if (!*name)
			continue;
		below = open_below(fd, name, target, e);
		(void)close(fd);
		fd = below;
	}
	return TAKE_FD(fd);
}

int host_mount_check_target(const struct host *h, const char *target, struct err *e)
{
	const struct node *known;
	int r = recorded_get(h, "target", target, &known, e);
	_close_ int fd = -1;

	if (r != 0)
		return r < 0 ? r : 0;
	fd = host_mount_open_target(h, target, e);
	return recorded_put(h, "target", target, fd < 0 ? fd : 0, e, NULL);
}

struct request {
	const char *source, *fstype; /* NULL: remount */
	const char *options;
	int target_fd;
};

/* mount(2) has one error for much that only the kernel log explains. */
static int mount_error(struct err *e, int code, const struct request *q)
{
	if (code != EINVAL)
		return err_errno(e, code, "mount(2)");
	return err_set(
		e, -code,
		"mount(2): %s (%s, or an option that this kernel does not know: see "
		"dmesg)",
		strerror(code), q->source ? "a bad superblock" : "no mount point");
}

/*
 * Runs in a child chrooted into the host's root. mount(2), since seccomp profiles of some
 * containerd releases reject the newer calls (EPERM).
 */
static int mount_there(void *arg, char *text, struct err *e)
{
	const struct request *q = arg;
	unsigned long flags = q->source ? 0 : MS_REMOUNT | MS_BIND;
	_free_ char *of_mount = NULL, *of_fs = NULL;
	int r = mnt_split_optstr(q->options, NULL, &of_mount, &of_fs, 0, 0);

	(void)text;
	if (r == 0 && of_mount)
		r = mnt_optstr_get_flags(of_mount, &flags,
		                         mnt_get_builtin_optmap(MNT_LINUX_MAP));
	if (r < 0)
		return err_errno(e, -r, "read the options \"%s\"", q->options);
	/* mount on the directory that was checked, whatever its path leads to by now */
	if (fchdir(q->target_fd) < 0)
		return err_errno(e, errno, "enter the mount point");
	if (mount(q->source ? q->source : "none", ".", q->fstype, flags, of_fs) < 0)
		return mount_error(e, errno, q);
	return 0;
}

/* Unmount what is on top, which must be of `source`; NULL: whatever it is. */
static int unmount(struct host *h, const char *source, const char *target, struct err *e)
{
	const char *slash = strrchr(target, '/');
	_free_ char *above = mem_dup_n(target, (size_t)(slash - target));
	int r = host_live_check(h, e);
	_close_ int fd = r < 0 ? r : host_mount_open_target(h, above, e);
	_free_ char *path = mem_format("/proc/self/fd/%d/%s", fd, slash + 1);

	r = fd < 0 ? fd : 0;
	if (r == 0 && source)
		r = host_mount_check_seen(h, source, target, e);
	if (r < 0)
		return err_wrap(e, "unmount %s", target);
	if (umount2(path, UMOUNT_NOFOLLOW) < 0)
		return err_errno(e, errno, "unmount %s", target);
	return 0;
}

int host_mount_attach(struct host *h, const char *source, const char *target,
                      const char *fstype, const char *options, struct err *e)
{
	struct request q = {
		.source = source, .fstype = fstype, .options = options, .target_fd = -1};
	_close_ int fd = -1;
	struct err ignored;
	int r = host_live_check(h, e);

	if (r == 0)
		r = host_file_mkdir(h, target, 0755, e);
	if (r >= 0)
		r = fd = host_mount_open_target(h, target, e);
	if (r >= 0) {
		q.target_fd = fd;
		r = host_child_run(h, HOST_CHILD_CHROOT, CALL_TIMEOUT_MS, mount_there, &q,
		                   NULL, e);
	}
	if (r == 0) {
		r = host_mount_check_seen(h, source, target, e);
		if (r == -EXDEV)
			r = err_set(e, r, "mounted, but the host does not see it");
		if (r < 0)
			(void)unmount(h, NULL, target, &ignored);
	}
	return r < 0 ? err_wrap(e, "mount %s at %s", source, target) : 0;
}

int host_mount_remount(struct host *h, const char *source, const char *target,
                       const char *options, struct err *e)
{
	struct request q = {.options = options};
	int r = host_live_check(h, e);
	_close_ int fd = r < 0 ? r : host_mount_open_target(h, target, e);

	r = fd < 0 ? fd : host_mount_check_seen(h, source, target, e);
	if (r == 0) {
		q.target_fd = fd;
		r = host_child_run(h, HOST_CHILD_CHROOT, CALL_TIMEOUT_MS, mount_there, &q,
		                   NULL, e);
	}
	return r < 0 ? err_wrap(e, "remount %s with %s", target, options) : 0;
}

int host_mount_detach(struct host *h, const char *source, const char *target,
                      struct err *e)
{
	return unmount(h, source, target, e);
}
