/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/os_release.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
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

static int os_release_read(const struct host *h, char **ret_text, const char **ret_path,
                           struct err *e)
{
	struct err second;
	int r = host_file_read(h, files[0], MAX_BYTES, ret_text, e), again;

	*ret_path = files[0];
	if (r == 0)
		return 0;
	/* the first may be an absolute link to the second, which is not followed */
	again = host_file_read(h, files[1], MAX_BYTES, ret_text, &second);
	if (again < 0 && r != -ENOENT && r != -ENOTDIR)
		return r;
	*ret_path = files[1];
	if (again < 0)
		*e = second;
	return again;
}

void host_os_release_keep(struct host *h)
{
	struct err ignored;

	(void)os_release_read(h, &h->os_release, &h->os_release_path, &ignored);
}

int host_os_release(const struct host *h, const char *key, char **ret,
                    const char **ret_path, struct err *e)
{
	_free_ char *text = NULL;
	const char *path = h->os_release_path;
	int r = h->os_release ? 0 : os_release_read(h, &text, &path, e);

	if (r < 0)
		return r;
	*ret = value_of(text ? text : h->os_release, key);
	if (ret_path)
		*ret_path = path;
	return 0;
}
