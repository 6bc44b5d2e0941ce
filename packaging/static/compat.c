/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What hosttune uses of glibc and musl 1.2.5 lacks; declared in include/. See the manual
 * pages of these functions. malloc_trim() is in pages.c.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

int fsopen(const char *name, unsigned flags)
{
	return (int)syscall(SYS_fsopen, name, flags);
}

int open_tree(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags);
}

int move_mount(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return (int)syscall(SYS_move_mount, from_dir, from, to_dir, to, flags);
}

int mount_setattr(int dir, const char *path, unsigned flags, struct mount_attr *attr,
                  size_t size)
{
	return (int)syscall(SYS_mount_setattr, dir, path, flags, attr, size);
}

static const struct {
	const char *name, *text;
} codes[] = {
#define E(code, name, text) [code] = {name, text},
#define R(code, text)
#include "errno.inc" /* made by errno.c */
#undef E
#undef R
};

static int is_known(int code)
{
	return code > 0 && code < (int)(sizeof(codes) / sizeof(*codes)) &&
	       codes[code].name;
}

const char *strerrorname_np(int code)
{
	return is_known(code) ? codes[code].name : NULL;
}

/* musl has other words: messages must not depend on how the program was linked. */
char *strerror(int code)
{
	static char unknown[32];

	if (is_known(code))
		return (char *)(uintptr_t)codes[code].text;
	(void)snprintf(unknown, sizeof(unknown), code ? "Unknown error %d" : "Success",
	               code);
	return unknown;
}

/* Through /proc: musl's own scandir needs a path. */
int scandirat(int dir, const char *path, struct dirent ***ret,
              int (*select)(const struct dirent *),
              int (*compare)(const struct dirent **, const struct dirent **))
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), n, saved;
	char name[64];

	if (fd < 0)
		return -1;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = scandir(name, ret, select, compare);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return n;
}

size_t regerror(int code, const regex_t *restrict pattern, char *restrict buf,
                size_t size)
{
	static const char *const texts[] = {
#define E(number, name, text)
#define R(number, text) [number] = (text),
#include "errno.inc"
#undef E
#undef R
	};
	const char *text = code > 0 && code < (int)(sizeof(texts) / sizeof(*texts))
	                           ? texts[code]
	                           : "Unknown error";

	(void)pattern;
	return (size_t)snprintf(buf, size, "%s", text) + 1;
}

#undef regexec
int regexec_part(const regex_t *pattern, const char *text, size_t n, regmatch_t match[],
                 int flags)
{
	regoff_t start, end;
	char *part;
	int r;

	if (!(flags & REG_STARTEND))
		return regexec(pattern, text, n, match, flags);
	start = match[0].rm_so;
	end = match[0].rm_eo;
	part = malloc((size_t)(end - start) + 1);
	if (!part)
		return REG_ESPACE;
	memcpy(part, text + start, (size_t)(end - start));
	part[end - start] = '\0';
	r = regexec(pattern, part, n, match, flags & ~REG_STARTEND);
	for (size_t i = 0; r == 0 && i < n; i++)
		if (match[i].rm_so >= 0) {
			match[i].rm_so += start;
			match[i].rm_eo += start;
		}
	free(part);
	return r;
}
