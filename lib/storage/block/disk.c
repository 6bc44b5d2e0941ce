/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/disk.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void disk_done(struct disk *d)
{
	free(d->name);
	free(d->device);
	free(d->model);
	free(d->serial);
	free(d->wwid);
	free(d->exact);
	free(d->key);
	free(d->in_use);
	free(d->members);
}

void disks_done(struct disks *d)
{
	for (size_t i = 0; i < d->n; i++)
		disk_done(&d->list[i]);
	free(d->list);
	*d = (struct disks){0};
}

const struct disk *disks_find(const struct disks *d, const char *device)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->list[i].device, device) == 0)
			return &d->list[i];
	return NULL;
}

char *disk_id(const struct disk *d)
{
	return d->array ? mem_format("array of %s", d->members)
	                : mem_format("%s %u %s", d->serial, d->nsid, d->wwid);
}
