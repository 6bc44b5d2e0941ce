/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_PERSISTING_H
#define UNIT_PERSISTING_H

/* What a host without the Bottlerocket API stores for the next boot: with applied.h. */

#include <stdbool.h>

#define SYSCTL_FILE  "/etc/sysctl.d/90-hosttune-p.conf"
#define MODULES_FILE "/etc/modules-load.d/hosttune-p.conf"
#define PROFILE_FILE "/etc/hosttune/boot/p.yaml"
#define UNIT_FILE    "/etc/systemd/system/hosttune-boot-p.service"
#define LINK         "/etc/systemd/system/multi-user.target.wants/hosttune-boot-p.service"
#define ONE          "version: 1\nsysctl: {vm.swappiness: 10}\n"
#define BY_UNIT \
	"version: 1\nsysctl:\n  vm.swappiness: 10\n  net.ipv4.conf.*.rp_filter: 2\n"

/* Audit, or apply and persist. Return: applied_report(). */
const char *persisting_audited(const char *text);
const char *persisting_applied(const char *text);

/* What a file has after the lines of its head; "(none)": it does not exist. */
const char *persisting_body(const char *path);

/* Revert a journal, or unpersist all. Return: "/etc/x changed Restored;" for each. */
const char *persisting_reverted(unsigned id);
const char *persisting_unpersisted(void);

/* The program of the package, as root installs it. Return: whether this can be root. */
bool persisting_install(void);

#endif
