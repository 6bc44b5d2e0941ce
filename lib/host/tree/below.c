/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/tree/below.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "host/mount/mount.h"
#include "host/recorded.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- opening ------------------------------------------------------------------------ */

/* Open a directory that is no mount point: -EXDEV if it is one. */
static int open_unmounted(int parent, const char *name)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};
	long fd;

	/* EAGAIN: a rename or a mount raced with the look-up */
	do
		fd = syscall(SYS_openat2, parent, name, &how, sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR));
	return fd < 0 ? -errno : (int)fd;
}

/*
 * Open the directory below a mount, in a copy of the mount that holds it: the copy is
 * attached nowhere, and lacks the mounts on it.
 */
static int open_hidden(int parent, const char *name)
{
	_close_ int tree = open_tree(parent, "",
	                             OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	/* a seccomp profile that does not know the call denies it in the same way */
	return tree < 0 ? -(errno == ENOSYS ? EPERM : errno) : open_unmounted(tree, name);
}

static int below_open(const struct host *h, const char *path, bool *ret_hidden,
                      struct err *e)
{
	const char *slash = strrchr(path, '/');
	_free_ char *above = mem_dup_n(path, (size_t)(slash - path));
	_close_ int parent = host_mount_open_target(h, above, e);
	int fd;

	if (parent < 0)
		return parent;
	fd = open_unmounted(parent, slash + 1);
	*ret_hidden = fd == -EXDEV;
	if (*ret_hidden)
		fd = open_hidden(parent, slash + 1);
	if (fd == -EPERM)
		return err_set(e, fd,
		               "%s: to look below the mount needs CAP_SYS_ADMIN, and a "
		               "seccomp profile that allows open_tree",
		               path);
	return fd < 0 ? host_file_hint(err_errno(e, -fd, "open the directory %s", path),
	                               e)
	              : fd;
}

/* --- the flag ----------------------------------------------------------------------- */

/* Return: 1 and the flags; 0 if the file system has none; -errno. */
static int below_flags(int fd, int *ret)
{
	*ret = 0;
	if (ioctl(fd, FS_IOC_GETFLAGS, ret) == 0)
		return 1;
	return errno == ENOTTY || errno == EOPNOTSUPP || errno == ENOSYS ? 0 : -errno;
}

/* Whether the file system of the closest existing directory above has the flag. */
static int flag_above(const struct host *h, const char *path, bool *ret, struct err *e)
{
	_free_ char *above = mem_dup(path);
	_close_ int fd = -ENOENT;
	int flags, r;

	while (fd == -ENOENT && *above) {
		*strrchr(above, '/') = '\0';
		fd = host_file_open(h, *above ? above : "/", O_DIRECTORY, e);
	}
	if (fd < 0)
		return fd;
	if (faccessat(fd, ".", W_OK, 0) < 0 && errno == EROFS)
		return err_errno(e, EROFS, "make %s", path);
	r = below_flags(fd, &flags);
	*ret = r == 1;
	return r < 0 ? err_errno(e, -r, "read the flags of %s", above) : 0;
}

/* Return: 1, 0 or -errno. The descriptor stays open. */
static int below_is_empty(int fd)
{
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = again < 0 ? NULL : fdopendir(again);
	const struct dirent *entry;
	bool found = false;
	int r;

	if (!dir) {
		r = -errno;
		if (again >= 0)
			(void)close(again);
		return r;
	}
	for (errno = 0; !found && (entry = readdir(dir)); errno = 0)
		found = strcmp(entry->d_name, ".") != 0 &&
		        strcmp(entry->d_name, "..") != 0;
	r = errno ? -errno : !found;
	(void)closedir(dir);
	return r;
}

static bool below_may_set(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

	if (syscall(SYS_capget, &header, data) < 0)
		return false;
	return data[CAP_TO_INDEX(CAP_LINUX_IMMUTABLE)].effective &
	       CAP_TO_MASK(CAP_LINUX_IMMUTABLE);
}

/* --- reading ------------------------------------------------------------------------ */

static int below_read(const struct host *h, const char *path, struct host_below *ret,
                      struct err *e)
{
	int live = host_live_check(h, e);
	_close_ int fd = live < 0 ? live : below_open(h, path, &ret->hidden, e);
	int flags, has, empty;

	ret->may_set = below_may_set();
	if (fd == -ENOENT)
		return flag_above(h, path, &ret->can_be_immutable, e);
	if (fd < 0)
		return fd;
	has = below_flags(fd, &flags);
	empty = below_is_empty(fd);
	if (has < 0 || empty < 0)
		return err_errno(e, has < 0 ? -has : -empty, "read the directory %s",
		                 path);
	ret->there = true;
	ret->immutable = flags & FS_IMMUTABLE_FL;
	ret->empty = empty;
	ret->can_be_immutable = has;
	return 0;
}

static struct node *below_node(const struct host_below *b)
{
	struct node *n = node_new(NODE_MAP);

	node_set(n, "there", node_new_bool(b->there));
	node_set(n, "hidden", node_new_bool(b->hidden));
	node_set(n, "immutable", node_new_bool(b->immutable));
	node_set(n, "empty", node_new_bool(b->empty));
	node_set(n, "can_be_immutable", node_new_bool(b->can_be_immutable));
	node_set(n, "may_set", node_new_bool(b->may_set));
	return n;
}

int host_below_read(const struct host *h, const char *path, struct host_below *ret,
                    struct err *e)
{
	const struct node *known;
	int r = recorded_get(h, "mount-point", path, &known, e);

	*ret = (struct host_below){0};
	if (r > 0)
		*ret = (struct host_below){
			.there = recorded_flag(known, "there"),
			.hidden = recorded_flag(known, "hidden"),
			.immutable = recorded_flag(known, "immutable"),
			.empty = recorded_flag(known, "empty"),
			.can_be_immutable = recorded_flag(known, "can_be_immutable"),
			.may_set = recorded_flag(known, "may_set"),
		};
	if (r != 0)
		return r < 0 ? r : 0;
	r = below_read(h, path, ret, e);
	return recorded_put(h, "mount-point", path, r, e,
	                    r == 0 && h->record ? below_node(ret) : NULL);
}

/* --- changing ----------------------------------------------------------------------- */

static int flag_set(int fd, bool on)
{
	int flags, r = below_flags(fd, &flags);

	if (r <= 0)
		return r < 0 ? r : -EOPNOTSUPP;
	flags = on ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0 ? -errno : 0;
}

int host_below_set_immutable(struct host *h, const char *path, bool on, struct err *e)
{
	int live = host_live_check(h, e), r;
	bool hidden;
	_close_ int fd = live < 0 ? live : below_open(h, path, &hidden, e);

	if (fd < 0)
		return fd;
	r = flag_set(fd, on);
	/* nothing can be added from here on: what is seen now is final */
	if (r == 0 && on) {
		r = below_is_empty(fd);
		if (r <= 0)
			(void)flag_set(fd, false);
		r = r > 0 ? 0 : r < 0 ? r : -ENOTEMPTY;
	}
	if (r == 0)
		return 0;
	(void)err_errno(e, -r, "%s the immutable flag of %s", on ? "set" : "clear", path);
	return r == -EPERM ? err_hint(e, "this needs CAP_LINUX_IMMUTABLE") : r;
}

int host_below_remove(struct host *h, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	_free_ char *above = mem_dup_n(path, (size_t)(slash - path));
	int live = host_live_check(h, e);
	_close_ int parent = live < 0 ? live : host_mount_open_target(h, above, e);

	if (parent < 0)
		return parent;
	if (unlinkat(parent, slash + 1, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return err_errno(e, errno, "remove the directory %s", path);
	return 0;
}
