/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/bind_path.h"

#include "base/mem.h"
#include "storage/mount/host_path.h"

#include <string.h>

char *bind_path_source(const char *mount, const char *dir)
{
	char *path = mem_format("%s/.%s", mount, dir);

	for (char *p = path + strlen(mount) + 1; *p; p++)
		if (*p == '/')
			*p = '_';
	return path;
}

static bool lies_in(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

void bind_path_check(const char *dir, const char *mount, struct place at,
                     struct diagnostics *diag)
{
	const char *fault = host_path_fault(dir);

	if (fault)
		diag_error(diag, at, "bind: %s", fault);
	else if (lies_in(dir, mount))
		diag_error(diag, at, "bind \"%s\": is already on the file system", dir);
	else if (lies_in(mount, dir))
		diag_error(diag, at, "bind \"%s\": contains the mount point %s", dir,
		           mount);
}

void bind_path_check_pair(const char *dir, const char *source, const char *earlier,
                          const char *earlier_source, struct place at,
                          struct diagnostics *diag)
{
	if (strcmp(dir, earlier) == 0)
		return; /* a claim */
	if (strcmp(source, earlier_source) == 0)
		diag_error(diag, at, "bind \"%s\": uses the same directory as \"%s\": %s",
		           dir, earlier, source);
	if (lies_in(earlier, dir))
		diag_error(
			diag, at,
			"bind \"%s\": would hide \"%s\" (list the parent directory first)",
			dir, earlier);
}
