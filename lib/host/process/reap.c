/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/process/reap.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A killed process needs time to release its memory, more on a busy machine. */
#define KILLED_MS 5000

/* As waitpid() gives exit status 255. */
#define STATUS_UNKNOWN (255 << 8)

/* Pauses between looks: short at first, since most children end at once. */
#define PAUSE_MIN_MS 1
#define PAUSE_MAX_MS 50

/* Pause, at most until the process ends; before Linux 5.3, or in a container whose filter
 * lacks the call, always for that long. */
static void pause_for(pid_t pid, int ms)
{
	struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, pid, 0),
	                       .events = POLLIN};
	struct timespec pause = {.tv_nsec = ms * 1000000L};

	if (ended.fd < 0) {
		(void)nanosleep(&pause, NULL);
		return;
	}
	(void)poll(&ended, 1, ms);
	(void)close(ended.fd);
}

int reap(pid_t pid, struct deadline until, int *ret_status)
{
	int pause_ms = PAUSE_MIN_MS;

	for (;;) {
		int left = deadline_left_ms(until, pause_ms);
		pid_t r = waitpid(pid, ret_status, WNOHANG);

		if (r == pid)
			return 0;
		/* it is gone, and its status is unknown: never a success */
		if (r < 0 && errno == ECHILD) {
			*ret_status = STATUS_UNKNOWN;
			return 0;
		}
		if (left == 0)
			return -ETIMEDOUT;
		pause_for(pid, left);
		pause_ms = pause_ms * 2 < PAUSE_MAX_MS ? pause_ms * 2 : PAUSE_MAX_MS;
	}
}

/* The kernel function in which a process waits, "" if unknown. */
static void read_wchan(pid_t pid, char *ret, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/wchan", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, ret, size - 1);
	ret[n > 0 ? n : 0] = '\0';
	if (strcmp(ret, "0") == 0)
		*ret = '\0';
	if (fd >= 0)
		(void)close(fd);
}

int reap_killed(pid_t pid, struct err *e)
{
	char wchan[64];
	int status;

	(void)kill(pid, SIGKILL);
	if (reap(pid, deadline_in_ms(KILLED_MS), &status) == 0)
		return 0;
	read_wchan(pid, wchan, sizeof(wchan));
	return err_set(e, -ETIME, "does not end even when killed: process %d%s%s%s",
	               (int)pid, *wchan ? " waits in the kernel (" : "", wchan,
	               *wchan ? ")" : "");
}
