/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "start.h"

#include "base/macro.h"
#include "base/memory_limit.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool standard_are_open(void)
{
	struct pollfd fds[] = {
		{.fd = STDIN_FILENO}, {.fd = STDOUT_FILENO}, {.fd = STDERR_FILENO}};

	return poll(fds, ARRAY_SIZE(fds), 0) >= 0 &&
	       !((fds[0].revents | fds[1].revents | fds[2].revents) & POLLNVAL);
}

/*
 * A closed descriptor is opened, because the next file, such as a drive, would get its
 * number and then the report.
 */
static void open_standard(void)
{
	int fd;

	if (standard_are_open())
		return;
	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
}

/* What the caller left open is not for mkfs.xfs. It stays open here: "audit /dev/fd/3".
 */
static void close_others_on_exec(void)
{
	DIR *dir;
	const struct dirent *entry;

	if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	/* Linux before 5.11, or a seccomp profile that does not know the call */
	dir = opendir("/proc/self/fd");
	while (dir && (entry = readdir(dir))) {
		int fd = atoi(entry->d_name);

		if (fd > STDERR_FILENO)
			(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	if (dir)
		(void)closedir(dir);
}

/*
 * Keep what this program reads. All else is read only by libraries, in which it changes
 * paths (BLKID_FILE, LIBMOUNT_FSTAB, TZDIR), proxies, or what they print
 * (LIBMOUNT_DEBUG).
 */
static void clean_environment(void)
{
	static const char *const names[] = {
		"COLUMNS", "NO_COLOR", "NOTIFY_SOCKET", "TERM", "WATCHDOG_USEC",
	};
	char *values[ARRAY_SIZE(names)];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		values[i] = getenv(names[i]);
	/* the values themselves stay where they are */
	(void)clearenv();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (values[i])
			(void)setenv(names[i], values[i], 1);
}

static void limit(void)
{
	static const struct rlimit none = {0, 0};
	mode_t old;

	/* a core has what the node's settings hold, passwords of registries included */
	(void)setrlimit(RLIMIT_CORE, &none);
	memory_limit_set();
	/* no tool that hosttune runs is set-user-ID, or needs to be */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	old = umask(S_IWGRP | S_IWOTH);
	if (old & ~(mode_t)(S_IWGRP | S_IWOTH))
		(void)umask(old | S_IWGRP | S_IWOTH);
}

void start(void)
{
	open_standard();
	close_others_on_exec();
	clean_environment();
	limit();
	(void)signal(SIGPIPE, SIG_IGN);
	/* a parent that ignores it would leave us without the status of our tools */
	(void)signal(SIGCHLD, SIG_DFL);
}
