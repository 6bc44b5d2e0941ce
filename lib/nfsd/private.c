/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/private.h"

#include "base/mem.h"
#include "host/process/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* Starting a server with NFSv3 but without rpcbind takes some seconds to fail. */
#define CALL_TIMEOUT_MS 60000

/* --- in the child --------------------------------------------------------------------
 */

struct access {
	const char *const *files;
	size_t n;
	const char *text; /* to write to the first file; NULL: read all */
};

/* Separates the texts of files; none of them contains it. */
#define SEPARATOR '\f'

static int open_private(const char *file, int flags)
{
	char path[128];

	(void)snprintf(path, sizeof(path), NFSD_PROC_DIR "/%s", file);
	return open(path, flags | O_CLOEXEC);
}

/* Append the file to `text`, which has room for `max` more bytes. */
static int read_private(const char *file, char *text, size_t max, struct err *e)
{
	_close_ int fd = open_private(file, O_RDONLY);
	size_t len = 0;
	ssize_t n;

	if (fd < 0 && (errno == ENOENT || errno == ENODEV))
		return 0;
	if (fd < 0)
		return err_errno(e, errno, "open nfsd's %s", file);
	while ((n = read(fd, text + len, max - len)) > 0)
		len += (size_t)n;
	return n < 0 ? err_errno(e, errno, "read nfsd's %s", file) : 0;
}

static int read_all_private(const struct access *a, char *text, struct err *e)
{
	size_t used = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < a->n; i++) {
		if (i > 0 && used < HOST_CHILD_TEXT_MAX - 1)
			text[used++] = SEPARATOR;
		r = read_private(a->files[i], text + used, HOST_CHILD_TEXT_MAX - 1 - used,
		                 e);
		used = strlen(text);
	}
	return r;
}

static int write_private(const struct access *a, struct err *e)
{
	_close_ int fd = open_private(a->files[0], O_WRONLY);
	size_t len = strlen(a->text);
	ssize_t n;

	if (fd < 0)
		return err_errno(e, errno, "open nfsd's %s", a->files[0]);
	n = write(fd, a->text, len);
	if (n < 0)
		return err_errno(e, errno, "write nfsd's %s", a->files[0]);
	if ((size_t)n != len)
		return err_set(e, -EIO, "write nfsd's %s: only partly written",
		               a->files[0]);
	return 0;
}

/* Runs in a child with its own mount namespace. */
static int access_private(void *arg, char *text, struct err *e)
{
	const struct access *a = arg;

	/* EBUSY: our network namespace's nfsd file system is already mounted there */
	if (mount("nfsd", NFSD_PROC_DIR, "nfsd", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) <
	            0 &&
	    errno != EBUSY)
		return err_errno(e, errno, "mount the nfsd file system");
	return a->text ? write_private(a, e) : read_all_private(a, text, e);
}

/* --- in the caller -------------------------------------------------------------------
 */

static char *trimmed(const char *text, size_t len)
{
	while (len > 0 && strchr(" \t\n", text[len - 1]))
		len--;
	return len > 0 ? mem_dup_n(text, len) : NULL;
}

static void split(const char *all, char **texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(all, "\f");

		texts[i] = trimmed(all, len);
		all += all[len] == SEPARATOR ? len + 1 : len;
	}
}

int nfsd_private_read(const struct host *h, const char *const *files, size_t n,
                      char **texts, struct err *e)
{
	struct access a = {.files = files, .n = n};
	_free_ char *all = NULL;
	int r = host_child_run(h, HOST_CHILD_PRIVATE, CALL_TIMEOUT_MS, access_private, &a,
	                       &all, e);

	if (r == 0)
		split(all, texts, n);
	return r;
}

int nfsd_private_write(struct host *h, const char *file, const char *text, struct err *e)
{
	_free_ char *line = mem_format("%s\n", text);
	struct access a = {.files = &file, .n = 1, .text = line};

	return host_child_run(h, HOST_CHILD_PRIVATE, CALL_TIMEOUT_MS, access_private, &a,
	                      NULL, e);
}
