/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/beside.h"

#include "base/mem.h"

#include <limits.h>
#include <string.h>

char *beside(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t len = strlen(name), most = NAME_MAX - strlen("..XXXXXX");

	/* the end of a longer name is not needed */
	return mem_format("%.*s.%.*s.XXXXXX", (int)(name - path), path,
	                  (int)(len > most ? most : len), name);
}
