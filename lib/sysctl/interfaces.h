/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_INTERFACES_H
#define SYSCTL_INTERFACES_H

/*
 * The keys that "net.ipv4.conf.*.rp_filter" stands for on a host: that of each interface,
 * and of "all" and "default". As in sysctl.d(5), a key that the profile names in full
 * wins.
 */

#include "base/err.h"
#include "sysctl/value.h"

struct host;

struct sysctl_interface {
	char *key;   /* in full */
	char *now;   /* collapsed */
	char *write; /* the value resolved against `now` */
	char *had;   /* before the first write; NULL: not written */
};

struct sysctl_interfaces {
	struct sysctl_interface *list; /* "all" and "default" first: they reset others */
	size_t n, cap;
	char **named; /* keys that the profile names in full; borrowed texts */
	size_t n_named, cap_named;
};

/* Leave out a key that the profile names in full. `key` must outlive the list. */
void sysctl_interfaces_name(struct sysctl_interfaces *in, char *key);

/*
 * Find and read the keys that `pattern` matches. What was written before keeps its `had`.
 * Return: 0, or -errno.
 */
int sysctl_interfaces_observe(struct sysctl_interfaces *in, const char *pattern,
                              const struct sysctl_value *v, const struct host *h,
                              struct err *e);

/* Whether any key is not in sync. */
bool sysctl_interfaces_differ(const struct sysctl_interfaces *in);

/*
 * Describe the values: "2" if all have the same, else "0 (lo), 2 (all default eth0)".
 * Owned by the caller.
 */
char *sysctl_interfaces_describe(const struct sysctl_interfaces *in);

/* Write what differs, or restore what was written. Return: 0, or -errno of the first. */
int sysctl_interfaces_apply(struct sysctl_interfaces *in, struct host *h, struct err *e);
int sysctl_interfaces_revert(struct sysctl_interfaces *in, struct host *h, struct err *e);

void sysctl_interfaces_done(struct sysctl_interfaces *in);

#endif
