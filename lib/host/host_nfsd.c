/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host_nfsd.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/host.h"
#include "host/host_call.h"
#include "host/host_file.h"
#include "host/host_mount.h"
#include "host/host_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define PROC_DIR "/proc/fs/nfsd"

/* Starting a server with NFSv3 and no rpcbind takes some seconds to fail. */
#define CALL_TIMEOUT_MS 60000

struct access {
	const char *file;
	const char *text; /* to write; NULL: read */
};

/* In a child with a mount namespace of its own. */
static int access_private(void *arg, char *text, struct err *e)
{
	const struct access *a = arg;
	_close_ int fd = -1;
	char path[128];
	ssize_t n;

	if (mount("nfsd", PROC_DIR, "nfsd", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return err_errno(e, errno, "mount the nfsd file system");
	(void)snprintf(path, sizeof(path), PROC_DIR "/%s", a->file);
	fd = open(path, (a->text ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, errno, "open nfsd's %s", a->file);
	if (a->text)
		n = write(fd, a->text, strlen(a->text));
	else
		n = read(fd, text, HOST_CALL_TEXT_MAX - 1);
	if (n >= 0 && a->text && (size_t)n != strlen(a->text))
		return err_set(e, -EIO, "write nfsd's %s: not taken whole", a->file);
	if (n < 0)
		return err_errno(e, errno, "%s nfsd's %s", a->text ? "write" : "read",
		                 a->file);
	return 0;
}

/* Mounting would load the module: look first whether it is there. */
static int check_loaded(const struct host *h, struct err *e)
{
	_free_ char *list = NULL;
	int r = host_file_read_line(h, "/proc/filesystems", &list, e);

	if (r < 0)
		return r;
	if (!h->live || !strstr(list, "\tnfsd"))
		return err_set(e, -ENOENT, "the nfsd module is not loaded");
	return 0;
}

/* Threads of all servers of this node: "th" in /proc/net/rpc/nfsd is global. */
static bool any_runs(const struct host *h)
{
	_free_ char *text = NULL;
	struct err ignored;
	const char *th;

	if (host_file_read_line(h, "/proc/net/rpc/nfsd", &text, &ignored) < 0)
		return true;
	th = strstr(text, "th ");
	return !th || th[3] != '0';
}

/*
 * Whether a mount of our own may come and go. The kernel stops the server of a network
 * namespace when its last nfsd file system is unmounted (nfsd_umount()). Before 6.10
 * only that file system starts servers, so a running one keeps it mounted; since then
 * netlink does too, and our mount could be the only one.
 */
static int check_harmless(const struct host *h, struct err *e)
{
	if (h->kernel < NUM_VERSION(6, 10) || !any_runs(h))
		return 0;
	return err_set(
		e, -EBUSY,
		"an NFS server runs on this node, and whether here cannot be seen "
		"without a risk to it (mount -t nfsd nfsd /proc/fs/nfsd on the host)");
}

/* Where the nfsd file system is mounted for good, for us to see; NULL: nowhere. */
static const char *mounted_at(const struct host *h)
{
	static const char *const dirs[] = {PROC_DIR, HOST_NFSD_DIR};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		_free_ char *path = mem_format("%s/threads", dirs[i]);

		if (host_file_exists(h, path))
			return dirs[i];
	}
	return NULL;
}

static void trim(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && strchr(" \t\n", text[len - 1]))
		text[--len] = '\0';
}

int host_nfsd_read(const struct host *h, const char *file, char **ret_text, struct err *e)
{
	const char *dir = mounted_at(h);
	_free_ char *path = dir ? mem_format("%s/%s", dir, file) : NULL;
	struct access a = {.file = file};
	int r;

	if (path)
		return host_file_read_line(h, path, ret_text, e);
	r = check_loaded(h, e);
	if (r == 0 && strcmp(file, "threads") == 0 && !any_runs(h)) {
		*ret_text = mem_dup("0");
		return 0;
	}
	if (r == 0)
		r = check_harmless(h, e);
	if (r == 0)
		r = host_call(h, HOST_CALL_PRIVATE, CALL_TIMEOUT_MS, access_private, &a,
		              ret_text, e);
	if (r == 0)
		trim(*ret_text);
	return r;
}

int host_nfsd_mount(struct host *h, struct err *e)
{
	_free_ char *where = NULL;
	enum host_reach reach;
	const char *dir;
	int r;

	if (mounted_at(h))
		return 0;
	r = host_mounts_reach(h, PROC_DIR, &reach, &where, e);
	dir = reach == HOST_REACH_NONE ? HOST_NFSD_DIR : PROC_DIR;
	if (r == 0)
		r = host_mount_attach(h, "nfsd", dir, "nfsd", "nosuid,nodev,noexec", e);
	return r < 0 ? r : 1;
}

int host_nfsd_unmount(struct host *h, struct err *e)
{
	const char *dir = mounted_at(h);

	return dir ? host_mount_detach(h, dir, e) : 0;
}

int host_nfsd_write(struct host *h, const char *file, const char *text, struct err *e)
{
	const char *dir = mounted_at(h);
	_free_ char *path = dir ? mem_format("%s/%s", dir, file) : NULL;
	_free_ char *line = mem_format("%s\n", text);
	struct access a = {.file = file, .text = line};
	int r;

	if (path)
		return host_file_write(h, path, text, e);
	r = check_loaded(h, e);
	if (r == 0)
		r = check_harmless(h, e);
	if (r == 0)
		r = host_call(h, HOST_CALL_PRIVATE, CALL_TIMEOUT_MS, access_private, &a,
		              NULL, e);
	return r;
}
