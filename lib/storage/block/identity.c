/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/identity.h"

#include "base/mem.h"
#include "base/text/words.h"

#include <string.h>

/* "AWS1-n2"; NULL without a serial or a namespace. Owned by the caller. */
static char *namespace_name(const struct disk *d)
{
	return *d->serial && d->nsid ? mem_format("%s-n%u", d->serial, d->nsid) : NULL;
}

typedef bool same_function(const struct disk *a, const struct disk *b);

static bool same_serial(const struct disk *a, const struct disk *b)
{
	return strcmp(a->serial, b->serial) == 0;
}

/* A controller with one namespace need not number it. */
static bool same_namespace(const struct disk *a, const struct disk *b)
{
	return same_serial(a, b) && (a->nsid ? a->nsid : 1) == (b->nsid ? b->nsid : 1);
}

static bool same_wwid(const struct disk *a, const struct disk *b)
{
	return *a->wwid && strcmp(a->wwid, b->wwid) == 0;
}

/* Whether another drive is the same by this measure. */
static bool is_shared(const struct disks *all, const struct disk *d, same_function *same)
{
	for (size_t i = 0; i < all->n; i++)
		if (&all->list[i] != d && !all->list[i].array && same(&all->list[i], d))
			return true;
	return false;
}

/* The shortest name that no other drive has; "": there is none. */
static char *exact_name(const struct disks *all, const struct disk *d)
{
	/* the same wwid is the same drive, whatever its other names */
	if (is_shared(all, d, same_wwid))
		return mem_dup("");
	if (*d->serial && !is_shared(all, d, same_serial))
		return mem_dup(d->serial);
	if (*d->serial && d->nsid && !is_shared(all, d, same_namespace))
		return namespace_name(d);
	return mem_dup(d->wwid);
}

/* Does not depend on the other namespaces of the controller, as far as possible. */
static char *key_name(const struct disks *all, const struct disk *d)
{
	if (!*d->serial || is_shared(all, d, same_namespace))
		return mem_dup(d->exact);
	return d->nsid > 1 ? namespace_name(d) : mem_dup(d->serial);
}

static bool is_duplicate(const struct disks *all, const struct disk *d)
{
	return !d->array && !*d->exact &&
	       (is_shared(all, d, same_wwid) || is_shared(all, d, same_serial));
}

/* Name what is the same, and nothing else. */
static char *duplicate_text(const struct disks *all, const struct disk *d)
{
	bool serial = *d->serial && is_shared(all, d, same_serial),
	     wwid = is_shared(all, d, same_wwid);
	_free_ char *by_serial =
		serial ? mem_format("serial \"%s\"", d->serial) : mem_dup("");
	_free_ char *by_wwid = wwid ? mem_format("wwid \"%s\"", d->wwid) : mem_dup("");

	if (!serial && !wwid)
		return mem_dup("has neither serial nor wwid, as another drive: they may "
		               "be one drive with two paths");
	return mem_format("has the same %s%s%s as another drive: they may be one drive "
	                  "with two paths",
	                  by_serial, serial && wwid ? " and " : "", by_wwid);
}

void disks_identify(struct disks *all)
{
	for (size_t i = 0; i < all->n; i++) {
		struct disk *d = &all->list[i];

		d->exact = d->array ? mem_dup("") : exact_name(all, d);
		d->key = d->array ? mem_dup("") : key_name(all, d);
		if (d->use || !is_duplicate(all, d))
			continue;
		d->use = DISK_DUPLICATE;
		d->in_use = duplicate_text(all, d);
	}
}

bool disk_is_named_in(const char *list, const struct disk *d)
{
	_free_ char *space = namespace_name(d);

	return words_have(list, ',', d->serial) || words_have(list, ',', d->wwid) ||
	       (space && words_have(list, ',', space));
}

bool disk_is_exactly_in(const char *list, const struct disk *d)
{
	_free_ char *space = namespace_name(d);
	/* "AWS1-n1" is exact for a drive that is called AWS1 as well */
	bool by_space = space && (strcmp(d->exact, d->serial) == 0 ||
	                          strcmp(d->exact, space) == 0);

	return *d->exact &&
	       (words_have(list, ',', d->exact) || words_have(list, ',', d->wwid) ||
	        (by_space && words_have(list, ',', space)));
}

const char *disk_title(const struct disk *d)
{
	return *d->exact ? d->exact : d->serial;
}
