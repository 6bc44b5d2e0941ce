/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KEY_H
#define SYSCTL_KEY_H

/*
 * Keys of sysctls: "vm.swappiness" and "vm/swappiness" are the same key. In the dotted
 * spelling a slash is a dot of an interface's name ("net.ipv4.conf.eth0/1.forwarding").
 */

/* The dotted spelling of a key; an invalid key unchanged. Owned by the caller. */
char *sysctl_key_canonical(const char *name);

/* The host path of a key in its dotted spelling. Owned by the caller. */
char *sysctl_key_path(const char *key);

/*
 * Say what is wrong with a key in its dotted spelling; NULL if it is valid. A valid key
 * has a path below /proc/sys.
 */
const char *sysctl_key_fault(const char *key);

#endif
