/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/scan.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "host/file.h"
#include "host/mount/mounts.h"
#include "storage/block/attribute.h"
#include "storage/block/identity.h"
#include "storage/block/in_use.h"

#include <errno.h>
#include <limits.h>
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
static bool disk_is_hidden(struct attributes *a, const char *disk)
{
	unsigned subsystem, controller, space;

	return attribute_is_set(a, disk, "hidden") ||
	       sscanf(disk, "nvme%uc%un%u", &subsystem, &controller, &space) == 3;
}

static void read_numbers(struct attributes *a, struct disk *d)
{
	_free_ char *dev = attribute_text(a, d->name, "dev");
	_free_ char *size = attribute_text(a, d->name, "size");
	uint64_t sectors;

	if (!dev || sscanf(dev, "%u:%u", &d->major, &d->minor) != 2)
		attribute_unknown(a, "its device number is not readable");
	if (size && num_u64(size, &sectors) == 0 &&
	    !__builtin_mul_overflow(sectors, (uint64_t)SECTOR_BYTES, &d->size_bytes))
		return;
	d->size_bytes = 0;
	d->unread |= DISK_NO_SIZE;
	attribute_unknown(a, "its size is not readable");
}

/* The members of an md array, or NULL if it is not an array. */
static char *members(struct attributes *a, const char *name)
{
	_cleanup_(names_freep) char **names = NULL;
	_buf_ struct buf all = {0};

	if (!attribute_exists(a, name, "md"))
		return NULL;
	names = attribute_list(a, name, "slaves");
	for (size_t i = 0; names && names[i]; i++)
		buf_join(&all, " ", names[i]);
	return buf_take(&all);
}

/*
 * "inactive" and "clear" arrays wait for members or are about to disappear. An unknown
 * state counts as active: nothing stops or assembles such an array.
 */
static bool is_active(struct attributes *a, const char *name)
{
	_free_ char *state = attribute_text(a, name, "md/array_state");

	return !state || (strcmp(state, "inactive") != 0 && strcmp(state, "clear") != 0);
}

static void disk_read_name(struct disk *d, const char *name)
{
	d->name = mem_dup(name);
	d->device = mem_format("/dev/%s", name);
	/* sysfs replaces '/' in a name with '!': "cciss!c0d0" */
	for (char *p = d->device; (p = strchr(p, '!'));)
		*p = '/';
}

/* Read an attribute; "" if there is none. `missing` is noted if it cannot be read. */
static char *identity(struct attributes *a, struct disk *d, const char *name,
                      unsigned missing)
{
	struct attributes one = {.h = a->h};
	char *text = attribute_text(&one, d->name, name);

	if (one.fault) {
		d->unread |= missing;
		attribute_unknown(a, one.fault);
		free(one.fault);
	}
	return text ? text : mem_dup("");
}

static void read_identity(struct attributes *a, struct disk *d)
{
	_free_ char *nsid = identity(a, d, "nsid", DISK_NO_ID);
	uint64_t number;

	d->model = identity(a, d, "device/model", DISK_NO_MODEL);
	d->serial = identity(a, d, "device/serial", DISK_NO_SERIAL);
	d->wwid = identity(a, d, "wwid", DISK_NO_ID);
	if (!*d->wwid) /* SCSI */
		mem_set(&d->wwid, identity(a, d, "device/wwid", DISK_NO_ID));
	if (num_u64(nsid, &number) == 0 && number <= UINT_MAX)
		d->nsid = (unsigned)number;
	if (*nsid && d->nsid == 0) {
		d->unread |= DISK_NO_ID;
		attribute_unknown(a, "the number of its namespace is not readable");
	}
}

/* Whether to list it: an array, or what is, or may be, a drive. */
static bool read_disk(struct attributes *a, const struct disk_tables *t, const char *name,
                      struct disk *d)
{
	bool maybe_array;

	*d = (struct disk){.members = members(a, name)};
	disk_read_name(d, name);
	d->array = d->members != NULL;
	if (d->array) {
		d->active = is_active(a, name);
		d->model = mem_dup("");
		d->serial = mem_dup("");
		d->wwid = mem_dup("");
	} else {
		maybe_array = a->fault;
		read_identity(a, d);
		if (maybe_array && !*d->model)
			d->unread |= DISK_NO_MODEL | DISK_NO_SERIAL;
		if ((!*d->model && !(d->unread & DISK_NO_MODEL)) ||
		    disk_is_hidden(a, name)) {
			disk_done(d);
			return false;
		}
	}
	read_numbers(a, d);
	disk_use_find(a, t, d);
	return true;
}

static int disk_compare(const void *a, const void *b)
{
	const struct disk *x = a, *y = b;
	int r = strcmp(x->serial, y->serial);

	if (r == 0 && x->nsid != y->nsid)
		return x->nsid < y->nsid ? -1 : 1;
	return r ? r : strcmp(x->name, y->name);
}

static int disk_read_all(const struct host *h, const struct disk_tables *t,
                         struct disks *ret, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	size_t cap = 0;
	int r = host_file_list(h, DISK_BLOCK, &names, e);

	for (size_t i = 0; r >= 0 && names[i]; i++) {
		struct attributes a = {.h = h};

		ret->list = mem_grow(ret->list, &cap, ret->n, sizeof(*ret->list));
		if (read_disk(&a, t, names[i], &ret->list[ret->n]))
			ret->n++;
		free(a.fault);
	}
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), disk_compare);
	disks_identify(ret);
	return r < 0 ? r : 0;
}

/* Without the root, it is unknown which drive the host runs from. */
static int check_root(const struct host_mounts *host, struct err *e)
{
	return host_mounts_at(host, "/")
	               ? 0
	               : err_set(e, -EBADMSG,
	                         "/proc/1/mountinfo: lists no root file system");
}

int disks_read(const struct host *h, struct disks *ret, struct err *e)
{
	_mounts_ struct host_mounts host = {0}, own = {0};
	struct disk_tables t;
	int r = host_mounts_read(h, HOST_MOUNTS_HOST, &host, e);

	*ret = (struct disks){0};
	if (r == 0)
		r = check_root(&host, e);
	if (r == 0)
		r = host_mounts_read(h, HOST_MOUNTS_OWN, &own, e);
	t = (struct disk_tables){.host = host, .own = own};
	return r < 0 ? r : disk_read_all(h, &t, ret, e);
}
