/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_SYSCTL_D_H
#define SYSCTL_SYSCTL_D_H

/*
 * What the host's files of sysctl.d(5) set at boot, and whenever something runs
 * systemd-sysctl again: the files of all directories in the order of their names, one
 * in /etc hiding its namesakes in /run, /usr/local/lib and /usr/lib; the last one to
 * name a key wins, and a key that is spelled out is no matter of patterns.
 *
 * /etc/sysctl.conf comes last: systemd does not read it, "sysctl --system" does.
 */

#include <stdbool.h>

struct host;
struct sysctl_d;

/* The file that Bottlerocket's applier writes settings.kernel.sysctl to. */
#define SYSCTL_D_SETTINGS "/etc/sysctl.d/95-corndog.conf"

struct sysctl_d_entry {
	const char *file; /* host path */
	unsigned line;
	const char *value; /* collapsed */
	bool settings;     /* the file is SYSCTL_D_SETTINGS */
	bool beats;        /* systemd-sysctl reads it after SYSCTL_D_SETTINGS */
};

/* Read the files; what cannot be read is empty. sysctl_d_free() it. */
struct sysctl_d *sysctl_d_read(const struct host *h);

/* Who sets a key (in its dotted spelling). Texts are borrowed. False: nobody. */
bool sysctl_d_find(const struct sysctl_d *d, const char *key, struct sysctl_d_entry *ret);

void sysctl_d_free(struct sysctl_d *d);
void sysctl_d_freep(struct sysctl_d **d);

#define _sysctl_d_ _cleanup_(sysctl_d_freep)

#endif
