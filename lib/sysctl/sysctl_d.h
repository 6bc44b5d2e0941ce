/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_SYSCTL_D_H
#define SYSCTL_SYSCTL_D_H

/*
 * The sysctls that the host's sysctl.d(5) files set at boot, and each time systemd-sysctl
 * runs again. Files of all directories are read in the order of their names. A file in
 * /etc hides files of the same name in /run, /usr/local/lib and /usr/lib. The last line
 * for a key wins, and a line with the full key wins over patterns.
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

/* Read the files; one that cannot be read counts as empty. Free with sysctl_d_free(). */
struct sysctl_d *sysctl_d_read(const struct host *h);

/*
 * Find the line that sets a key (in its dotted spelling). The texts belong to `d`.
 * Return: false if no line does.
 */
bool sysctl_d_find(const struct sysctl_d *d, const char *key, struct sysctl_d_entry *ret);

void sysctl_d_free(struct sysctl_d *d);
void sysctl_d_freep(struct sysctl_d **d);

#define _sysctl_d_ _cleanup_(sysctl_d_freep)

#endif
