/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/mount/option_table.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/suggest.h"

#include <string.h>

#define FLAG(name)             name, MOUNT_SHOWN, name, name, true
#define NO_FLAG(name, instead) name, MOUNT_ABSENT, instead, instead, true
#define FS(name)               name, MOUNT_SHOWN, name, name, false
#define NO_FS(name, instead)   name, MOUNT_ABSENT, instead, instead, false

/*
 * Documentation/admin-guide/xfs.rst and fs/xfs/xfs_super.c of Linux 6.1 and 6.12; the
 * flags are those of mount(2) that a mount table shows. Omitted on purpose: removed or
 * deprecated options (barrier, attr2, ikeep), and those that do more than mount (bind,
 * move, remount, shared).
 */
static const struct mount_option options[] = {
	{"defaults", MOUNT_NOTHING, "defaults", "defaults", true},
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
	{"noatime", MOUNT_SHOWN, "noatime", "atime", true},
	{"relatime", MOUNT_SHOWN, "relatime", "atime", true},
	{"atime", MOUNT_ABSENT, "noatime", "atime", true},
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
	{"inode32", MOUNT_SHOWN, "inode32", "inode", false},
	{"inode64", MOUNT_SHOWN, "inode64", "inode", false},
	{"noquota", MOUNT_SHOWN, "noquota", "quota", false},
	{"uquota", MOUNT_SHOWN, "usrquota", "user quota", false},
	{"usrquota", MOUNT_SHOWN, "usrquota", "user quota", false},
	{"uqnoenforce", MOUNT_SHOWN, "uqnoenforce", "user quota", false},
	{"gquota", MOUNT_SHOWN, "grpquota", "group quota", false},
	{"grpquota", MOUNT_SHOWN, "grpquota", "group quota", false},
	{"gqnoenforce", MOUNT_SHOWN, "gqnoenforce", "group quota", false},
	{"pquota", MOUNT_SHOWN, "prjquota", "project quota", false},
	{"prjquota", MOUNT_SHOWN, "prjquota", "project quota", false},
	{"pqnoenforce", MOUNT_SHOWN, "pqnoenforce", "project quota", false},
	{"allocsize", MOUNT_SIZED, "allocsize", "allocsize", false},
	{"logbsize", MOUNT_SIZED, "logbsize", "logbsize", false},
	{"logbufs", MOUNT_SIZED, "logbufs", "logbufs", false},
};

const struct mount_option *mount_option_find(const char *text)
{
	size_t len = strcspn(text, "=,");

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strlen(options[i].name) == len &&
		    strncmp(options[i].name, text, len) == 0)
			return &options[i];
	return NULL;
}

void mount_option_suggest(struct suggest *near)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		suggest_offer(near, options[i].name);
}

int64_t mount_option_size(const char *text, size_t len)
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
