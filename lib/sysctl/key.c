/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/key.h"

#include "base/mem.h"
#include "host/file.h"
#include "sysctl/known/table.h"

#include <string.h>

#define KEY_MAX_BYTES 128 /* Bottlerocket's limit for a key in settings.kernel.sysctl */

/*
 * As in sysctl.d(5): the first separator decides. If it is a dot, dots and slashes are
 * swapped ("net.ipv4.conf.eth0/1.forwarding"); if it is a slash, the key is the path.
 */
static void swap_separators(char *s)
{
	for (; *s; s++)
		*s = *s == '.' ? '/' : *s == '/' ? '.' : *s;
}

char *sysctl_key_canonical(const char *name)
{
	char *copy = mem_dup(name);

	/* sysctl_key_fault() refuses these paths: report them as they were written */
	if (copy[0] != '/' && copy[strcspn(copy, "./")] == '/' && !strstr(copy, ".."))
		swap_separators(copy);
	return copy;
}

char *sysctl_key_path(const char *key)
{
	char *path = mem_join("/proc/sys/", key);

	swap_separators(path + strlen("/proc/sys/"));
	return path;
}

char *sysctl_key_of_path(const char *path)
{
	char *key = mem_dup(path + strlen("/proc/sys/"));

	swap_separators(key);
	return key;
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PLAIN   LETTERS "0123456789._/-"

static const char *characters_fault(const char *key)
{
	/* most have neither a pattern nor anything that no key has */
	if (!key[strspn(key, PLAIN)])
		return NULL;
	if (key[strcspn(key, "*?")] && !sysctl_table_is_wildcard(key))
		return "* and ? can only stand for an interface, as in "
		       "net.ipv4.conf.*.rp_filter";
	return key[strspn(key, PLAIN "*?")]
	               ? "a key can only contain letters, digits, . _ - and /"
	               : NULL;
}

/* Slashes of a part are dots in the path: "a.//.b". */
static const char *parts_fault(const char *key)
{
	for (const char *part = key, *end;; part = end + 1) {
		end = strchrnul(part, '.');
		if (end == part)
			return "has an empty part";
		if (strncmp(part, "//", (size_t)(end - part)) == 0)
			return "points outside /proc/sys";
		if (!*end)
			return NULL;
	}
}

const char *sysctl_key_fault(const char *key)
{
	const struct sysctl_row *row = sysctl_table_find(key);
	const char *fault;

	if (strlen(key) > KEY_MAX_BYTES)
		return "is longer than 128 characters";
	if (key[0] == '-')
		return "a leading \"-\" is of sysctl.d(5) (remove it, and add "
		       "\"optional: true\")";
	fault = characters_fault(key);
	if (fault)
		return fault;
	if (row && row->shape == SHAPE_WRITE_ONLY)
		return "triggers an action when written and cannot be read back";
	if (strstr(key, "..") && (strstr(key, "../") || strstr(key, "/..")))
		return "points outside /proc/sys";
	if (key[0] == '/')
		return "has an empty part";
	fault = parts_fault(key);
	if (fault)
		return fault;
	return strchr(key, '.') ? NULL : "is not a sysctl key (such as vm.swappiness)";
}

bool sysctl_key_is_write_only(const struct host *h, const char *path)
{
	struct err ignored;
	struct stat st;

	return host_file_stat(h, path, &st, &ignored) == 0 && S_ISREG(st.st_mode) &&
	       !(st.st_mode & 0444);
}
