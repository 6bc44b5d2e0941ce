/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/module/module.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "host/module/kmod.h"
#include "host/process/capabilities.h"
#include "host/process/exec.h"
#include "host/recorded.h"

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

/* The line of the module in /proc/modules, whose lines start with a name. */
static const char *line_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strlen(line) > len && line[len] == ' ' && same_name(line, name, len))
			return line;
	}
	return NULL;
}

/* "nfsd 548864 11 - Loading 0x0": a module that is being loaded or unloaded. */
static bool is_changing(const char *line)
{
	size_t len = strcspn(line, "\n");

	return memmem(line, len, " Loading", 8) || memmem(line, len, " Unloading", 10);
}

/*
 * Whether it is LOADED or BUILTIN; UNKNOWN if it is neither as far as the kernel shows.
 * Return: 0; -errno: what the kernel shows cannot be read.
 */
static int state_of(const struct host *h, const char *loaded, const char *name,
                    enum host_module *ret, struct err *e)
{
	const char *line = loaded ? line_of(loaded, name) : NULL;
	_free_ char *dir = mem_format("/sys/module/%s", name), *path = NULL,
		    *state = NULL;
	int r;

	for (char *p = dir; (p = strchr(p, '-'));)
		*p = '_';
	path = mem_format("%s/initstate", dir);
	*ret = HOST_MODULE_UNKNOWN;
	r = host_file_read_line(h, path, &state, e);
	if (r == 0 && strcmp(state, "live") == 0)
		*ret = HOST_MODULE_LOADED;
	if (r != -ENOENT && r != -ENOTDIR)
		return r;
	if (line) {
		*ret = is_changing(line) ? HOST_MODULE_UNKNOWN : HOST_MODULE_LOADED;
		return 0;
	}
	/* what is built in has a directory if it has parameters, but no state */
	r = host_file_find(h, dir, e);
	if (r > 0)
		*ret = HOST_MODULE_BUILTIN;
	return r < 0 ? r : 0;
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

/* For a captured tree that has the lists as text, but not the indexes. */
static enum host_module find_in_lists(const struct host *h, const char *name)
{
	_free_ char *builtin = host_module_read_list(h, "modules.builtin"), *known = NULL;

	if (builtin && in_path_list(builtin, name))
		return HOST_MODULE_BUILTIN;
	known = host_module_read_list(h, "modules.dep");
	if (!known)
		return HOST_MODULE_UNKNOWN;
	return in_path_list(known, name) ? HOST_MODULE_AVAILABLE : HOST_MODULE_MISSING;
}

/* Find the state of the module of a line of host_kmod_find(). Return: 0; -errno. */
static int state_of_line(const struct host *h, const char *loaded, const char *line,
                         enum host_module *ret, struct err *e)
{
	const char *name = strchr(line, ' ');
	int r = 0;

	*ret = HOST_MODULE_UNKNOWN;
	if (!name) /* of a damaged bundle */
		return 0;
	if (strncmp(line, "builtin ", 8) == 0)
		*ret = HOST_MODULE_BUILTIN;
	else
		r = state_of(h, loaded, name + 1, ret, e);
	if (r == 0 && *ret == HOST_MODULE_UNKNOWN)
		*ret = strncmp(line, "disabled ", 9) == 0 ? HOST_MODULE_DISABLED
		                                          : HOST_MODULE_AVAILABLE;
	return r;
}

/* An alias may mean several modules: its state is that of the least available. */
static int find_in_indexes(const struct host *h, const char *loaded, const char *name,
                           enum host_module *ret, struct err *e)
{
	_free_ char *lines = NULL;
	char *rest, *line;
	int r = host_kmod_find(h, name, &lines, e);

	if (r < 0)
		return r;
	*ret = HOST_MODULE_MISSING;
	for (rest = lines; (line = strsep(&rest, "\n")) && *line;) {
		enum host_module state;

		r = state_of_line(h, loaded, line, &state, e);
		if (r < 0)
			return r;
		if (*ret == HOST_MODULE_MISSING || state >= HOST_MODULE_AVAILABLE ||
		    (*ret == HOST_MODULE_BUILTIN && state == HOST_MODULE_LOADED))
			*ret = *ret == HOST_MODULE_DISABLED ? *ret : state;
	}
	return 0;
}

/*
 * A bundle has the lists, and what modprobe would have found for the names that were
 * asked for while it was collected. Any other name may be an alias.
 */
static int find_in_bundle(const struct host *h, const char *name, enum host_module *ret,
                          struct err *e)
{
	_free_ char *list = mem_format("/lib/modules/%s/modules.dep", h->release);
	_free_ char *lines = NULL;
	struct stat st;

	if (host_file_stat(h, list, &st, e) == -ENODATA)
		return e->code;
	*ret = find_in_lists(h, name);
	if (*ret == HOST_MODULE_MISSING || host_kmod_configures(h, name))
		return host_kmod_find(h, name, &lines, e);
	return 0;
}

static int find_state(const struct host *h, const char *name, enum host_module *ret,
                      struct err *e)
{
	_free_ char *loaded = NULL;
	_free_ char *index = mem_format("/lib/modules/%s/modules.dep.bin", h->release);
	int code = host_file_read(h, "/proc/modules", LIST_MAX_BYTES, &loaded, e);

	/* a kernel without module support has no such file */
	if (code < 0 && code != -ENOENT)
		return code;
	code = state_of(h, loaded, name, ret, e);
	if (code < 0 || *ret != HOST_MODULE_UNKNOWN)
		return code;
	if (h->bundle && !recorded_has(h, "module", name))
		return find_in_bundle(h, name, ret, e);
	/* if it is unknown, so is the module: the lists are beside it */
	if (host_file_exists(h, index))
		return find_in_indexes(h, loaded, name, ret, e);
	*ret = find_in_lists(h, name);
	return 0;
}

/* Until the next boot. Return: 1, 0, or -errno. */
static int loading_is_forbidden(const struct host *h, struct err *e)
{
	_free_ char *disabled = NULL;
	int r = host_file_read_line(h, "/proc/sys/kernel/modules_disabled", &disabled, e);

	/* a kernel without sysctls cannot forbid it */
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return strcmp(disabled, "0") != 0;
}

int host_module_find(const struct host *h, const char *name, enum host_module *ret,
                     struct err *e)
{
	int r = find_state(h, name, ret, e);

	if (r < 0 || (*ret != HOST_MODULE_AVAILABLE && *ret != HOST_MODULE_UNKNOWN))
		return r;
	r = loading_is_forbidden(h, e);
	if (r > 0)
		*ret = HOST_MODULE_FORBIDDEN;
	return r < 0 ? r : 0;
}

int host_module_load(struct host *h, const char *name, struct err *e)
{
	const char *const argv[] = {"modprobe", name, NULL};
	struct host_tool tool;
	int code = host_live_check(h, e);

	if (code == 0)
		code = host_exec_find(h, "modprobe", CAPABILITY(SYS_MODULE), &tool, e);
	return code < 0 ? code
	                : host_exec(h, &tool, argv,
	                            deadline_earlier(h->deadline,
	                                             deadline_in_ms(MODPROBE_TIMEOUT_MS)),
	                            NULL, e);
}
