/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * nfsd-netlink THREADS: start the NFS server, or stop it (0), by netlink alone, as
 * nfsdctl does: no nfsd file system is mounted. Exit 77 if the kernel has no such family.
 */
#include "base/err.h"
#include "base/num.h"
#include "host/host.h"
#include "host/host_nfsd.h"
#include "host/host_nfsd_netlink.h"

#include <errno.h>
#include <stdio.h>

static int start(struct host *h, unsigned threads, struct err *e)
{
	int r = 0;

	if (threads > 0)
		r = host_nfsd_netlink_set_versions(h, HOST_NFSD_V4_1 | HOST_NFSD_V4_2, e);
	if (r == 0 && threads > 0)
		r = host_nfsd_netlink_set_listeners(h, true, e);
	return r == 0 ? host_nfsd_netlink_set_threads(h, &threads, 1, 0, e) : r;
}

int main(int argc, char **argv)
{
	struct err e = {0};
	uint64_t threads;
	struct host h;
	int r;

	if (argc != 2 || num_u64(argv[1], &threads) < 0 || host_open(&h, "/", &e) < 0)
		return 2;
	r = start(&h, (unsigned)threads, &e);
	if (r < 0)
		(void)fprintf(stderr, "nfsd-netlink: %s\n", e.text);
	host_close(&h);
	return r == -ENOENT ? 77 : r < 0;
}
