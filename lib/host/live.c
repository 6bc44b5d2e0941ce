/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/live.h"

#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <sys/stat.h>

int host_live_check(const struct host *h, struct err *e)
{
	if (h->live)
		return 0;
	if (h->bundle)
		return err_set(e, -ENOTSUP, "a bundle is not a live host");
	return err_set(e, -ENOTSUP, "the root %s is a captured tree, not a live host",
	               *h->root ? h->root : "/");
}

int host_live_check_device(const struct host *h, const char *device, struct err *e)
{
	struct stat st;
	int r = h->live ? 0 : host_file_stat(h, device, &st, e);

	if (r < 0 || h->live || !(S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode)))
		return r;
	(void)host_live_check(h, e);
	return err_wrap(e, "%s: not opened", device);
}
