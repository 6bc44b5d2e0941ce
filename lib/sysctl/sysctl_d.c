/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/sysctl_d.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "bundle/bundle.h"
#include "bundle/cover.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "sysctl/key.h"
#include "sysctl/sysctl_d_part.h"
#include "sysctl/value.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX_BYTES (1024 * 1024)

/* A file hides the files of the same name in later directories. */
static const char *const dirs[] = {"/etc/sysctl.d", "/run/sysctl.d",
                                   "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d",
                                   "/lib/sysctl.d"};

static void sysctl_d_fail(struct sysctl_d *d, const char *why)
{
	if (!d->unknown)
		d->unknown = mem_dup(why);
}

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
	d->files[d->n_files++] = (struct sysctl_d_file){path, strrchr(path, '/') + 1};
}

static void add_name(struct sysctl_d *d, const char *dir, const char *name)
{
	size_t len = strlen(name);

	if (len <= strlen(".conf") || strcmp(name + len - 5, ".conf") != 0 ||
	    sysctl_d_is_hidden(d, name))
		return;
	if (d->n_files < SYSCTL_D_FILES_MAX)
		add_file(d, mem_format("%s/%s", dir, name));
	else
		sysctl_d_fail(d, "there are more than 1024 files of sysctl.d");
}

static void add_dir(struct sysctl_d *d, const struct host *h, const char *dir)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err e = {0};
	int r;

	/* older bundles have no /lib, which is a link to /usr/lib almost everywhere */
	if (h->bundle && !bundle_lists(node_get(h->bundle->manifest, "covers"), dir))
		return;
	r = host_file_list(h, dir, &names, &e);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		sysctl_d_fail(d, e.text);
	for (size_t i = 0; r == 0 && names[i]; i++)
		add_name(d, dir, names[i]);
}

static int by_name(const void *a, const void *b)
{
	const struct sysctl_d_file *file_a = a, *file_b = b;

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
	struct sysctl_d_line line = {.file = file, .number = number};
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
	line.key = mem_dup(path + strlen(SYSCTL_D_PROC));
	line.value = value ? words_collapse(value) : NULL;
	line.pattern = line.key[strcspn(line.key, "*?[")];
	d->lines = mem_grow(d->lines, &d->cap, d->n, sizeof(*d->lines));
	d->lines[d->n++] = line;
}

/* An absolute link starts at the root of the host. NULL: the path is no such link. */
static char *absolute_target(const struct host *h, const char *path)
{
	struct err ignored;
	_close_ int fd =
		h->bundle ? -1 : host_file_open(h, path, O_PATH | O_NOFOLLOW, &ignored);
	char target[PATH_MAX];
	ssize_t n = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target));

	return n > 0 && *target == '/' ? mem_dup_n(target, (size_t)n) : NULL;
}

/* A link to /dev/null masks a file. Anything else that is no file could block. */
static bool is_empty(struct sysctl_d *d, const struct host *h, const char *path)
{
	struct err e = {0};
	struct stat st;
	int r;

	if (strcmp(path, "/dev/null") == 0)
		return true;
	r = host_file_stat(h, path, &st, &e);
	if (r == 0 && S_ISREG(st.st_mode))
		return false;
	if (r == 0)
		(void)err_set(&e, -EINVAL, "%s: is no file", path);
	if (r != -ENOENT)
		sysctl_d_fail(d, e.text);
	return true;
}

static void sysctl_d_read_file(struct sysctl_d *d, const struct host *h, size_t file)
{
	_free_ char *text = NULL, *target = absolute_target(h, d->files[file].path);
	const char *path = target ? target : d->files[file].path;
	struct err e = {0};
	unsigned number = 0;
	char *rest, *line;
	int r;

	if (is_empty(d, h, path))
		return;
	r = host_file_read(h, path, FILE_MAX_BYTES, &text, &e);
	if (r < 0) {
		sysctl_d_fail(d, e.text);
		return;
	}
	d->bytes += strlen(text);
	if (d->bytes > SYSCTL_D_BYTES_MAX) {
		sysctl_d_fail(d, "the files of sysctl.d have more than 8 MiB");
		return;
	}
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

/* --- the rest -------------------------------------------------------------------------
 */

const char *sysctl_d_unknown(const struct sysctl_d *d)
{
	return d->unknown;
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
	free(d->unknown);
	free(d->files);
	free(d->lines);
	free(d);
}

void sysctl_d_freep(struct sysctl_d **d)
{
	sysctl_d_free(*d);
}
