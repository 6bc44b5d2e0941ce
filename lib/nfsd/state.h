/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_STATE_H
#define NFSD_STATE_H

/* The state of an NFS server, however it is read: by netlink or from files. */

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Where a bootstrap container mounts the nfsd file system for a server that it starts:
 * mounts elsewhere disappear with the container.
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
	unsigned threads; /* of all pools; 0: no server is running */
	unsigned pools;   /* 0 while no server is running */
	unsigned empty;   /* pools without a thread: what arrives there stays there */

	/*
	 * Linux 7.0: threads that each idle pool retains; 0: all stay. If not 0, the
	 * kernel runs as many threads as needed, up to `threads`, the requested number.
	 * Only 7.0-rc1, and kernels with that patch but without its fix, report the
	 * number of threads running at the moment: `moving`. That is also assumed of
	 * kernels before 7.0.
	 */
	bool has_min_threads, moving;
	unsigned min_threads;

	unsigned versions;       /* enabled ones; enum nfsd_version */
	unsigned versions_known; /* those that the kernel reports */
	char pool_mode[16];      /* "" if it is not there, or cannot be read */
	int pool_mode_error;     /* -errno of reading it; 0: none, or it is not there */
	uint64_t max_block_size; /* bytes; 0: not reported by netlink; nfsd_server_read()
	                          */
};

/* For `min_threads` of a call: all threads stay. */
#define NFSD_FIXED UINT_MAX

/*
 * Whether a running server has this many threads, as far as the kernel reports it, and
 * none of its pools lacks one while there are enough for all.
 */
bool nfsd_server_has(const struct nfsd_server *s, unsigned threads);

/* The number of threads that a running server has at any time. */
unsigned nfsd_server_least(const struct nfsd_server *s);

#endif
