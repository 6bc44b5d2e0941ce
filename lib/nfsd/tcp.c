/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/tcp.h"

#include "base/err.h"
#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

/* 150 bytes per socket: about 400000 sockets. */
#define TABLE_MAX (64U << 20)

void tcp_sockets_parse(const char *text, uint16_t port, struct tcp_sockets *ret)
{
	/* "   0: 0100007F:0801 00000000:0000 0A ...", after a header line */
	for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n')) {
		unsigned local, state;

		if (sscanf(line + 1, " %*u: %*[0-9A-Fa-f]:%4x %*[0-9A-Fa-f]:%*x %2x",
		           &local, &state) != 2 ||
		    local != port)
			continue;
		ret->listening += state == TCP_LISTEN;
		ret->established += state == TCP_ESTABLISHED;
	}
}

int tcp_sockets_count(const struct host *h, uint16_t port, struct tcp_sockets *ret)
{
	static const char *const files[] = {"tcp", "tcp6"};
	bool any = false;

	*ret = (struct tcp_sockets){0};
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_free_ char *path = mem_format("/proc/%snet/%s",
		                               h->live ? "thread-self/" : "", files[i]);
		_free_ char *text = NULL;
		struct err ignored;

		if (host_file_read(h, path, TABLE_MAX, &text, &ignored) < 0)
			continue;
		tcp_sockets_parse(text, port, ret);
		any = true;
	}
	return any ? 0 : -ENOENT;
}
