/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/os_release.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"

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
	size_t i = 0;
	int r = host_file_read(h, files[i], MAX_BYTES, ret_text, e);

	if (r < 0)
		r = host_file_read(h, files[++i], MAX_BYTES, ret_text, e);
	*ret_path = files[i];
	return r;
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
