/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_PART_H
#define BASELINE_PART_H

/* The parts of a baseline, each in its file; only for baseline/. */

#include "base/err.h"
#include "host/mount/mounts.h"
#include "storage/block/disk.h"

#include <stdint.h>

struct attributes;
struct node;

#define MISSING "missing"

/* Below it, each pod has a directory that is named by its UID. */
#define PART_POD_MOUNTS "/var/lib/kubelet/pods/"

/* What several parts read. */
struct baseline_source {
	const struct host *h;
	struct host_mounts mounts;
	struct disks disks;
	int mounts_code, disks_code; /* 0, or -errno with the error */
	struct err mounts_err, disks_err;
};

/* A value that cannot be read: {"missing": REASON}. Owned by the caller. */
struct node *part_missing(const char *reason);

/* Return the reason why `n` is missing, borrowed; NULL: it is not. */
const char *part_why_missing(const struct node *n);

/*
 * Read a file of one line as a value, made by node_new_text() or node_new_word(). Owned
 * by the caller; missing if it cannot be read; NULL: it does not exist.
 */
struct node *part_line(const struct host *h, const char *path,
                       struct node *(*make)(const char *text));

/* Set `key` to that value, if the file exists. */
void part_set_line(struct node *map, const char *key, const struct host *h,
                   const char *path, struct node *(*make)(const char *text));

/* Set `key` to a plain number. */
void part_set_number(struct node *map, const char *key, uint64_t value);

/*
 * Name the block device by what persists across reboots: "AWS1111", "AWS1111 partition
 * 2", "array of AWS1111 AWS2222", "loop /srv/image", "dm vg-data", else its kernel name.
 * Owned by the caller; NULL: it has none, or, with a fault of `a`, its name is unknown.
 */
char *part_device(const struct baseline_source *s, struct attributes *a, unsigned major,
                  unsigned minor);

/* The name of a disk. Owned by the caller; NULL: unknown, with a fault of `a`. */
char *part_disk(const struct baseline_source *s, struct attributes *a,
                const struct disk *d);

/* The parts. All are owned by the caller. */
struct node *part_host(const struct host *h);
struct node *part_mounts(const struct baseline_source *s);
struct node *part_drives(const struct baseline_source *s);
struct node *part_sysctls(const struct host *h, const struct node *keys);
struct node *part_pods(const struct baseline_source *s, const struct node *names);
struct node *part_files(const struct host *h, const struct node *paths);

/* The same of one pod's mounts: those below /var/lib/kubelet/pods/UID. */
struct node *part_pod_mounts(const struct baseline_source *s, const char *uid);

#endif
