/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kinds/mount_option.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/suggest.h"
#include "doc/node.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

enum show {
	SHOWN,   /* in force if the table shows `word` */
	ABSENT,  /* in force if the table does not show `word` */
	SIZED,   /* "name=SIZE": shown likewise, perhaps in another unit */
	NOTHING, /* asks for nothing */
};

struct option {
	const char *name;
	enum show show;
	const char *word;  /* NULL: as `name` */
	const char *group; /* one of a group excludes the others; NULL: of `word` */
	bool flag;         /* of the mount, not of the file system */
	uint64_t min, max; /* SIZED */
	bool power_of_2;
};

/*
 * Documentation/admin-guide/xfs.rst and fs/xfs/xfs_super.c of Linux 6.1 and 6.12; the
 * flags are those of mount(2) that a table shows. Left out on purpose: what was removed
 * or is deprecated (barrier, attr2, ikeep), and what does more than mount (bind, move,
 * remount, shared).
 */
static const struct option options[] = {
	{.name = "defaults", .show = NOTHING, .flag = true},
	{.name = "ro", .show = SHOWN, .flag = true},
	{.name = "rw", .show = ABSENT, .word = "ro", .flag = true},
	{.name = "nosuid", .show = SHOWN, .flag = true},
	{.name = "suid", .show = ABSENT, .word = "nosuid", .flag = true},
	{.name = "nodev", .show = SHOWN, .flag = true},
	{.name = "dev", .show = ABSENT, .word = "nodev", .flag = true},
	{.name = "noexec", .show = SHOWN, .flag = true},
	{.name = "exec", .show = ABSENT, .word = "noexec", .flag = true},
	{.name = "nosymfollow", .show = SHOWN, .flag = true},
	{.name = "symfollow", .show = ABSENT, .word = "nosymfollow", .flag = true},
	{.name = "noatime", .show = SHOWN, .group = "atime", .flag = true},
	{.name = "relatime", .show = SHOWN, .group = "atime", .flag = true},
	{.name = "atime",
         .show = ABSENT,
         .word = "noatime",
         .group = "atime",
         .flag = true},
	{.name = "nodiratime", .show = SHOWN, .flag = true},
	{.name = "diratime", .show = ABSENT, .word = "nodiratime", .flag = true},
	{.name = "sync", .show = SHOWN},
	{.name = "async", .show = ABSENT, .word = "sync"},
	{.name = "dirsync", .show = SHOWN},
	{.name = "lazytime", .show = SHOWN},
	{.name = "nolazytime", .show = ABSENT, .word = "lazytime"},
	{.name = "allocsize",
         .show = SIZED,
         .min = 4096,
         .max = 1 << 30,
         .power_of_2 = true},
	{.name = "discard", .show = SHOWN},
	{.name = "nodiscard", .show = ABSENT, .word = "discard"},
	{.name = "filestreams", .show = SHOWN},
	{.name = "grpid", .show = SHOWN},
	{.name = "nogrpid", .show = ABSENT, .word = "grpid"},
	{.name = "inode32", .show = SHOWN, .group = "inode"},
	{.name = "inode64", .show = SHOWN, .group = "inode"},
	{.name = "largeio", .show = SHOWN},
	{.name = "nolargeio", .show = ABSENT, .word = "largeio"},
	{.name = "logbsize",
         .show = SIZED,
         .min = 16 << 10,
         .max = 256 << 10,
         .power_of_2 = true},
	{.name = "logbufs", .show = SIZED, .min = 2, .max = 8},
	{.name = "noalign", .show = SHOWN},
	{.name = "nouuid", .show = SHOWN},
	{.name = "swalloc", .show = SHOWN},
	{.name = "wsync", .show = SHOWN},
	{.name = "noquota", .show = SHOWN, .group = "quota"},
	{.name = "uquota", .show = SHOWN, .word = "usrquota", .group = "user quota"},
	{.name = "usrquota", .show = SHOWN, .group = "user quota"},
	{.name = "uqnoenforce", .show = SHOWN, .group = "user quota"},
	{.name = "gquota", .show = SHOWN, .word = "grpquota", .group = "group quota"},
	{.name = "grpquota", .show = SHOWN, .group = "group quota"},
	{.name = "gqnoenforce", .show = SHOWN, .group = "group quota"},
	{.name = "pquota", .show = SHOWN, .word = "prjquota", .group = "project quota"},
	{.name = "prjquota", .show = SHOWN, .group = "project quota"},
	{.name = "pqnoenforce", .show = SHOWN, .group = "project quota"},
};

static const char *word_of(const struct option *o)
{
	return o->word ? o->word : o->name;
}

static const char *group_of(const struct option *o)
{
	return o->group ? o->group : word_of(o);
}

/* The option that `text` (to its "=", "," or end) names; NULL: none. */
static const struct option *find(const char *text)
{
	size_t len = strcspn(text, "=,");

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strlen(options[i].name) == len &&
		    strncmp(options[i].name, text, len) == 0)
			return &options[i];
	return NULL;
}

/* A number as mount options have it: "8", "256k", "1m"; -1: none. */
static int64_t size_of(const char *text, size_t len)
{
	static const char units[] = "kmg";
	_free_ char *digits = mem_dup_n(text, len);
	unsigned shift = 0;
	uint64_t value;

	for (unsigned i = 0; len && units[i]; i++)
		if ((digits[len - 1] | 0x20) == units[i])
			shift = 10 * (i + 1);
	if (shift)
		digits[len - 1] = '\0';
	if (num_u64(digits, &value) < 0 || value > (UINT64_C(1) << 32))
		return -1;
	return (int64_t)(value << shift);
}

/* Step through a list; `len` is that of the item. */
static const char *first(const char *list, size_t *len)
{
	*len = strcspn(list, ",");
	return *len ? list : NULL;
}

static const char *next(const char *item, size_t *len)
{
	return item[*len] ? first(item + *len + 1, len) : NULL;
}

#define list_for_each(item, len, list)                \
	for (size_t len, once_ = 1; once_; once_ = 0) \
		for (const char *item = first(list, &len); item; item = next(item, &len))

/* --- the profile ---------------------------------------------------------------------
 */

static void check_value(const struct option *o, const struct node *n, struct problems *ps)
{
	const char *value = strchr(n->text, '=');
	int64_t size = value ? size_of(value + 1, strlen(value + 1)) : -1;
	bool fits = size >= 0 && (uint64_t)size >= o->min && (uint64_t)size <= o->max;

	if (o->show != SIZED && value)
		problems_add(ps, n->at, "options \"%s\": %s takes no value", n->text,
		             o->name);
	else if (o->show == SIZED &&
	         (!fits || (o->power_of_2 && (size & (size - 1)) != 0)))
		problems_add(ps, n->at,
		             "options \"%s\": %s should be %s from %" PRIu64 "%s to "
		             "%" PRIu64 "%s",
		             n->text, o->name,
		             o->power_of_2 ? "a power of two" : "a number",
		             o->min >= 1024 ? o->min / 1024 : o->min,
		             o->min >= 1024 ? "k" : "",
		             o->max >= 1024 ? o->max / 1024 : o->max,
		             o->max >= 1024 ? "k" : "");
}

static void tell_unknown(const struct node *n, struct problems *ps)
{
	_free_ char *name = mem_dup_n(n->text, strcspn(n->text, "="));
	struct suggest near = {.typed = name};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		suggest_offer(&near, options[i].name);
	if (near.best)
		problems_add(ps, n->at,
		             "options \"%s\": no mount option of XFS (did you mean "
		             "\"%s\"?)",
		             n->text, near.best);
	else
		problems_add(ps, n->at, "options \"%s\": no mount option of XFS",
		             n->text);
}

static void check_contradiction(const struct node *list, const struct node *n,
                                const struct option *o, struct problems *ps)
{
	node_for_each (before, list) {
		const struct option *other = find(before->text);

		if (before == n)
			return;
		if (other && strcmp(group_of(other), group_of(o)) == 0) {
			problems_add(ps, n->at, "options \"%s\": contradicts \"%s\"",
			             n->text, before->text);
			return;
		}
	}
}

void mount_options_check(const struct node *n, struct problems *ps)
{
	node_for_each (item, n) {
		const struct option *o = find(item->text);

		if (o) {
			check_value(o, item, ps);
			check_contradiction(n, item, o, ps);
		} else {
			tell_unknown(item, ps);
		}
	}
}

/* --- the table -----------------------------------------------------------------------
 */

static const char *lookup(const char *list, const char *word, size_t *ret_len)
{
	list_for_each(item, len, list)
	{
		*ret_len = len;
		if (strcspn(item, "=,") == strlen(word) &&
		    strncmp(item, word, strlen(word)) == 0)
			return item;
	}
	return NULL;
}

static bool same_size(const char *wanted, size_t wanted_len, const char *shown,
                      size_t shown_len)
{
	size_t skip = strcspn(wanted, "=") + 1;

	return size_of(wanted + skip, wanted_len - skip) ==
	       size_of(shown + skip, shown_len - skip);
}

static bool in_force(const char *item, size_t len, const char *shown)
{
	const struct option *o = find(item);
	size_t found_len = 0;
	const char *found;

	if (!o || o->show == NOTHING)
		return o != NULL;
	found = lookup(shown, word_of(o), &found_len);
	/* noatime holds for directories too: include/linux/fs.h, atime_needs_update() */
	if (!found && strcmp(o->name, "nodiratime") == 0)
		found = lookup(shown, "noatime", &found_len);
	if (o->show == SIZED)
		return found && same_size(item, len, found, found_len);
	return (o->show == SHOWN) == (found != NULL);
}

char *mount_options_missing(const char *wanted, const char *shown)
{
	_buf_ struct buf missing = {0};

	list_for_each(item, len, wanted)
	{
		_free_ char *one = mem_dup_n(item, len);

		if (!in_force(item, len, shown))
			buf_join(&missing, ",", one);
	}
	return missing.len ? buf_take(&missing) : NULL;
}

bool mount_options_are_flags(const char *list)
{
	list_for_each(item, len, list)
	{
		const struct option *o = find(item);

		if (!o || !o->flag)
			return false;
	}
	return true;
}

/* Whether an option of the list decides about the same as `o`. */
static bool decides(const char *list, const struct option *o)
{
	list_for_each(item, len, list)
	{
		const struct option *other = find(item);

		if (other && strcmp(group_of(other), group_of(o)) == 0)
			return true;
	}
	return false;
}

char *mount_options_flags(const char *wanted, const char *shown)
{
	_buf_ struct buf flags = {0};

	list_for_each(item, len, shown)
	{
		const struct option *o = find(item);
		_free_ char *one = mem_dup_n(item, len);

		if (o && o->flag && !decides(wanted, o))
			buf_join(&flags, ",", one);
	}
	list_for_each(item, len, wanted)
	{
		const struct option *o = find(item);
		_free_ char *one = mem_dup_n(item, len);

		if (o && o->flag)
			buf_join(&flags, ",", one);
	}
	return buf_take(&flags);
}
