/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/block_device.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/recorded.h"
#include "host/sysfs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define BLOCK "/sys/block"

/* Arrays of arrays of arrays; a deeper level is a loop in a captured tree. */
#define DEPTH_MAX 4

void block_device_done(struct block_device *d)
{
	free(d->name);
	names_free(d->drives);
	*d = (struct block_device){0};
}

char *block_device_sysfs(const struct host *h, const char *name)
{
	_free_ char *path = mem_format(BLOCK "/%s", name);

	return host_sysfs_real(h, path);
}

/* Return: 0; -ENODEV if there is no such device; -errno. */
static int block_device_read_number(const struct host *h, const char *name,
                                    unsigned *ret_major, unsigned *ret_minor,
                                    struct err *e)
{
	_free_ char *path = mem_format(BLOCK "/%s/dev", name);
	_free_ char *text = NULL;
	int r = host_file_read_line(h, path, &text, e);

	/* ENOTDIR: a file beside the devices, in a captured tree */
	if (r == -ENOENT || r == -ENOTDIR || r == -ENODEV)
		return -ENODEV;
	if (r < 0)
		return r;
	if (sscanf(text, "%u:%u", ret_major, ret_minor) != 2)
		return err_set(e, -EBADMSG, "%s: is not a device number", path);
	return 0;
}

/* The sysfs name of the device with that number: 0 with *ret, NULL if none; -errno. */
static int block_device_name_of(const struct host *h, unsigned major, unsigned minor,
                                char **ret, struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	int r = host_file_list(h, BLOCK, &names, e);

	for (size_t i = 0; r == 0 && names[i]; i++) {
		unsigned a, b;

		r = block_device_read_number(h, names[i], &a, &b, e);
		if (r == 0 && a == major && b == minor) {
			*ret = mem_dup(names[i]);
			return 0;
		}
		if (r == -ENODEV)
			r = 0;
	}
	return r;
}

/* "/dev/cciss/c0d0" -> "cciss!c0d0" */
static char *name_from_path(const char *device)
{
	char *name = mem_dup(strncmp(device, "/dev/", 5) == 0 ? device + 5 : device);

	for (char *p = name; (p = strchr(p, '/'));)
		*p = '!';
	return name;
}

/* Return: 0 with *ret, NULL if there is no such device; -errno. */
static int find_name(const struct host *h, const char *device, char **ret, struct err *e)
{
	struct stat st;
	int r = host_file_stat(h, device, &st, e);

	if (r == 0 && S_ISBLK(st.st_mode))
		return block_device_name_of(h, major(st.st_rdev), minor(st.st_rdev), ret,
		                            e);
	/* a captured tree has no device nodes */
	if (!h->live)
		*ret = name_from_path(device);
	return r == 0 || r == -ENOENT || !h->live ? 0 : r;
}

/* Add to a NULL-terminated list of `*n` names. */
static void block_device_add(char ***names, size_t *n, const char *name)
{
	*names = mem_resize(*names, *n + 2, sizeof(**names));
	(*names)[(*n)++] = mem_dup(name);
	(*names)[*n] = NULL;
}

/* Without the list of its members, it is unknown whether a device is a drive. */
static int add_drives(const struct host *h, struct block_device *d, size_t *n,
                      const char *name, unsigned depth, struct err *e)
{
	_free_ char *dir = mem_format(BLOCK "/%s/slaves", name);
	_cleanup_(names_freep) char **below = NULL;
	int r = depth == DEPTH_MAX ? -ENOENT : host_file_list(h, dir, &below, e);

	if (r == -ENOENT || (r >= 0 && !below[0])) {
		block_device_add(&d->drives, n, name);
		return 0;
	}
	for (size_t i = 0; r >= 0 && below[i]; i++)
		r = add_drives(h, d, n, below[i], depth + 1, e);
	return r;
}

/* The disk that has the partition: "nvme1n1" of "nvme1n1p2". As block_device_name_of().
 */
static int disk_of_partition(const struct host *h, unsigned major, unsigned minor,
                             char **ret, struct err *e)
{
	_cleanup_(names_freep) char **disks = NULL;
	int r = host_file_list(h, BLOCK, &disks, e);

	for (size_t i = 0; r == 0 && !*ret && disks[i]; i++) {
		_free_ char *dir = mem_format(BLOCK "/%s", disks[i]);
		_cleanup_(names_freep) char **parts = NULL;
		struct err ignored;

		if (host_file_list(h, dir, &parts, &ignored) < 0)
			continue;
		for (size_t j = 0; parts[j]; j++) {
			_free_ char *part = mem_format("%s/%s", disks[i], parts[j]);
			unsigned a, b;

			if (strncmp(parts[j], disks[i], strlen(disks[i])) == 0 &&
			    block_device_read_number(h, part, &a, &b, &ignored) == 0 &&
			    a == major && b == minor)
				mem_set(ret, mem_dup(disks[i]));
		}
	}
	return r;
}

int block_device_find_number(const struct host *h, unsigned major, unsigned minor,
                             struct block_device *ret, struct err *e)
{
	size_t n = 0;
	int r;

	*ret = (struct block_device){.major = major, .minor = minor};
	r = block_device_name_of(h, major, minor, &ret->name, e);
	if (r == 0 && !ret->name)
		r = disk_of_partition(h, major, minor, &ret->name, e);
	if (r == 0 && !ret->name)
		r = err_set(e, -ENODEV, "%u:%u: no such block device", major, minor);
	if (r == 0)
		r = add_drives(h, ret, &n, ret->name, 0, e);
	if (r < 0)
		block_device_done(ret);
	return r;
}

int block_device_find(const struct host *h, const char *device, struct block_device *ret,
                      struct err *e)
{
	size_t n = 0;
	int r;

	*ret = (struct block_device){0};
	r = find_name(h, device, &ret->name, e);
	if (r == 0 && ret->name)
		r = block_device_read_number(h, ret->name, &ret->major, &ret->minor, e);
	if (r == -ENODEV || (r == 0 && !ret->name))
		r = err_set(e, -ENODEV, "%s: no such block device", device);
	if (r == 0)
		r = add_drives(h, ret, &n, ret->name, 0, e);
	if (r < 0)
		block_device_done(ret);
	return r < 0 ? r : 0;
}

/* drivers/nvme/host/multipath.c: the path of "nvme2n1" by controller 3 is "nvme2c3n1". */
static bool is_path_of(const char *path, const char *drive)
{
	unsigned of[3], to[2];
	char more;

	return sscanf(drive, "nvme%un%u%c", &to[0], &to[1], &more) == 2 &&
	       sscanf(path, "nvme%uc%un%u%c", &of[0], &of[1], &of[2], &more) == 3 &&
	       of[0] == to[0] && of[2] == to[1];
}

int block_device_paths(const struct host *h, const char *name, char ***ret_paths,
                       struct err *e)
{
	_cleanup_(names_freep) char **all = NULL;
	size_t n = 0;
	int r;

	*ret_paths = mem_new(1, sizeof(**ret_paths));
	r = host_file_list(h, BLOCK, &all, e);
	for (size_t i = 0; r >= 0 && all[i]; i++)
		if (is_path_of(all[i], name))
			block_device_add(ret_paths, &n, all[i]);
	return r < 0 ? r : 0;
}
