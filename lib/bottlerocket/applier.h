/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_APPLIER_H
#define BOTTLEROCKET_APPLIER_H

/*
 * The host's own program that applies settings.kernel.sysctl. It runs after the API has
 * responded and does not report its result: only the files it writes show that it ran.
 * Newer versions run systemd-sysctl on all files of sysctl.d.
 */

#include <stdbool.h>
#include <sys/stat.h>

struct host;
struct node;

struct applier {
	struct stat rendered; /* /etc/corndog.toml: rendered from the settings */
	struct stat written;  /* SYSCTL_D_SETTINGS: read by systemd-sysctl */
	bool has_rendered, has_written;
};

/* Whether the program must run before a change to these settings has an effect. */
bool applier_concerns(const struct node *settings);

/* Record the current state of the files. */
void applier_observe(const struct host *h, struct applier *ret);

/* Whether this host has such a program. */
bool applier_exists(const struct applier *a);

/* Whether the program wrote its files between the two records. */
bool applier_ran(const struct applier *before, const struct applier *now);

#endif
