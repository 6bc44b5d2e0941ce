/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/module.h"

#include "base/mem.h"
#include "host/exec.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <string.h>

/* modules.dep of a distribution kernel is 0.7 MiB. */
#define LIST_MAX_BYTES      (16 * 1024 * 1024)
#define MODPROBE_TIMEOUT_MS 60000

/* The kernel treats - and _ in module names as the same. */
static bool same_name(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (a[i] != b[i] && !(strchr("-_", a[i]) && strchr("-_", b[i])))
			return false;
	return true;
}

/* Whether the module is in /proc/modules, whose lines start with a name. */
static bool in_proc_modules(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strlen(line) > len && line[len] == ' ' && same_name(line, name, len))
			return true;
	}
	return false;
}

/*
 * Whether the module is in a list of paths such as modules.builtin or modules.dep: a line
 * starts with "kernel/net/ipv4/tcp_bbr.ko", possibly compressed (".ko.xz").
 */
static bool in_path_list(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		const char *base;
		size_t path_len;

		line += *line == '\n';
		path_len = strcspn(line, ":\n");
		base = memrchr(line, '/', path_len);
		base = base ? base + 1 : line;
		if ((size_t)(line + path_len - base) > len + 2 &&
		    strncmp(base + len, ".ko", 3) == 0 && same_name(base, name, len))
			return true;
	}
	return false;
}

/* One of the kernel's lists of modules; NULL if it does not exist. */
static char *host_module_read_list(const struct host *h, const char *list)
{
	_free_ char *path = mem_format("/lib/modules/%s/%s", h->release, list);
	char *text = NULL;
	struct err ignored;

	(void)host_file_read(h, path, LIST_MAX_BYTES, &text, &ignored);
	return text;
}

int host_module_find(const struct host *h, const char *name, enum host_module *ret,
                     struct err *e)
{
	_free_ char *loaded = NULL, *builtin = NULL, *known = NULL;
	int code = host_file_read(h, "/proc/modules", LIST_MAX_BYTES, &loaded, e);

	/* a kernel without module support has no such file */
	if (code < 0 && code != -ENOENT)
		return code;
	if (loaded && in_proc_modules(loaded, name)) {
		*ret = HOST_MODULE_LOADED;
		return 0;
	}
	builtin = host_module_read_list(h, "modules.builtin");
	if (builtin && in_path_list(builtin, name)) {
		*ret = HOST_MODULE_BUILTIN;
		return 0;
	}
	known = host_module_read_list(h, "modules.dep");
	if (!known)
		*ret = HOST_MODULE_UNKNOWN;
	else
		*ret = in_path_list(known, name) ? HOST_MODULE_AVAILABLE
		                                 : HOST_MODULE_MISSING;
	return 0;
}

int host_module_load(struct host *h, const char *name, struct err *e)
{
	const char *const argv[] = {"modprobe", name, NULL};
	struct host_tool tool;
	int code = host_exec_find(h, "modprobe", &tool, e);

	return code < 0 ? code
	                : host_exec(h, &tool, argv,
	                            deadline_earlier(h->deadline,
	                                             deadline_in_ms(MODPROBE_TIMEOUT_MS)),
	                            NULL, e);
}
