/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_PODS_INSPECT_H
#define DIAGNOSE_PODS_INSPECT_H

/* The volumes of one container, as measures for the rules. */

#include "diagnose/pods/container.h"
#include "diagnose/pods/name.h"
#include "diagnose/pods/view.h"
#include "diagnose/rules/source.h"

/* What was not checked, if not all was. */
#define POD_MOUNTS "pod mounts"

/* The table of mounts that is the host's. */
#define HOST_MOUNT_TABLE "/proc/1/mountinfo"

struct inspection {
	struct diagnose_run *run;
	struct view view;
	struct pod_names names; /* from logs */
	struct pod_names named; /* from what containerd was asked */
	size_t bytes;           /* of mount tables that were read */
};

/* Add the measures of each volume that the container has. */
void inspect_container(struct inspection *p, const struct pod_container *from);

/* Note that something of it was not checked, and why. */
void inspect_note(struct inspection *p, const char *subject, const char *why);

/* Add a text, NULL: unknown. */
void inspect_add(struct inspection *p, enum measure_id id, const char *subject,
                 const char *text, const char *where);

#endif
