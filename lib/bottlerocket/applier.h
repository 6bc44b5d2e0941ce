/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BOTTLEROCKET_APPLIER_H
#define BOTTLEROCKET_APPLIER_H

/*
 * The host's own program that brings settings.kernel.sysctl into effect. It runs after
 * the API has answered, and tells nobody how that went: only the files that it writes
 * show that it did. Newer ones run systemd-sysctl over all files of sysctl.d.
 */

#include <stdbool.h>
#include <sys/stat.h>

struct host;
struct node;

struct applier {
	struct stat rendered; /* /etc/corndog.toml: from the settings */
	struct stat written;  /* SYSCTL_D_SETTINGS: what systemd-sysctl reads */
	bool has_rendered, has_written;
};

/* Whether it has to run for a change to these settings to have its effect. */
bool applier_concerns(const struct node *settings);

/* What is there now. */
void applier_observe(const struct host *h, struct applier *ret);

/* Whether this host has such a program at all. */
bool applier_exists(const struct applier *a);

/* Whether it wrote its files between two looks. */
bool applier_ran(const struct applier *before, const struct applier *now);

#endif
