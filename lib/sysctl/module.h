/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_MODULE_H
#define SYSCTL_MODULE_H

/*
 * The kernel module that a sysctl needs: some come with one (net.netfilter.*), of some
 * the value names one (net.ipv4.tcp_congestion_control).
 */

#include "base/err.h"

struct host;
struct sysctl_known;

struct sysctl_module {
	char *missing; /* what to say if the kernel lacks what the value names */
	char *keep;    /* the module to load at each boot, before the value; NULL: none */
};

/*
 * Look whether the kernel could take the value `write` for `key`, which is `now`, and
 * which module it takes; that only if there is an API to keep it.
 * Return: 0, or -errno if the kernel's modules cannot be known.
 */
int sysctl_module_check(struct sysctl_module *m, const struct host *h, const char *key,
                        const char *now, const char *write, struct err *e);

/* "the kernel has no "bbrr"; available: reno cubic": of a value that names a module. */
char *sysctl_module_missing(const struct host *h, const struct sysctl_known *known,
                            const char *value);

void sysctl_module_done(struct sysctl_module *m);

#endif
