/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef COLLECT_SPECIAL_H
#define COLLECT_SPECIAL_H

/* Files that are not copied as they are; only for collect/. */

struct host;

/* /proc/net of our network namespace; of the sockets, those that count. */
void collect_network(const struct host *h);

/* Our own table of mounts. */
void collect_own_mounts(const struct host *h);

/* /proc/PID/stat of kernel threads, and of tasks that wait uninterruptibly. */
void collect_tasks(const struct host *h);

/* The end of the kernel log, as /dev/kmsg shows it. */
void collect_log(const struct host *h);

#endif
