/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_STATE_H
#define NFSD_STATE_H

/*
 * The state of an NFS server, however it is read: by netlink or from files.
 */

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Where a bootstrap container mounts the nfsd file system for a server that it
 * starts: mounts elsewhere do not outlive the container.
 */
#define NFSD_DIR "/mnt/.hosttune/nfsd"

enum nfsd_version {
	NFSD_V2 = 1 << 0,
	NFSD_V3 = 1 << 1,
	NFSD_V4_0 = 1 << 2,
	NFSD_V4_1 = 1 << 3,
	NFSD_V4_2 = 1 << 4,
};

struct nfsd_server {
	bool netlink;     /* the kernel has the netlink family */
	unsigned threads; /* of all pools; 0: no server runs */
	unsigned pools;   /* 0 while none runs */

	/*
	 * Linux 7.0: threads that each idle pool keeps; 0: all stay. If not 0, as many
	 * run as are needed, up to `threads`, which is what was asked for. Only the first
	 * release candidate of 7.0, and kernels that took the one patch and not its fix,
	 * tell what runs just now: `moving`, which is what is assumed of those
	 * before 7.0.
	 */
	bool has_min_threads, moving;
	unsigned min_threads;

	unsigned versions;       /* those that are on; enum nfsd_version */
	unsigned versions_known; /* those that the kernel tells of */
	char pool_mode[16];      /* "" if it cannot be read */
	uint64_t max_block_size; /* bytes; 0: not told by netlink, see nfsd_server_read()
	                          */
};

/* For `min_threads` of the calls below: all threads are to stay. */
#define NFSD_FIXED UINT_MAX

#endif
