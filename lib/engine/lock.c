/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/lock.h"

#include "base/mem.h"
#include "base/progress.h"
#include "base/stop.h"
#include "host/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sysmacros.h>
#include <time.h>

/* flock() itself cannot be given a deadline. */
#define TRY_EVERY_MS 200

static int lock_open(struct host *h, struct err *e)
{
	int r = host_file_mkdir(h, "/run/hosttune", 0755, e);

	if (r >= 0)
		r = host_file_create(h, LOCK_PATH, 0600, e);
	return r < 0 ? err_wrap(e, "lock " LOCK_PATH) : r;
}

/* The process that holds the lock, from lines like
 * "1: FLOCK  ADVISORY  WRITE 1234 00:19:567 0 EOF". Return: 0 if it is unknown. */
static int lock_holder(const struct host *h, int fd)
{
	_free_ char *text = NULL;
	struct err ignored;
	char *rest, *line;
	struct stat st;

	if (fstat(fd, &st) < 0 ||
	    host_file_read(h, "/proc/locks", 1024 * 1024, &text, &ignored) < 0)
		return 0;
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		unsigned high, low;
		unsigned long ino;
		int pid;

		if (sscanf(line, "%*d: FLOCK %*s %*s %d %x:%x:%lu", &pid, &high, &low,
		           &ino) == 4 &&
		    ino == st.st_ino && makedev(high, low) == st.st_dev)
			return pid;
	}
	return 0;
}

/* "another run of hosttune (process 1234) holds the lock /run/hosttune/lock" */
static char *lock_held_text(const struct host *h, int fd)
{
	int pid = lock_holder(h, fd);
	_free_ char *who = pid > 0 ? mem_format(" (process %d)", pid) : mem_dup("");

	return mem_format("another run of hosttune%s holds the lock " LOCK_PATH, who);
}

/* A signal that interrupts it is no other run. Return: 0; -1 with errno. */
static int try_lock(int fd)
{
	int r;

	do
		r = flock(fd, LOCK_EX | LOCK_NB);
	while (r < 0 && errno == EINTR && !stop_signal());
	return r;
}

static int wait_for_lock(struct host *h, struct deadline until,
                         void (*report)(const char *text), struct err *e)
{
	_close_ int fd = lock_open(h, e);
	_free_ char *held = NULL;

	while (fd >= 0 && try_lock(fd) < 0) {
		int left = deadline_left_ms(until, TRY_EVERY_MS);
		struct timespec pause = {.tv_nsec = left * 1000000L};

		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(e, errno, "lock " LOCK_PATH);
		if (!held) {
			held = lock_held_text(h, fd);
			if (left > 0 && report)
				report(held);
			progress_start("wait for the lock " LOCK_PATH);
		}
		progress_tick();
		if (left == 0 && until.until_signal && stop_signal())
			return err_set(e, -EINTR, "%s, and the wait for it was %s", held,
			               stop_reason());
		if (left == 0)
			return err_set(e, LOCK_HELD, "%s (wait for it to end)", held);
		(void)nanosleep(&pause, NULL);
	}
	return TAKE_FD(fd);
}

int lock_wait(struct host *h, struct deadline until, void (*report)(const char *text),
              struct err *e)
{
	int fd = wait_for_lock(h, until, report, e);

	progress_end();
	return fd;
}

int lock_take(struct host *h, struct err *e)
{
	return lock_wait(h, (struct deadline){.at_ms = 1}, NULL, e);
}
