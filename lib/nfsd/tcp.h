/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_TCP_H
#define NFSD_TCP_H

/*
 * The TCP sockets of the network namespace that the calling thread is in, by their
 * local port: /proc/net/tcp and tcp6.
 */

#include <stdint.h>

struct host;

struct tcp_sockets {
	uint64_t listening, established;
};

/* Return: 0, or -errno if they cannot be seen. */
int tcp_sockets_count(const struct host *h, uint16_t port, struct tcp_sockets *ret);

/* Add what `text`, of any origin, tells of `port`. */
void tcp_sockets_parse(const char *text, uint16_t port, struct tcp_sockets *ret);

#endif
