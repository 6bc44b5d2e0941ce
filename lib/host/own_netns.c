/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/own_netns.h"

#include "base/mem.h"
#include "host/host.h"

#include <errno.h>
#include <sys/stat.h>

/*
 * Each namespace has its own files below /proc/PID/net, with their own inode numbers,
 * and anyone may look at them (fs/proc/proc_net.c). Following /proc/1/ns/net takes all
 * capabilities of process 1.
 */
int host_netns_is_hosts(const struct host *h, struct err *e)
{
	struct stat own, hosts;

	if (!h->live)
		return !h->other_netns;
	if (fstatat(h->root_fd, "proc/1/net/dev", &hosts, 0) < 0 ||
	    stat("/proc/self/net/dev", &own) < 0)
		return err_errno(e, errno, "find the host's network namespace");
	return own.st_ino == hosts.st_ino;
}

int host_netns_check(const struct host *h, struct err *e)
{
	int r = host_netns_is_hosts(h, e);

	return r == 0 ? err_set(e, -ENODATA,
	                        "hosttune is not in the host's network namespace (in a "
	                        "pod: hostNetwork: true)")
	              : (r < 0 ? r : 0);
}

char *host_netns_file(const struct host *h, const char *name)
{
	if (!h->live)
		return mem_format("/proc/net/%s", name);
	/* of a thread: /proc/net is that of the process, whose threads may be elsewhere
	 */
	return mem_format("/proc/%s/net/%s", h->other_netns ? "1" : "thread-self", name);
}
