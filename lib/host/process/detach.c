/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/process/detach.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void leave_terminal(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)signal(SIGHUP, SIG_IGN);
	for (int to = STDIN_FILENO; fd >= 0 && to <= STDERR_FILENO; to++)
		(void)dup2(fd, to);
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

/* The process between: its child gets another parent, and is no leader of a session. */
static int fork_again(void)
{
	pid_t pid;

	if (setsid() < 0)
		_exit(1);
	pid = fork();
	if (pid != 0)
		_exit(pid < 0 ? 1 : 0);
	leave_terminal();
	return 1;
}

int process_detach(int *ret_fd, struct err *e)
{
	int ends[2], status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(e, errno, "make a pipe");
	/* what is buffered must be printed once */
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		(void)close(ends[1]);
		*ret_fd = ends[0];
		return fork_again();
	}
	(void)close(ends[0]);
	*ret_fd = ends[1];
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0) {
		int code = err_errno(e, pid < 0 ? errno : EAGAIN,
		                     "start a process that waits");

		(void)close(ends[1]);
		return code;
	}
	return 0;
}

void process_detach_wait(int fd)
{
	char ignored;

	ssize_t n;

	do
		n = read(fd, &ignored, 1);
	while (n > 0 || (n < 0 && errno == EINTR));
	(void)close(fd);
}
