/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_PROBE_H
#define BASELINE_PROBE_H

/*
 * The copy probe: how long cp of BusyBox takes for 16 MiB, the call of kubernetes#131186.
 * It is the only part of a baseline that writes: two files without a name in the
 * directory, which are gone as soon as the process ends, however it ends.
 */

#include "base/err.h"

#include <stdint.h>

struct host;
struct node;

#define PROBE_CALL_BYTES (UINT64_C(16) << 20)                 /* of one sendfile(2) */
#define PROBE_CALLS      8                                    /* of one pass */
#define PROBE_BYTES      (PROBE_CALL_BYTES * PROBE_CALLS * 2) /* the file and its copy */
#define PROBE_MS         60000 /* for all of it: at 23 MB/s, half of it is enough */

/*
 * The part of the file system that must stay free: the kubelet evicts pods when less
 * than 15 % of the file system of images is or 10 % of that of volumes: "Hard eviction
 * thresholds" in the documentation of Kubernetes.
 */
#define PROBE_FREE_PERCENT 15U

/*
 * Check that the directory exists on a file system of a live host that the probe may
 * fill so far. Changes nothing. Return: 0 or -errno: -ENOSPC, -EOPNOTSUPP.
 */
int probe_check(const struct host *h, const char *directory, struct err *e);

/*
 * Run it: write the file, then copy it cold (after fsync and POSIX_FADV_DONTNEED) and
 * warm. It ends early at the host's deadline, at a signal and after PROBE_MS; what was
 * measured until then counts if each pass has a call. Owned by the caller: an answer, or
 * what is missing and why.
 */
struct node *probe_run(struct host *h, const char *directory);

#endif
