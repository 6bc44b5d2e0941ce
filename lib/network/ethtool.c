/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/ethtool.h"

#include "base/mem.h"
#include "host/host.h"
#include "host/own_netns.h"

#include <errno.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static int ethtool(const struct host *h, const char *interface, void *data,
                   const char *what, struct err *e)
{
	_close_ int fd = -1;
	struct ifreq ifr = {.ifr_data = data};
	int r;

	if (!h->live)
		return err_set(e, -ENODATA, "%s: unknown in a captured tree", interface);
	r = host_netns_check(h, e);
	if (r < 0)
		return r;
	if (strlen(interface) >= sizeof(ifr.ifr_name))
		return err_set(e, -ENODEV, "%s: no such interface", interface);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_errno(e, errno, "socket");
	(void)snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", interface);
	if (ioctl(fd, SIOCETHTOOL, &ifr) < 0)
		return err_errno(e, errno, "%s %s", what, interface);
	return 0;
}

int ethtool_read(const struct host *h, const char *interface, void *data, struct err *e)
{
	return ethtool(h, interface, data, "read", e);
}

int ethtool_write(struct host *h, const char *interface, void *data, struct err *e)
{
	return ethtool(h, interface, data, "set", e);
}
