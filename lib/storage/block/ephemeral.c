/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/ephemeral.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "host/block_device.h"
#include "host/file.h"
#include "storage/block/spec.h"

#include <errno.h>
#include <string.h>

/* EBS has "Amazon Elastic Block Store"; a number may follow the model of instance store.
 */
static int drive_is_instance_store(const struct host *h, const char *name, struct err *e)
{
	_free_ char *path = mem_format("/sys/block/%s/device/model", name);
	_free_ char *model = NULL;
	int r = host_file_read_line(h, path, &model, e);

	/* on Xen, instance store has no model either */
	if (r == -ENOENT && strncmp(name, "xvd", 3) != 0)
		return 0;
	return r < 0 ? r : strncmp(model, DISK_MODEL, strlen(DISK_MODEL)) == 0;
}

int disk_ephemeral(const struct host *h, const char *fstype, unsigned major,
                   unsigned minor, char **ret_drives, struct err *e)
{
	_block_device_ struct block_device d = {0};
	_buf_ struct buf names = {0};
	bool memory = strcmp(fstype, "tmpfs") == 0 || strcmp(fstype, "ramfs") == 0;
	int r = memory ? 0 : block_device_find_number(h, major, minor, &d, e);
	int ephemeral = 1;

	if (memory)
		buf_add(&names, fstype);
	for (size_t i = 0; r >= 0 && d.drives && d.drives[i]; i++) {
		buf_join(&names, " ", d.drives[i]);
		r = drive_is_instance_store(h, d.drives[i], e);
		ephemeral &= r;
	}
	if (r < 0)
		return r;
	if (ret_drives)
		*ret_drives = buf_take(&names);
	return ephemeral;
}
