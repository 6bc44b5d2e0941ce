/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_PROCESS_EXEC_H
#define HOST_PROCESS_EXEC_H

/*
 * Run a tool by absolute path with an argument vector, a fixed environment, captured
 * output and a timeout, without a shell.
 *
 * The host's own tool is preferred and runs after a chroot into the host's root: the
 * host's mkfs.xfs and mdadm match its kernel, its modprobe knows its deny list, and only
 * there is its dynamic loader found. Otherwise the tool of this image is used.
 */

#include "base/deadline.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct host;

struct host_tool {
	char path[64]; /* absolute; below the host's root if in_root */
	bool in_root;
	/* all that it gets (CAPABILITY()), and to read and write files of other users */
	uint64_t capabilities;
};

/*
 * Find `name` ("mkfs.xfs"), which needs these capabilities.
 * Return: 0, or -ENOENT with the searched directories in `e`.
 */
int host_exec_find(const struct host *h, const char *name, uint64_t capabilities,
                   struct host_tool *ret, struct err *e);

/*
 * Run `tool` with `argv` (argv[0] is its name, NULL-terminated), until `until` at the
 * latest. Standard output and error are captured together, the first 16 KiB. *ret_output
 * is owned by the caller and is set whenever the tool ended, whatever its status.
 * ret_output may be NULL.
 *
 * A signal that asks hosttune to end (base/stop.h) is left to the caller: the tool runs
 * to its end, since half of a change is worse.
 *
 * Return: 0 if it exits with 0; -EIO with its exit status and last line of output in `e`
 * if not; -EINTR if a signal ends it; -ETIMEDOUT (the tool is killed); -ETIME if it does
 * not end even then (host/process/reap.h); -errno if it cannot be started.
 */
int host_exec(struct host *h, const struct host_tool *tool, const char *const argv[],
              struct deadline until, char **ret_output, struct err *e);

/*
 * The same in two steps, to run tools in parallel. Every started job must be waited for.
 * Until then it can print about 60 KiB before it blocks.
 */
struct host_exec_job {
	pid_t pid; /* 0: none */
	int output;
	char *name, *what; /* the tool's name and its last argument */
	int64_t began_ms;  /* of clock_now_ms() */
	struct deadline until;
};

int host_exec_start(struct host *h, const struct host_tool *tool,
                    const char *const argv[], struct deadline until,
                    struct host_exec_job *ret, struct err *e);
int host_exec_wait(struct host *h, struct host_exec_job *job, char **ret_output,
                   struct err *e);

#endif
