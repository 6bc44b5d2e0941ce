/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * nfsd-netlink THREADS: start the NFS server, or stop it (0), by netlink alone, as
 * nfsdctl does: no nfsd file system is mounted.
 * nfsd-netlink probe: "yes" if the kernel has the netlink family.
 */
#include "base/err.h"
#include "base/num.h"
#include "host/open.h"
#include "nfsd/netlink.h"
#include "nfsd/server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int start(struct host *h, unsigned threads, struct err *e)
{
	int r = 0;

	if (threads > 0)
		r = nfsd_netlink_set_versions(h, NFSD_V4_1 | NFSD_V4_2, e);
	if (r == 0 && threads > 0)
		r = nfsd_netlink_set_listeners(h, true, e);
	return r == 0 ? nfsd_netlink_set_threads(h, &threads, 1, 0, e) : r;
}

static int probe(const struct host *h)
{
	struct nfsd_server now;
	bool listens;
	struct err e;

	if (nfsd_netlink_get(h, &now, &listens, &e) == 0)
		(void)puts("yes");
	return 0;
}

int main(int argc, char **argv)
{
	struct err e = {0};
	uint64_t threads = 0;
	struct host h;
	int r;

	if (argc != 2 || host_open(&h, "/", &e) < 0)
		return 2;
	if (strcmp(argv[1], "probe") == 0)
		r = probe(&h);
	else if (num_u64(argv[1], &threads) < 0)
		r = err_set(&e, -EINVAL, "threads \"%s\": no number", argv[1]);
	else
		r = start(&h, (unsigned)threads, &e);
	if (r < 0)
		(void)fprintf(stderr, "nfsd-netlink: %s\n", e.text);
	host_close(&h);
	return r < 0;
}
