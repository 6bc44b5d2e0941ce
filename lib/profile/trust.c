/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/trust.h"

#include "base/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define THEY_CAN "other users can change it: "

/* Return who but root can change `what`, in words; NULL: nobody. */
static char *changed_by(const struct stat *st, const char *what)
{
	if (st->st_uid != 0)
		return mem_format(THEY_CAN "user %u owns %s", (unsigned)st->st_uid, what);
	if (st->st_mode & S_IWOTH)
		return mem_format(THEY_CAN "every user can write to %s (mode %04o)", what,
		                  (unsigned)st->st_mode & 07777);
	if ((st->st_mode & S_IWGRP) && st->st_gid != 0)
		return mem_format(THEY_CAN "group %u can write to %s (mode %04o)",
		                  (unsigned)st->st_gid, what,
		                  (unsigned)st->st_mode & 07777);
	return NULL;
}

/* errno says why `path` cannot be read. */
static char *unknown(const char *path)
{
	return mem_format("whether other users can change it is unknown: %s: %s", path,
	                  strerror(errno));
}

/*
 * In a sticky directory, such as /tmp, only the owner of a file can replace it. A
 * read-only mount, such as that of a ConfigMap, does not depend on its modes.
 */
static char *directory_fault(const char *dir)
{
	_free_ char *what = mem_format("the directory %s", dir);
	struct statvfs fs;
	struct stat st;
	_free_ char *fault = NULL;

	if (stat(dir, &st) < 0) /* nobody can put anything into one that was removed */
		return errno == ENOENT ? NULL : unknown(dir);
	if (st.st_uid == 0 && (st.st_mode & S_ISVTX))
		return NULL;
	fault = changed_by(&st, what);
	if (fault && statvfs(dir, &fs) == 0 && (fs.f_flag & ST_RDONLY))
		return NULL;
	return TAKE_PTR(fault);
}

char *trust_fault(int fd, const struct stat *st)
{
	char link[32], path[PATH_MAX];
	char *fault, *slash;
	ssize_t n;

	if (geteuid() != 0)
		return NULL;
	fault = changed_by(st, "it");
	if (fault)
		return fault;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0)
		return unknown(link);
	path[n] = '\0';
	do {
		slash = strrchr(path, '/');
		/* a namespace has no path: "net:[4026531840]" */
		if (!slash)
			return NULL;
		slash[slash == path] = '\0';
		fault = directory_fault(path);
	} while (!fault && path[1]);
	return fault;
}
