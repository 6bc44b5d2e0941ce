/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_APPLIER_H
#define HOST_HOST_APPLIER_H

/*
 * The host's own program that brings settings.kernel.sysctl into effect. It runs after
 * the API has answered, and tells nobody how that went: only the files that it writes
 * show that it did. Newer ones run systemd-sysctl over all files of sysctl.d.
 */

#include <stdbool.h>
#include <sys/stat.h>

struct host;

struct host_applier {
	struct stat rendered; /* /etc/corndog.toml: from the settings */
	struct stat written;  /* SYSCTL_D_SETTINGS: what systemd-sysctl reads */
	bool has_rendered, has_written;
};

/* What is there now. */
void host_applier_look(const struct host *h, struct host_applier *ret);

/* Whether this host has such a program at all. */
bool host_applier_exists(const struct host_applier *a);

/* Whether it wrote its files between two looks. */
bool host_applier_ran(const struct host_applier *before, const struct host_applier *now);

#endif
