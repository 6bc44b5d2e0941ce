/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/listen.h"

#include "base/mem.h"
#include "host/host.h"
#include "nfsd/files.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#define NFS_PORT 2049

static int tcp_socket(int family, struct err *e)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(NFS_PORT)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(NFS_PORT)};
	bool v6 = family == AF_INET6;
	_close_ int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	int one = 1, r;

	if (fd < 0)
		return err_errno(e, errno, "make a socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (v6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
	r = v6 ? bind(fd, (const struct sockaddr *)&in6, sizeof(in6))
	       : bind(fd, (const struct sockaddr *)&in, sizeof(in));
	if (r < 0 || listen(fd, SOMAXCONN) < 0)
		return err_errno(e, errno, "listen on TCP port %d", NFS_PORT);
	return TAKE_FD(fd);
}

/*
 * Unlike sockets that the kernel makes for "tcp 2049", sockets made here are registered
 * with rpcbind, so that NFSv3 clients find them.
 */
static int add_listener(struct host *h, int family, struct err *e)
{
	_close_ int fd = tcp_socket(family, e);
	_free_ char *text = mem_format("%d", fd);

	return fd < 0 ? fd : nfsd_files_write(h, "portlist", text, e);
}

int nfsd_listen(struct host *h, struct err *e)
{
	static const char *const file[] = {"portlist"};
	_free_ char *list = NULL;
	int r = nfsd_files_read(h, file, 1, &list, e);

	if (r < 0 || list || !h->live)
		return r;
	r = add_listener(h, AF_INET, e);
	if (r < 0)
		return r;
	/* a host may have no IPv6 */
	r = add_listener(h, AF_INET6, e);
	return r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL ? 0 : r;
}
