/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/queues/queue_files.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/sysfs.h"

#include <errno.h>
#include <string.h>

#define NET "/sys/class/net"

int queue_count(const struct host *h, const char *interface, const char *direction,
                unsigned *ret, struct err *e)
{
	_free_ char *dir = mem_format(NET "/%s/queues", interface);
	_cleanup_(names_freep) char **names = NULL;
	int r = host_file_list(h, dir, &names, e);

	*ret = 0;
	for (size_t i = 0; r == 0 && names[i]; i++)
		*ret += strncmp(names[i], direction, strlen(direction)) == 0 &&
		        names[i][strlen(direction)] == '-';
	return r == -ENOENT || r == -ENOTDIR ? -ENODEV : r;
}

/* The files of an interface that is just removed can still be opened. */
static int queue_error(const struct host *h, const char *interface, int r)
{
	_free_ char *mtu = mem_format(NET "/%s/mtu", interface);
	struct err ignored;
	int found;

	if (r != -ENOENT && r != -ENOTDIR && r != -EINVAL)
		return r;
	found = host_file_find(h, mtu, &ignored);
	if (found <= 0)
		return found < 0 ? found : -ENODEV;
	return r == -EINVAL ? r : -EOPNOTSUPP;
}

int queue_read(const struct host *h, const char *interface, const char *direction,
               unsigned queue, const char *file, char **ret, struct err *e)
{
	_free_ char *path =
		mem_format(NET "/%s/queues/%s-%u/%s", interface, direction, queue, file);

	return queue_error(h, interface, host_file_read_line(h, path, ret, e));
}

int queue_write(struct host *h, const char *interface, const char *direction,
                unsigned queue, const char *file, const char *text, struct err *e)
{
	_free_ char *link = mem_format(NET "/%s", interface);
	_free_ char *dir = host_sysfs_real(h, link);
	_free_ char *path = mem_format("%s/queues/%s-%u/%s", dir, direction, queue, file);

	return queue_error(h, interface, host_file_write(h, path, text, e));
}
