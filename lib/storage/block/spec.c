/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/spec.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "storage/block/identity.h"

#include <inttypes.h>
#include <string.h>

/* Strip white space at both ends, as for values read from sysfs. */
static void disk_spec_trim(char **text)
{
	size_t len;

	if (!*text)
		return;
	mem_set(text, mem_dup(*text + strspn(*text, " \t")));
	len = strlen(*text);
	while (len > 0 && strchr(" \t", (*text)[len - 1]))
		(*text)[--len] = '\0';
}

void disk_spec_complete(struct disk_spec *w)
{
	if (!w->model)
		w->model = mem_dup(DISK_MODEL);
	disk_spec_trim(&w->model);
}

bool disk_is_named(const struct disk_spec *w, const struct disk *d)
{
	return disk_is_named_in(w->serial, d);
}

/* Only the nvme driver gives its disks the number of a namespace, from 1 on. */
bool disk_is_nvme(const struct disk *d)
{
	return d->unread & DISK_NO_ID || d->nsid > 0;
}

static bool is_model(const struct disk_spec *w, const struct disk *d)
{
	return d->unread & DISK_NO_MODEL || strcmp(d->model, w->model) == 0;
}

static bool is_serial(const struct disk_spec *w, const struct disk *d)
{
	return d->unread & DISK_NO_SERIAL || !w->serial || disk_is_named(w, d);
}

static bool is_large_enough(const struct disk_spec *w, const struct disk *d)
{
	/* a drive that is failing or being removed shows 0: its real size is unknown */
	return d->unread & DISK_NO_SIZE || d->size_bytes == 0 ||
	       d->size_bytes >= w->min_size;
}

bool disk_matches(const struct disk_spec *w, const struct disk *d)
{
	return !d->array && disk_is_nvme(d) && is_model(w, d) && is_serial(w, d) &&
	       is_large_enough(w, d);
}

enum disk_reason disk_unmet(const struct disk_spec *w, const struct disk *d,
                            char **ret_text)
{
	*ret_text =
		mem_format("%smodel \"%s\", %" PRIu64 " bytes",
	                   disk_is_nvme(d) ? "is " : "is not an NVMe drive: ", d->model,
	                   d->size_bytes);
	if (!disk_is_nvme(d))
		return DISK_NOT_NVME;
	if (!is_model(w, d))
		return DISK_OTHER_MODEL;
	return is_serial(w, d) ? DISK_TOO_SMALL : DISK_OTHER_SERIAL;
}

char *disk_spec_text(const struct disk_spec *w)
{
	_buf_ struct buf b = {0};

	buf_addf(&b, "model \"%s\"", w->model);
	if (w->serial)
		buf_addf(&b, ", serial %s", w->serial);
	if (w->min_size)
		buf_addf(&b, ", at least %" PRIu64 " bytes", w->min_size);
	return buf_take(&b);
}
