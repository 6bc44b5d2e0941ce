/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/sysctl_d.h"

#include "base/mem.h"
#include "host/file.h"
#include "sysctl/key.h"
#include "sysctl/value.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES (1024 * 1024)
#define PROC_SYS       "/proc/sys/"

/* A file hides the files of the same name in later directories. */
static const char *const dirs[] = {"/etc/sysctl.d", "/run/sysctl.d",
                                   "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"};

struct file {
	char *path;
	const char *name; /* in path */
};

struct line {
	char *key;   /* as a path below /proc/sys, maybe a pattern */
	char *value; /* NULL: only excludes the key from patterns */
	bool pattern;
	size_t file;
	unsigned number;
};

struct sysctl_d {
	struct file *files;
	size_t n_files, cap_files;
	struct line *lines;
	size_t n, cap;
};

/* --- which files ---------------------------------------------------------------------
 */

static bool sysctl_d_is_hidden(const struct sysctl_d *d, const char *name)
{
	for (size_t i = 0; i < d->n_files; i++)
		if (strcmp(d->files[i].name, name) == 0)
			return true;
	return false;
}

static void add_file(struct sysctl_d *d, char *path)
{
	d->files = mem_grow(d->files, &d->cap_files, d->n_files, sizeof(*d->files));
	d->files[d->n_files++] = (struct file){path, strrchr(path, '/') + 1};
}

static void add_dir(struct sysctl_d *d, const struct host *h, const char *dir)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;

	if (host_file_list(h, dir, &names, &ignored) < 0)
		return;
	for (size_t i = 0; names[i]; i++) {
		size_t len = strlen(names[i]);

		if (len > strlen(".conf") && strcmp(names[i] + len - 5, ".conf") == 0 &&
		    !sysctl_d_is_hidden(d, names[i]))
			add_file(d, mem_format("%s/%s", dir, names[i]));
	}
}

static int by_name(const void *a, const void *b)
{
	const struct file *file_a = a, *file_b = b;

	return strcmp(file_a->name, file_b->name);
}

/* --- their lines ---------------------------------------------------------------------
 */

static char *sysctl_d_trim(char *s)
{
	char *end;

	s += strspn(s, " \t\r");
	end = s + strlen(s);
	while (end > s && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return s;
}

/* "vm.swappiness = 10", "-net.ipv4.conf.*.rp_filter = 2", "-kernel.core_pattern" */
static void add_line(struct sysctl_d *d, char *text, size_t file, unsigned number)
{
	struct line line = {.file = file, .number = number};
	char *key = sysctl_d_trim(text), *value = strchr(key, '=');
	_free_ char *dotted = NULL, *path = NULL;
	bool dash;

	if (!*key || strchr("#;", *key))
		return;
	dash = *key == '-';
	if (!value && !dash)
		return;
	if (value)
		*value++ = '\0';
	dotted = sysctl_key_canonical(sysctl_d_trim(key + dash));
	path = sysctl_key_path(dotted);
	line.key = mem_dup(path + strlen(PROC_SYS));
	line.value = value ? sysctl_value_collapse(value) : NULL;
	line.pattern = line.key[strcspn(line.key, "*?[")];
	d->lines = mem_grow(d->lines, &d->cap, d->n, sizeof(*d->lines));
	d->lines[d->n++] = line;
}

static void sysctl_d_read_file(struct sysctl_d *d, const struct host *h, size_t file)
{
	_free_ char *text = NULL;
	struct err ignored;
	unsigned number = 0;
	char *rest, *line;

	if (host_file_read(h, d->files[file].path, FILE_MAX_BYTES, &text, &ignored) < 0)
		return;
	rest = text;
	while ((line = strsep(&rest, "\n")))
		add_line(d, line, file, ++number);
}

struct sysctl_d *sysctl_d_read(const struct host *h)
{
	struct sysctl_d *d = mem_new(1, sizeof(*d));

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		add_dir(d, h, dirs[i]);
	if (d->n_files > 0)
		qsort(d->files, d->n_files, sizeof(*d->files), by_name);
	add_file(d, mem_dup("/etc/sysctl.conf"));
	for (size_t i = 0; i < d->n_files; i++)
		sysctl_d_read_file(d, h, i);
	return d;
}

/* --- who wins ------------------------------------------------------------------------
 */

static const struct line *last_match(const struct sysctl_d *d, const char *path)
{
	for (size_t i = d->n; i-- > 0;)
		if (!d->lines[i].pattern && strcmp(d->lines[i].key, path) == 0)
			return &d->lines[i];
	for (size_t i = d->n; i-- > 0;)
		if (d->lines[i].pattern && d->lines[i].value &&
		    fnmatch(d->lines[i].key, path, FNM_PATHNAME) == 0)
			return &d->lines[i];
	return NULL;
}

/* Whether the file comes after that of the settings, if that exists. */
static bool beats(const struct sysctl_d *d, size_t file)
{
	/* the last one is /etc/sysctl.conf, which systemd does not read */
	if (file + 1 == d->n_files)
		return false;
	for (size_t i = 0; i < file; i++)
		if (strcmp(d->files[i].path, SYSCTL_D_SETTINGS) == 0)
			return true;
	return false;
}

bool sysctl_d_find(const struct sysctl_d *d, const char *key, struct sysctl_d_entry *ret)
{
	_free_ char *path = sysctl_key_path(key);
	const struct line *line = last_match(d, path + strlen(PROC_SYS));

	if (!line || !line->value)
		return false;
	*ret = (struct sysctl_d_entry){
		.file = d->files[line->file].path,
		.line = line->number,
		.value = line->value,
		.settings = strcmp(d->files[line->file].path, SYSCTL_D_SETTINGS) == 0,
		.beats = beats(d, line->file)};
	return true;
}

void sysctl_d_free(struct sysctl_d *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n_files; i++)
		free(d->files[i].path);
	for (size_t i = 0; i < d->n; i++) {
		free(d->lines[i].key);
		free(d->lines[i].value);
	}
	free(d->files);
	free(d->lines);
	free(d);
}

void sysctl_d_freep(struct sysctl_d **d)
{
	sysctl_d_free(*d);
}
