/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_TCP_H
#define NFSD_TCP_H

/*
 * Count the TCP sockets in the calling thread's network namespace by local port:
 * /proc/net/tcp and tcp6.
 */

#include <stdint.h>

struct host;

struct tcp_sockets {
	uint64_t listening, established;
};

/*
 * Count the sockets of `port`.
 * Return: 0, or -errno if they cannot be read.
 */
int tcp_sockets_count(const struct host *h, uint16_t port, struct tcp_sockets *ret);

/* Add the sockets of `port` in `text`, which is untrusted. */
void tcp_sockets_parse(const char *text, uint16_t port, struct tcp_sockets *ret);

#endif
