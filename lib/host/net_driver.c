/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/net_driver.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/own_netns.h"
#include "host/recorded.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define WHAT       "net-driver"
#define DRIVER_KEY "DRIVER="

void net_driver_done(struct net_driver *d)
{
	free(d->name);
	free(d->version);
	*d = (struct net_driver){0};
}

/* Since Linux 5.2, the kernel fills in its own release for a driver without a version. */
static int ask_kernel(const struct host *h, const char *interface, struct net_driver *ret,
                      struct err *e)
{
	int r = host_netns_check(h, e);
	_close_ int fd = r < 0 ? r : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
	struct ifreq ifr = {.ifr_data = (void *)&info};

	if (fd < 0)
		return r < 0 ? r : err_errno(e, errno, "socket");
	(void)snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", interface);
	if (ioctl(fd, SIOCETHTOOL, &ifr) < 0)
		return err_errno(e, errno, "read the driver of %s", interface);
	ret->name = mem_dup_n(info.driver, strnlen(info.driver, sizeof(info.driver)));
	ret->version =
		mem_dup_n(info.version, strnlen(info.version, sizeof(info.version)));
	if (strcmp(ret->version, h->release) == 0)
		mem_set(&ret->version, mem_dup(""));
	return 0;
}

/* A captured tree has no kernel that could be asked, only files. */
static int read_files(const struct host *h, const char *interface, struct net_driver *ret,
                      struct err *e)
{
	_free_ char *path = mem_format("/sys/class/net/%s/device/uevent", interface);
	_free_ char *text = NULL, *version = NULL;
	const char *at;
	int r = host_file_read_line(h, path, &text, e);

	if (r == -ENOENT || r == -ENOTDIR)
		return err_set(e, -EOPNOTSUPP, "%s has no driver", interface);
	if (r < 0)
		return r;
	at = strstr(text, DRIVER_KEY);
	if (!at)
		return err_set(e, -ENODATA, "%s: has no driver", path);
	at += strlen(DRIVER_KEY);
	ret->name = mem_dup_n(at, strcspn(at, "\n"));
	version = mem_format("/sys/module/%s/version", ret->name);
	r = host_file_read_line(h, version, &ret->version, e);
	if (r != -ENOENT && r != -ENOTDIR)
		return r;
	ret->version = mem_dup("");
	return 0;
}

static int ask(const struct host *h, const char *interface, struct net_driver *ret,
               struct err *e)
{
	return h->live ? ask_kernel(h, interface, ret, e)
	               : read_files(h, interface, ret, e);
}

int host_net_driver(const struct host *h, const char *interface, struct net_driver *ret,
                    struct err *e)
{
	const struct node *known;
	struct node *answer = NULL;
	int r = recorded_get(h, WHAT, interface, &known, e);

	*ret = (struct net_driver){0};
	/* a bundle of a captured tree has only the files */
	if (r == -ENODATA && h->bundle)
		return read_files(h, interface, ret, e);
	if (r < 0)
		return r;
	if (r > 0) {
		ret->name = recorded_text(known, "name");
		ret->version = recorded_text(known, "version");
		return ret->name && ret->version
		               ? 0
		               : err_set(e, -EBADMSG,
		                         "the bundle's driver of %s is not valid",
		                         interface);
	}
	r = ask(h, interface, ret, e);
	if (r == 0 && h->record) {
		answer = node_new(NODE_MAP);
		node_set_text(answer, "name", ret->name);
		node_set_text(answer, "version", ret->version);
	}
	return recorded_put(h, WHAT, interface, r, e, answer);
}
