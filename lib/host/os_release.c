/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/os_release.h"

#include "base/mem.h"
#include "host/file.h"

#include <stdlib.h>
#include <string.h>

#define MAX_BYTES 65536

static const char *const files[] = {"/etc/os-release", "/usr/lib/os-release"};

static char *value_of(const char *text, const char *key)
{
	_free_ char *lines = mem_format("\n%s", text);
	_free_ char *start = mem_format("\n%s=", key);
	const char *at = strstr(lines, start);
	size_t quoted;

	if (!at)
		return mem_dup("");
	at += strlen(start);
	quoted = *at == '"' || *at == '\'';
	return mem_dup_n(at + quoted, strcspn(at + quoted, quoted ? "\"'\n" : "\n"));
}

int host_os_release(const struct host *h, const char *key, char **ret,
                    const char **ret_path, struct err *e)
{
	_free_ char *text = NULL;
	size_t i = 0;
	int r = host_file_read(h, files[i], MAX_BYTES, &text, e);

	if (r < 0)
		r = host_file_read(h, files[++i], MAX_BYTES, &text, e);
	if (r < 0)
		return r;
	*ret = value_of(text, key);
	if (ret_path)
		*ret_path = files[i];
	return 0;
}
