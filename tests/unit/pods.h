/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_PODS_H
#define UNIT_PODS_H

/* A pod of the test root, with one container, and what diagnose says of its mounts. */

#include "diagnose/pods/pods.h"

#define UID  "3f1c8a52-7d0e-4b9b-9c55-0a1b2c3d4e5f"
#define ID   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PODS "/var/lib/kubelet/pods/" UID
#define PV   PODS "/volumes/kubernetes.io~local-volume/pv"

extern struct diagnosis pods_diagnosis;
extern struct diagnose_run pods_run;

/* For suite_fixture(). */
int pods_setup(void **state);
int pods_teardown(void **state);

/* Write /proc/PID/NAME, and the runtime's file of a container. */
void pods_file(int pid, const char *name, const char *text);
void pods_spec(const char *id, const char *text);

/* Write a process in the pod, and its mounts besides its root. */
void pods_container(int pid, const char *uid, const char *id, const char *mounts);

/*
 * "NAME VALUE" of each measure that is a problem, and "? WHY" for each doubt. Owned by
 * the test.
 */
const char *pods_problems(void);

#define ROOT "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
/* the drive at /mnt/d, kubelet's mount of the directory from before, and after */
#define DRIVE "20 1 259:1 / /mnt/d rw,noatime - xfs /dev/nvme1n1 rw\n"
#define OLD   "21 1 8:1 /mnt/d " PV " rw,relatime - ext4 /dev/sda1 rw\n"
#define NEW   "22 1 259:1 / " PV " rw,noatime - xfs /dev/nvme1n1 rw\n"
#define UPPER "23 21 259:1 / " PV " rw,noatime - xfs /dev/nvme1n1 rw\n"
/* what the container has at /data */
#define HAS(device, root, options) \
	"901 900 " device " " root " /data " options " - xfs /dev/x rw\n"
#define HAS_OLD HAS("8:1", "/mnt/d", "rw,relatime")
#define HAS_NEW HAS("259:1", "/", "rw,noatime")
#define BIND(source, options)                                              \
	"{\"mounts\": [{\"destination\": \"/data\", \"source\": \"" source \
	"\", \"options\": [" options "]}]}"
#define RBIND "\"rbind\", \"rprivate\", \"rw\""
#define COVER "xfs on /dev/nvme1n1 (259:1), rw,noatime, mounted at /mnt/d\n"

#endif
