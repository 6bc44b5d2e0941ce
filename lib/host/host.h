/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_H
#define HOST_HOST_H

/*
 * The machine to look at or to change: a root directory, and the API socket.
 *
 * Everything that touches the machine starts with host_ and takes a struct host.
 * What only reads takes a pointer to const, what writes a pointer to non-const: an
 * observe function, which gets the former, does not compile if it writes.
 *
 * Paths are host paths ("/mnt/data", "/proc/sys/vm/swappiness"); they are resolved
 * beneath the root and never leave it.
 */

#include "base/deadline.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* Where host-ctr shows the host to a bootstrap container. */
#define HOST_BOOTSTRAP_ROOT "/.bottlerocket/rootfs"

/* Where Bottlerocket has its API, on the host and in a bootstrap container. */
#define HOST_API_SOCKET "/run/api.sock"

struct host {
	int root_fd;
	char *root;       /* as given, without "/" at the end: "" for "/" */
	char *api_socket; /* own path, not below root; NULL: no API is used */
	bool live;        /* root has a real /proc: not a captured tree */
	char net[32];     /* network namespace of host_open(): "net:[4026531840]" */
	char *release;    /* kernel release, "" if unknown */
	unsigned kernel;  /* its NUM_VERSION, 0 if unknown */
	struct deadline deadline; /* of the whole run */

	/* Serials of drives that the command line allows to be wiped; ended by NULL. */
	const char *const *may_wipe;

	/* Told every other second that `tool` is at work on `what`; NULL: nobody is. */
	void (*progress)(const char *tool, const char *what, unsigned seconds);
};

#endif
