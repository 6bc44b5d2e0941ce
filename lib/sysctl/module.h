/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_MODULE_H
#define SYSCTL_MODULE_H

/*
 * The kernel module that a sysctl needs: a module provides some keys (net.netfilter.*),
 * and the value of others names one (net.ipv4.tcp_congestion_control).
 */

#include "base/err.h"

#include <stdbool.h>

struct host;
struct sysctl_known;

struct sysctl_module {
	char *missing; /* a message: the kernel lacks what the value names; or NULL */
	char *keep;    /* the module to load at each boot before the key; NULL: none */
};

/*
 * Check whether the kernel can accept the value `write` for `key`, whose value is `now`.
 * If there is an API to persist it with, also find the module that it needs.
 * Return: 0, or -errno if the kernel's modules cannot be read.
 */
int sysctl_module_check(struct sysctl_module *m, const struct host *h, const char *key,
                        const char *now, const char *write, struct err *e);

/* Format "the kernel has no "bbrr"; available: reno cubic". Owned by the caller. */
char *sysctl_module_missing(const struct host *h, const struct sysctl_known *known,
                            const char *value);

/* Whether a list, separated by blanks, has the word. */
bool sysctl_module_has_word(const char *list, const char *word);

void sysctl_module_done(struct sysctl_module *m);

#endif
