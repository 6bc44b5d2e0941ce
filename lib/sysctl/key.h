/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KEY_H
#define SYSCTL_KEY_H

/*
 * Keys of sysctls: "vm.swappiness" and "vm/swappiness" are the same key. In the dotted
 * spelling a slash is a dot of an interface's name ("net.ipv4.conf.eth0/1.forwarding").
 */

#include <stdbool.h>

struct host;

/* The dotted spelling of a key; an invalid key unchanged. Owned by the caller. */
char *sysctl_key_canonical(const char *name);

/* The host path of a key in its dotted spelling. Owned by the caller. */
char *sysctl_key_path(const char *key);

/*
 * The key of a host path below /proc/sys that exists, the reverse of sysctl_key_path():
 * the name of an interface may have any characters but slashes, colons and blanks. Owned
 * by the caller.
 */
char *sysctl_key_of_path(const char *path);

/* Whether the key with that host path has no value: nobody can read it. */
bool sysctl_key_is_write_only(const struct host *h, const char *path);

/*
 * Say what is wrong with a key in its dotted spelling; NULL if it is valid. A valid key
 * has a path below /proc/sys.
 */
const char *sysctl_key_fault(const char *key);

#endif
