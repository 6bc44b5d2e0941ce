/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/own_namespaces.h"

#include "base/macro.h"
#include "base/num.h"
#include "host/host.h"
#include "host/own_netns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SYSCTLS "/proc/sys/"

enum { NET, IPC, UTS, USER, PID };

/*
 * The inode number of the first namespace of the machine: include/linux/proc_ns.h, since
 * Linux 3.8. That of the network has no fixed one.
 */
static const struct {
	const char *file, *words, *pod;
	ino_t first;
} namespaces[] = {
	[IPC] = {"ipc", "IPC", "hostIPC: true", 0xEFFFFFFF},
	[UTS] = {"uts", "UTS", "hostNetwork: true", 0xEFFFFFFE},
	[USER] = {"user", "user", "no hostUsers: false", 0xEFFFFFFD},
	[PID] = {"pid", "PID", "hostPID: true", 0xEFFFFFFC},
};

/*
 * Prefixes below /proc/sys, with the kernel since which there is one per namespace:
 * ipc/ipc_sysctl.c, ipc/mq_sysctl.c, kernel/utsname_sysctl.c (whose other keys are the
 * same in all), kernel/ucount.c, kernel/pid_namespace.c and kernel/pid.c of Linux 7.
 */
static const struct {
	const char *prefix;
	unsigned ns, since;
} rows[] = {
	{"net", NET, 0},
	{"kernel/sem", IPC, 0},
	{"kernel/shm", IPC, 0},
	{"kernel/msg", IPC, 0},
	{"kernel/auto_msgmni", IPC, 0},
	{"fs/mqueue", IPC, 0},
	{"kernel/hostname", UTS, 0},
	{"kernel/domainname", UTS, 0},
	{"user", USER, 0},
	{"kernel/ns_last_pid", PID, 0},
	{"kernel/pid_max", PID, NUM_VERSION(6, 14)},
	{"vm/memfd_noexec", PID, 0},
};

/* Return: 1, 0, or -errno: unknown. */
static int is_of_process_1(int root_fd, unsigned ns)
{
	struct stat own, hosts;
	char path[40];

	(void)snprintf(path, sizeof(path), "/proc/thread-self/ns/%s",
	               namespaces[ns].file);
	if (stat(path, &own) < 0)
		return -errno;
	(void)snprintf(path, sizeof(path), "proc/1/ns/%s", namespaces[ns].file);
	if (fstatat(root_fd, path, &hosts, 0) == 0)
		return own.st_dev == hosts.st_dev && own.st_ino == hosts.st_ino;
	/* a container may not inspect process 1 */
	return own.st_ino == namespaces[ns].first ? 1 : -errno;
}

struct host_namespaces host_namespaces_compare(int root_fd)
{
	struct host_namespaces n = {0};

	for (unsigned ns = IPC; ns < ARRAY_SIZE(namespaces); ns++) {
		int r = is_of_process_1(root_fd, ns);

		n.same |= (unsigned)(r > 0) << ns;
		n.other |= (unsigned)(r == 0) << ns;
	}
	return n;
}

/* Return: 1, 0, or -errno: unknown. */
static int is_hosts(const struct host *h, unsigned ns)
{
	if (!h->live || (h->namespaces.same >> ns & 1))
		return 1;
	return h->namespaces.other >> ns & 1 ? 0 : is_of_process_1(h->root_fd, ns);
}

static int check_one(const struct host *h, unsigned ns, const char *path, struct err *e)
{
	int r = is_hosts(h, ns);

	if (r > 0)
		return 0;
	if (r == 0)
		return err_set(e, -EREMOTE,
		               "open %s: hosttune is not in the host's %s namespace (in "
		               "a pod: %s)",
		               path, namespaces[ns].words, namespaces[ns].pod);
	return err_set(e, -EREMOTE,
	               "open %s: it is unknown whether hosttune is in the host's %s "
	               "namespace (give it CAP_SYS_PTRACE to see that; in a pod: %s)",
	               path, namespaces[ns].words, namespaces[ns].pod);
}

int host_namespaces_check(const struct host *h, const char *path, struct err *e)
{
	const char *key = path + strlen(SYSCTLS);

	if (strncmp(path, SYSCTLS, strlen(SYSCTLS)) != 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strncmp(key, rows[i].prefix, strlen(rows[i].prefix)) == 0 &&
		    (h->kernel == 0 || h->kernel >= rows[i].since)) {
			if (rows[i].ns != NET)
				return check_one(h, rows[i].ns, path, e);
			if (!h->other_netns || host_netns_check(h, e) == 0)
				return 0;
			e->code = -EREMOTE;
			return err_wrap(e, "open %s", path);
		}
	return 0;
}
