/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_H
#define HOST_HOST_H

/*
 * The machine to inspect or to change: a root directory and the API socket.
 *
 * Every function that accesses the machine starts with host_ and takes a struct host: a
 * pointer to const if it only reads, a pointer to non-const if it writes. An observe
 * function gets the former, so it does not compile if it writes.
 *
 * Paths are host paths ("/mnt/data", "/proc/sys/vm/swappiness"). They are resolved
 * beneath the root and never leave it.
 */

#include "base/deadline.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Where host-ctr mounts the host's root in a bootstrap container. */
#define HOST_BOOTSTRAP_ROOT "/.bottlerocket/rootfs"

/* The Bottlerocket API's socket, on the host and in a bootstrap container. */
#define HOST_API_SOCKET "/run/api.sock"

#define HOST_WAITING_MS 500

struct bundle;

/* Which of its namespaces this process shares with the host's process 1: sets of bits. */
struct host_namespaces {
	unsigned same, other; /* in neither: unknown */
};

struct host {
	int root_fd;           /* -1: there is a bundle */
	char *root;            /* as given, without a trailing "/": "" for "/" */
	char *api_socket;      /* not below root; NULL: do not use the API */
	bool api_named;        /* the user named it: no other store replaces it */
	const char *no_api;    /* why api_socket is NULL, for messages; NULL: it is not */
	bool live;             /* root has a real /proc: it is not a captured tree */
	struct bundle *bundle; /* where all answers come from; NULL: the machine */
	struct bundle *record; /* where they are kept (host/recorded.h); NULL: nowhere */
	char net[32];          /* network namespace at host_open(): "net:[4026531840]" */
	struct host_namespaces namespaces; /* others that were compared at the start */
	bool other_netns; /* it is not that of the host, or unknown whose it is */
	char *release;    /* kernel release, "" if unknown */
	unsigned kernel;  /* its NUM_VERSION, 0 if unknown */
	char *os_release; /* of host_os_release_keep(); NULL: not kept */
	const char *os_release_path;
	struct deadline deadline; /* of the whole run, and its signal */

	/*
	 * Serials of the drives that the command line allows hosttune to wipe;
	 * NULL-terminated.
	 */
	const char *const *may_wipe;

	/* Called when a wait for a child begins, then every HOST_WAITING_MS; or NULL. */
	void (*waiting)(void *arg);
	void *waiting_arg;
};

#endif
