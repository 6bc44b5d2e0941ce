/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/option.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/mount/mount.h"
#include "storage/mount/option_table.h"

#include <string.h>

#define list_for_each(item, len, list)                                         \
	for (size_t len = 0, once_ = 1; once_; once_ = 0)                      \
		for (const char *item = host_mount_option(list, &(len)); item; \
		     item = host_mount_option((item) + (len), &(len)))

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

bool mount_options_have(const char *list, const char *name)
{
	size_t len;

	return lookup(list, name, &len) != NULL;
}

static bool same_size(const char *wanted, size_t wanted_len, const char *shown,
                      size_t shown_len)
{
	size_t skip = strcspn(wanted, "=") + 1;

	return mount_option_size(wanted + skip, wanted_len - skip) ==
	       mount_option_size(shown + skip, shown_len - skip);
}

static bool in_force(const char *item, size_t len, const char *shown)
{
	const struct mount_option *o = mount_option_find(item);
	size_t found_len = 0;
	const char *found;

	if (!o || o->show == MOUNT_NOTHING)
		return o != NULL;
	found = lookup(shown, o->word, &found_len);
	/* noatime includes directories: include/linux/fs.h, atime_needs_update() */
	if (!found && strcmp(o->name, "nodiratime") == 0)
		found = lookup(shown, "noatime", &found_len);
	if (o->show == MOUNT_SIZED)
		return found && same_size(item, len, found, found_len);
	return (o->show == MOUNT_SHOWN) == (found != NULL);
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
		const struct mount_option *o = mount_option_find(item);

		if (!o || !o->flag)
			return false;
	}
	return true;
}

/* Whether the list has an option of the same group as `o`. */
static bool decides(const char *list, const struct mount_option *o)
{
	list_for_each(item, len, list)
	{
		const struct mount_option *other = mount_option_find(item);

		if (other && strcmp(other->group, o->group) == 0)
			return true;
	}
	return false;
}

char *mount_options_flags(const char *wanted, const char *shown)
{
	_buf_ struct buf flags = {0};

	list_for_each(item, len, shown)
	{
		const struct mount_option *o = mount_option_find(item);
		_free_ char *one = mem_dup_n(item, len);

		if (o && o->flag && !decides(wanted, o))
			buf_join(&flags, ",", one);
	}
	list_for_each(item, len, wanted)
	{
		const struct mount_option *o = mount_option_find(item);
		_free_ char *one = mem_dup_n(item, len);

		if (o && o->flag)
			buf_join(&flags, ",", one);
	}
	return buf_take(&flags);
}

char *mount_options_exactly(const char *shown)
{
	char *flags = mount_options_flags("", shown);

	/* a remount without a word on the time of access leaves it as it is */
	if (!mount_options_have(flags, "noatime") &&
	    !mount_options_have(flags, "relatime"))
		mem_set(&flags, mem_format("%s%sstrictatime", flags, *flags ? "," : ""));
	return flags;
}

struct node *mount_options_node(const char *shown)
{
	struct node *list = node_new(NODE_LIST);

	list_for_each(item, len, shown)
	{
		const struct mount_option *o = mount_option_find(item);
		_free_ char *one = mem_dup_n(item, len);

		if (o && o->show != MOUNT_ABSENT)
			node_append(list, node_new_word(one));
	}
	return list;
}
