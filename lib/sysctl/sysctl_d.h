/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_SYSCTL_D_H
#define SYSCTL_SYSCTL_D_H

/*
 * The sysctls that the host's sysctl.d(5) files set at boot, and each time systemd-sysctl
 * runs again. Files of all directories are read in the order of their names. A file in
 * /etc hides files of the same name in /run, /usr/local/lib, /usr/lib and /lib. The last
 * line for a key wins, and a line with the full key wins over patterns. A pattern that is
 * repeated with the same value keeps its place (src/sysctl/sysctl.c of systemd).
 *
 * /etc/sysctl.conf comes last: systemd does not read it, "sysctl --system" does. Debian
 * 12 links to it from /etc/sysctl.d/99-sysctl.conf.
 */

#include <stdbool.h>
#include <stddef.h>

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
	size_t rank;       /* rises in the order in which lines are read */
};

/* Read no more than this. */
#define SYSCTL_D_FILES_MAX 1024
#define SYSCTL_D_BYTES_MAX (8 * 1024 * 1024)

/*
 * Read the files; one that cannot be read counts as empty, but sysctl_d_unknown() has
 * why. Free with sysctl_d_free().
 */
struct sysctl_d *sysctl_d_read(const struct host *h);

/* Why it is unknown what the files set; NULL: all were read. Borrowed. */
const char *sysctl_d_unknown(const struct sysctl_d *d);

/*
 * Find the line that sets a key (in its dotted spelling). The texts belong to `d`.
 * Return: false if no line does.
 */
bool sysctl_d_find(const struct sysctl_d *d, const char *key, struct sysctl_d_entry *ret);

/*
 * The same, but only of what systemd reads: the value that the key has after a boot. It
 * is NULL if a line excludes the key, so that no other sets it.
 */
bool sysctl_d_at_boot(const struct sysctl_d *d, const char *key,
                      struct sysctl_d_entry *ret);

void sysctl_d_free(struct sysctl_d *d);
void sysctl_d_freep(struct sysctl_d **d);

#define _sysctl_d_ _cleanup_(sysctl_d_freep)

#endif
