/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/host_path.h"

#include <limits.h>
#include <string.h>

const char *host_path_fault(const char *path)
{
	if (path[0] != '/' || path[1] == '\0')
		return "must be an absolute path below /";
	if (strlen(path) >= PATH_MAX)
		return "is too long";
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p <= 0x20 || *p == 0x7f)
			return "contains white space or control characters";
	for (const char *p = path; *p; p += strcspn(p, "/")) {
		size_t len = strcspn(++p, "/");

		if (len == 0)
			return "contains \"//\" or ends with \"/\"";
		if (strncmp(p, "..", len) == 0 && len <= 2)
			return "contains \".\" or \"..\"";
	}
	return NULL;
}
