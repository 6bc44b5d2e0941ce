/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount_option.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/suggest.h"
#include "doc/node.h"
#include "host/mount/mount.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

enum show {
	SHOWN,   /* in effect if the mount table shows `word` */
	ABSENT,  /* in effect if the mount table does not show `word` */
	SIZED,   /* "name=SIZE": shown the same way, possibly in another unit */
	NOTHING, /* has no effect */
};

struct option {
	const char *name;
	enum show show;
	const char *word;
	const char *group; /* options of one group exclude each other */
	bool flag;         /* belongs to the mount, not to the file system */
};

#define FLAG(name)             name, SHOWN, name, name, true
#define NO_FLAG(name, instead) name, ABSENT, instead, instead, true
#define FS(name)               name, SHOWN, name, name, false
#define NO_FS(name, instead)   name, ABSENT, instead, instead, false

/*
 * Documentation/admin-guide/xfs.rst and fs/xfs/xfs_super.c of Linux 6.1 and 6.12; the
 * flags are those of mount(2) that a mount table shows. Omitted on purpose: removed or
 * deprecated options (barrier, attr2, ikeep), and those that do more than mount (bind,
 * move, remount, shared).
 */
static const struct option options[] = {
	{"defaults", NOTHING, "defaults", "defaults", true},
	{FLAG("ro")},
	{NO_FLAG("rw", "ro")},
	{FLAG("nosuid")},
	{NO_FLAG("suid", "nosuid")},
	{FLAG("nodev")},
	{NO_FLAG("dev", "nodev")},
	{FLAG("noexec")},
	{NO_FLAG("exec", "noexec")},
	{FLAG("nosymfollow")},
	{NO_FLAG("symfollow", "nosymfollow")},
	{FLAG("nodiratime")},
	{NO_FLAG("diratime", "nodiratime")},
	{"noatime", SHOWN, "noatime", "atime", true},
	{"relatime", SHOWN, "relatime", "atime", true},
	{"atime", ABSENT, "noatime", "atime", true},
	{FS("sync")},
	{NO_FS("async", "sync")},
	{FS("dirsync")},
	{FS("lazytime")},
	{NO_FS("nolazytime", "lazytime")},
	{FS("discard")},
	{NO_FS("nodiscard", "discard")},
	{FS("filestreams")},
	{FS("grpid")},
	{NO_FS("nogrpid", "grpid")},
	{FS("largeio")},
	{NO_FS("nolargeio", "largeio")},
	{FS("noalign")},
	{FS("nouuid")},
	{FS("swalloc")},
	{FS("wsync")},
	{"inode32", SHOWN, "inode32", "inode", false},
	{"inode64", SHOWN, "inode64", "inode", false},
	{"noquota", SHOWN, "noquota", "quota", false},
	{"uquota", SHOWN, "usrquota", "user quota", false},
	{"usrquota", SHOWN, "usrquota", "user quota", false},
	{"uqnoenforce", SHOWN, "uqnoenforce", "user quota", false},
	{"gquota", SHOWN, "grpquota", "group quota", false},
	{"grpquota", SHOWN, "grpquota", "group quota", false},
	{"gqnoenforce", SHOWN, "gqnoenforce", "group quota", false},
	{"pquota", SHOWN, "prjquota", "project quota", false},
	{"prjquota", SHOWN, "prjquota", "project quota", false},
	{"pqnoenforce", SHOWN, "pqnoenforce", "project quota", false},
	{"allocsize", SIZED, "allocsize", "allocsize", false},
	{"logbsize", SIZED, "logbsize", "logbsize", false},
	{"logbufs", SIZED, "logbufs", "logbufs", false},
};

/* Ranges of the value after "=" of SIZED options. */
static const struct size {
	const char *name;
	uint64_t min, max;
	bool power_of_2;
} sizes[] = {
	{"allocsize", 4 << 10, 1 << 30, true},
	{"logbsize", 16 << 10, 256 << 10, true},
	{"logbufs", 2, 8, false},
};

/* Find the option that `text` names, up to its "=", "," or end; NULL: none. */
static const struct option *mount_option_find(const char *text)
{
	size_t len = strcspn(text, "=,");

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strlen(options[i].name) == len &&
		    strncmp(options[i].name, text, len) == 0)
			return &options[i];
	return NULL;
}

/* Parse a number in the format of mount options: "8", "256k", "1m"; -1: not a number. */
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

#define list_for_each(item, len, list)                                         \
	for (size_t len = 0, once_ = 1; once_; once_ = 0)                      \
		for (const char *item = host_mount_option(list, &(len)); item; \
		     item = host_mount_option((item) + (len), &(len)))

/* --- the profile ---------------------------------------------------------------------
 */

static void mount_option_check_size(const struct size *s, const struct node *n,
                                    struct diagnostics *diag)
{
	const char *value = strchr(n->text, '=');
	int64_t size = value ? size_of(value + 1, strlen(value + 1)) : -1;
	uint64_t unit = s->min >= 1024 ? 1024 : 1;
	const char *k = unit == 1 ? "" : "k";

	if (size >= 0 && (uint64_t)size >= s->min && (uint64_t)size <= s->max &&
	    !(s->power_of_2 && (size & (size - 1)) != 0))
		return;
	diag_error(diag, n->at,
	           "options \"%s\": %s must be %s from %" PRIu64 "%s to %" PRIu64 "%s",
	           n->text, s->name, s->power_of_2 ? "a power of two" : "a number",
	           s->min / unit, k, s->max / unit, k);
}

static void mount_option_check_value(const struct option *o, const struct node *n,
                                     struct diagnostics *diag)
{
	for (size_t i = 0; o->show == SIZED && i < ARRAY_SIZE(sizes); i++)
		if (strcmp(sizes[i].name, o->name) == 0)
			mount_option_check_size(&sizes[i], n, diag);
	if (o->show != SIZED && strchr(n->text, '='))
		diag_error(diag, n->at, "options \"%s\": %s takes no value", n->text,
		           o->name);
}

static void mount_option_report_unknown(const struct node *n, struct diagnostics *diag)
{
	_free_ char *name = mem_dup_n(n->text, strcspn(n->text, "="));
	struct suggest near = {.typed = name};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		suggest_offer(&near, options[i].name);
	if (near.best)
		diag_error(diag, n->at,
		           "options \"%s\": not a mount option of XFS (did you mean "
		           "\"%s\"?)",
		           n->text, near.best);
	else
		diag_error(diag, n->at, "options \"%s\": not a mount option of XFS",
		           n->text);
}

/* The group "quota" (noquota) excludes "user quota" and the others. */
static bool contradict(const char *group, const char *other)
{
	return strcmp(group, other) == 0 ||
	       (strcmp(group, "quota") == 0 && strstr(other, " quota")) ||
	       (strcmp(other, "quota") == 0 && strstr(group, " quota"));
}

static void check_contradiction(const struct node *list, const struct node *n,
                                const struct option *o, struct diagnostics *diag)
{
	node_for_each (before, list) {
		const struct option *other = mount_option_find(before->text);

		if (before == n)
			return;
		if (other && contradict(other->group, o->group)) {
			diag_error(diag, n->at, "options \"%s\": contradicts \"%s\"",
			           n->text, before->text);
			return;
		}
	}
}

void mount_options_check(const struct node *n, struct diagnostics *diag)
{
	node_for_each (item, n) {
		const struct option *o = mount_option_find(item->text);

		if (o) {
			mount_option_check_value(o, item, diag);
			check_contradiction(n, item, o, diag);
		} else {
			mount_option_report_unknown(item, diag);
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

bool mount_options_have(const char *list, const char *name)
{
	size_t len;

	return lookup(list, name, &len) != NULL;
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
	const struct option *o = mount_option_find(item);
	size_t found_len = 0;
	const char *found;

	if (!o || o->show == NOTHING)
		return o != NULL;
	found = lookup(shown, o->word, &found_len);
	/* noatime includes directories: include/linux/fs.h, atime_needs_update() */
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
		const struct option *o = mount_option_find(item);

		if (!o || !o->flag)
			return false;
	}
	return true;
}

/* Whether the list has an option of the same group as `o`. */
static bool decides(const char *list, const struct option *o)
{
	list_for_each(item, len, list)
	{
		const struct option *other = mount_option_find(item);

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
		const struct option *o = mount_option_find(item);
		_free_ char *one = mem_dup_n(item, len);

		if (o && o->flag && !decides(wanted, o))
			buf_join(&flags, ",", one);
	}
	list_for_each(item, len, wanted)
	{
		const struct option *o = mount_option_find(item);
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
		const struct option *o = mount_option_find(item);
		_free_ char *one = mem_dup_n(item, len);

		if (o && o->show != ABSENT)
			node_append(list, node_new_word(one));
	}
	return list;
}
