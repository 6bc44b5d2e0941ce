/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_TCP_H
#define HOST_HOST_TCP_H

/*
 * The TCP sockets of the network namespace that the calling thread is in, by their
 * local port: /proc/net/tcp and tcp6.
 */

#include <stdint.h>

struct host;

struct host_tcp {
	uint64_t listening, established;
};

/* Return: 0, or -errno if they cannot be seen. */
int host_tcp_count(const struct host *h, uint16_t port, struct host_tcp *ret);

/* Add what `text`, of any origin, tells of `port`. */
void host_tcp_parse(const char *text, uint16_t port, struct host_tcp *ret);

#endif
