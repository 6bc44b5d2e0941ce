/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/scan.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/mounts.h"
#include "storage/block/in_use.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The unit of the size attribute, whatever the drive's sector size. */
#define SECTOR_BYTES 512

/*
 * Whether it is one of several paths to a drive: "nvme2c2n1", which has no device node.
 * An attribute says so; on kernels before 4.15 only the name does.
 */
static bool disk_is_hidden(const struct host *h, const char *disk)
{
	unsigned subsystem, controller, space;

	return disk_attribute_is_set(h, disk, "hidden") ||
	       sscanf(disk, "nvme%uc%un%u", &subsystem, &controller, &space) == 3;
}

static int read_numbers(const struct host *h, struct disk *d)
{
	_free_ char *dev = disk_attribute(h, d->name, "dev");
	_free_ char *size = disk_attribute(h, d->name, "size");
	uint64_t sectors;

	if (!dev || sscanf(dev, "%u:%u", &d->major, &d->minor) != 2)
		return -EBADMSG;
	if (!size || num_u64(size, &sectors) < 0 ||
	    __builtin_mul_overflow(sectors, (uint64_t)SECTOR_BYTES, &d->size_bytes))
		return -EBADMSG;
	return 0;
}

/* The members of an md array, or NULL if it is not an array. */
static char *members(const struct host *h, const char *name)
{
	_free_ char *md = mem_format(DISK_BLOCK "/%s/md", name);
	_free_ char *dir = mem_format(DISK_BLOCK "/%s/slaves", name);
	_cleanup_(names_freep) char **names = NULL;
	_buf_ struct buf all = {0};
	struct err ignored;

	if (!host_file_exists(h, md))
		return NULL;
	if (host_file_list(h, dir, &names, &ignored) < 0)
		return mem_dup("");
	for (size_t i = 0; names[i]; i++)
		buf_join(&all, " ", names[i]);
	return buf_take(&all);
}

/* "inactive" and "clear" arrays wait for members or are about to disappear. */
static bool is_active(const struct host *h, const char *name)
{
	_free_ char *state = disk_attribute(h, name, "md/array_state");

	return state && strcmp(state, "inactive") != 0 && strcmp(state, "clear") != 0;
}

static void disk_read_name(struct disk *d, const char *name)
{
	d->name = mem_dup(name);
	d->device = mem_format("/dev/%s", name);
	/* sysfs replaces '/' in a name with '!': "cciss!c0d0" */
	for (char *p = d->device; (p = strchr(p, '!'));)
		*p = '/';
}

/* Return: 1 if it is a drive or array to list, 0 if not, or -errno. */
static int read_disk(const struct host *h, const struct disk_tables *t, const char *name,
                     struct disk *d, struct err *e)
{
	*d = (struct disk){.members = members(h, name)};
	d->array = d->members != NULL;
	d->active = d->array && is_active(h, name);
	d->model = d->array ? mem_dup("") : disk_attribute(h, name, "device/model");
	d->serial = d->array ? NULL : disk_attribute(h, name, "device/serial");
	if (!d->serial)
		d->serial = mem_dup("");
	if (!d->array && (!d->model || !*d->model || disk_is_hidden(h, name))) {
		disk_done(d);
		return 0;
	}
	disk_read_name(d, name);
	if (read_numbers(h, d) < 0) {
		disk_done(d);
		return err_set(e, -EBADMSG,
		               DISK_BLOCK "/%s: its numbers or size cannot be read",
		               name);
	}
	disk_use_find(h, t, d);
	return 1;
}

static int disk_compare(const void *a, const void *b)
{
	const struct disk *x = a, *y = b;
	int r = strcmp(x->serial, y->serial);

	return r ? r : strcmp(x->name, y->name);
}

static int disk_read_all(const struct host *h, const struct disk_tables *t,
                         struct disks *ret, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	size_t cap = 0;
	int r = host_file_list(h, DISK_BLOCK, &names, e);

	for (size_t i = 0; r >= 0 && names[i]; i++) {
		ret->list = mem_grow(ret->list, &cap, ret->n, sizeof(*ret->list));
		r = read_disk(h, t, names[i], &ret->list[ret->n], e);
		if (r > 0)
			ret->n++;
	}
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), disk_compare);
	return r < 0 ? r : 0;
}

int disks_read(const struct host *h, struct disks *ret, struct err *e)
{
	_mounts_ struct host_mounts host = {0}, own = {0};
	struct disk_tables t;
	int r = host_mounts_read(h, HOST_MOUNTS_HOST, &host, e);

	*ret = (struct disks){0};
	if (r == 0)
		r = host_mounts_read(h, HOST_MOUNTS_OWN, &own, e);
	t = (struct disk_tables){.host = host, .own = own};
	return r < 0 ? r : disk_read_all(h, &t, ret, e);
}
