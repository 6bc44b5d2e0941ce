/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KEY_H
#define SYSCTL_KEY_H

/*
 * Names of sysctls: "vm.swappiness" and "vm/swappiness" are the same, and an interface
 * may have dots in its name ("net.ipv4.conf.eth0/1.forwarding").
 */

/* The dotted spelling, owned by the caller. What is no key comes back as it is. */
char *sysctl_key_canonical(const char *name);

/* The host path of a key in its dotted spelling, owned by the caller. */
char *sysctl_key_path(const char *key);

/*
 * What is wrong with a key in its dotted spelling, in words; NULL if nothing is. A key
 * without fault has a path below /proc/sys.
 */
const char *sysctl_key_fault(const char *key);

#endif
