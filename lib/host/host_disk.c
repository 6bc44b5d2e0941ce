/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host_disk.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "host/host_file.h"
#include "host/host_mounts.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK "/sys/block"

/* The unit of the size attribute, whatever the drive's own sectors are. */
#define SECTOR_BYTES 512

#define SWAPS_MAX (64 * 1024)

/* An attribute without the white space around it; NULL if there is none. */
static char *attribute(const struct host *h, const char *disk, const char *name)
{
	_free_ char *path = mem_format(BLOCK "/%s/%s", disk, name);
	_free_ char *text = NULL;
	struct err ignored;

	if (host_file_read_line(h, path, &text, &ignored) < 0)
		return NULL;
	return mem_dup(text + strspn(text, " \t"));
}

static bool is_set(const struct host *h, const char *disk, const char *name)
{
	_free_ char *text = attribute(h, disk, name);

	return text && strcmp(text, "0") != 0;
}

/*
 * One path of a drive that several lead to: "nvme2c2n1". It has no node. The attribute
 * says so; the name does on kernels before 4.15.
 */
static bool is_hidden(const struct host *h, const char *disk)
{
	unsigned subsystem, controller, space;

	return is_set(h, disk, "hidden") ||
	       sscanf(disk, "nvme%uc%un%u", &subsystem, &controller, &space) == 3;
}

static int read_numbers(const struct host *h, struct host_disk *d)
{
	_free_ char *dev = attribute(h, d->name, "dev");
	_free_ char *size = attribute(h, d->name, "size");
	uint64_t sectors;

	if (!dev || sscanf(dev, "%u:%u", &d->major, &d->minor) != 2)
		return -EBADMSG;
	if (!size || num_u64(size, &sectors) < 0 ||
	    __builtin_mul_overflow(sectors, (uint64_t)SECTOR_BYTES, &d->size_bytes))
		return -EBADMSG;
	return 0;
}

/* Its partitions, or what is built upon it (md, dm): names, or NULL. */
static char *partitions(const struct host *h, const char *disk)
{
	_free_ char *dir = mem_format(BLOCK "/%s", disk);
	_cleanup_(names_freep) char **names = NULL;
	_buf_ struct buf found = {0};
	struct err ignored;

	if (host_file_list(h, dir, &names, &ignored) < 0)
		return NULL;
	for (size_t i = 0; names[i]; i++) {
		_free_ char *mark = mem_format("%s/%s/partition", dir, names[i]);

		if (host_file_exists(h, mark))
			buf_join(&found, ", ", names[i]);
	}
	return found.len ? buf_take(&found) : NULL;
}

static char *holders(const struct host *h, const char *disk)
{
	_free_ char *dir = mem_format(BLOCK "/%s/holders", disk);
	_cleanup_(names_freep) char **names = NULL;
	_buf_ struct buf found = {0};
	struct err ignored;

	if (host_file_list(h, dir, &names, &ignored) < 0)
		return NULL;
	for (size_t i = 0; names[i]; i++)
		buf_join(&found, ", ", names[i]);
	return found.len ? buf_take(&found) : NULL;
}

/* Whether /proc/swaps has a line for the node. Links are resolved by the kernel. */
static bool is_swap(const struct host *h, const struct host_disk *d)
{
	_free_ char *text = NULL;
	size_t len = strlen(d->device);
	struct err ignored;

	if (host_file_read(h, "/proc/swaps", SWAPS_MAX, &text, &ignored) < 0)
		return false;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, d->device, len) == 0 && strchr(" \t", line[len]))
			return true;
	}
	return false;
}

/* Mount tables to look in; that of the host may name what ours does not. */
struct tables {
	struct host_mounts host, own;
};

static const char *mounted_at(const struct tables *t, const struct host_disk *d)
{
	const struct host_mount *m = host_mounts_of(&t->host, d->major, d->minor);

	if (!m)
		m = host_mounts_of(&t->own, d->major, d->minor);
	return m ? m->target : NULL;
}

static void find_use(const struct host *h, const struct tables *t, struct host_disk *d)
{
	_free_ char *parts = partitions(h, d->name), *upon = holders(h, d->name);
	const char *mounted = mounted_at(t, d);

	if (d->size_bytes == 0)
		d->divided = mem_dup("has no capacity");
	else if (parts)
		d->divided = mem_format("has partitions (%s)", parts);
	if (d->divided)
		d->in_use = mem_dup(d->divided);
	else if (mounted)
		d->in_use = mem_format("is mounted at %s", mounted);
	else if (upon)
		d->in_use = mem_format("is part of %s", upon);
	else if (is_swap(h, d))
		d->in_use = mem_dup("is swap space");
	else if (is_set(h, d->name, "ro"))
		d->in_use = mem_dup("is read-only");
}

static void disk_done(struct host_disk *d)
{
	free(d->name);
	free(d->device);
	free(d->model);
	free(d->serial);
	free(d->in_use);
	free(d->divided);
}

/* Return: 1 if it is a drive to be listed, 0 if not, or -errno. */
static int read_disk(const struct host *h, const struct tables *t, const char *name,
                     struct host_disk *d, struct err *e)
{
	*d = (struct host_disk){.model = attribute(h, name, "device/model")};
	if (!d->model || !*d->model || is_hidden(h, name)) {
		free(d->model);
		return 0;
	}
	d->name = mem_dup(name);
	d->device = mem_format("/dev/%s", name);
	/* sysfs has '!' where a name has '/': "cciss!c0d0" */
	for (char *p = d->device; (p = strchr(p, '!'));)
		*p = '/';
	d->serial = attribute(h, name, "device/serial");
	if (!d->serial)
		d->serial = mem_dup("");
	if (read_numbers(h, d) < 0) {
		disk_done(d);
		return err_set(e, -EBADMSG,
		               BLOCK "/%s: its numbers or size cannot be read", name);
	}
	find_use(h, t, d);
	return 1;
}

static int compare(const void *a, const void *b)
{
	const struct host_disk *x = a, *y = b;
	int r = strcmp(x->serial, y->serial);

	return r ? r : strcmp(x->name, y->name);
}

static int read_all(const struct host *h, const struct tables *t, struct host_disks *ret,
                    struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	size_t cap = 0;
	int r = host_file_list(h, BLOCK, &names, e);

	for (size_t i = 0; r >= 0 && names[i]; i++) {
		ret->list = mem_grow(ret->list, &cap, ret->n, sizeof(*ret->list));
		r = read_disk(h, t, names[i], &ret->list[ret->n], e);
		if (r > 0)
			ret->n++;
	}
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), compare);
	return r < 0 ? r : 0;
}

int host_disks_read(const struct host *h, struct host_disks *ret, struct err *e)
{
	_mounts_ struct host_mounts host = {0}, own = {0};
	struct tables t;
	int r = host_mounts_read(h, HOST_MOUNTS_HOST, &host, e);

	*ret = (struct host_disks){0};
	if (r == 0)
		r = host_mounts_read(h, HOST_MOUNTS_OWN, &own, e);
	t = (struct tables){.host = host, .own = own};
	return r < 0 ? r : read_all(h, &t, ret, e);
}

void host_disks_done(struct host_disks *d)
{
	for (size_t i = 0; i < d->n; i++)
		disk_done(&d->list[i]);
	free(d->list);
	*d = (struct host_disks){0};
}

const struct host_disk *host_disks_find(const struct host_disks *d, const char *device)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->list[i].device, device) == 0)
			return &d->list[i];
	return NULL;
}
