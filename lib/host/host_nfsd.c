/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host_nfsd.h"

#include "base/mem.h"
#include "host/host.h"
#include "host/host_call.h"
#include "host/host_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define MOUNT_POINT "/proc/fs/nfsd"

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

	if (mount("nfsd", MOUNT_POINT, "nfsd", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) <
	    0)
		return err_errno(e, errno, "mount the nfsd file system");
	(void)snprintf(path, sizeof(path), MOUNT_POINT "/%s", a->file);
	fd = open(path, (a->text ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, errno, "open nfsd's %s", a->file);
	if (a->text)
		n = write(fd, a->text, strlen(a->text));
	else
		n = read(fd, text, HOST_CALL_TEXT_MAX - 1);
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

static void trim(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && strchr(" \t\n", text[len - 1]))
		text[--len] = '\0';
}

int host_nfsd_read(const struct host *h, const char *file, char **ret_text, struct err *e)
{
	_free_ char *path = mem_format(MOUNT_POINT "/%s", file);
	struct access a = {.file = file};
	int r = host_file_read_line(h, path, ret_text, e);

	if (r != -ENOENT)
		return r;
	r = check_loaded(h, e);
	if (r == 0)
		r = host_call(h, HOST_CALL_PRIVATE, CALL_TIMEOUT_MS, access_private, &a,
		              ret_text, e);
	if (r == 0)
		trim(*ret_text);
	return r;
}

int host_nfsd_write(struct host *h, const char *file, const char *text, struct err *e)
{
	_free_ char *path = mem_format(MOUNT_POINT "/%s", file);
	_free_ char *line = mem_format("%s\n", text);
	struct access a = {.file = file, .text = line};
	int r;

	if (host_file_exists(h, path))
		return host_file_write(h, path, text, e);
	r = check_loaded(h, e);
	if (r == 0)
		r = host_call(h, HOST_CALL_PRIVATE, CALL_TIMEOUT_MS, access_private, &a,
		              NULL, e);
	return r;
}
