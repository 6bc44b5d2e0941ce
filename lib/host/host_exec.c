/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host_exec.h"

#include "base/mem.h"
#include "host/host.h"
#include "host/host_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX 16384

int host_exec_find(const struct host *h, const char *name, struct host_tool *ret,
                   struct err *e)
{
	static const char *const dirs[] = {"/usr/sbin", "/sbin", "/usr/bin", "/bin",
	                                   "/usr/local/sbin"};

	for (size_t own = 0; own < 2; own++) {
		for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
			(void)snprintf(ret->path, sizeof(ret->path), "%s/%s", dirs[i],
			               name);
			ret->in_root = !own;
			if (own ? access(ret->path, X_OK) == 0
			        : host_file_exists_in_root(h, ret->path))
				return 0;
		}
	}
	return err_set(e, -ENOENT,
	               "%s: neither the host nor this image has it in /usr/sbin, /sbin, "
	               "/usr/bin, /bin or /usr/local/sbin",
	               name);
}

static _noreturn_ void child(const struct host *h, const struct host_tool *tool,
                             const char *const argv[], int out)
{
	static const char *const env[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	                                  "LC_ALL=C", NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(out, STDERR_FILENO);
	if (tool->in_root && *h->root && (fchdir(h->root_fd) < 0 || chroot(".") < 0)) {
		dprintf(STDERR_FILENO, "enter the host root: %s\n", strerror(errno));
		_exit(127);
	}
	(void)execve(tool->path, (char *const *)(uintptr_t)argv,
	             (char *const *)(uintptr_t)env);
	dprintf(STDERR_FILENO, "run %s: %s\n", tool->path, strerror(errno));
	_exit(127);
}

/* The tool's own limit, or the deadline of the run if that is nearer. */
static struct host limit(const struct host *h, int timeout_ms)
{
	struct host until = {.deadline_ms = h->deadline_ms};

	if (h->deadline_ms == 0 || host_time_left_ms(h, timeout_ms) == timeout_ms)
		host_set_deadline(&until, (unsigned)timeout_ms / 1000);
	return until;
}

/* Read what the child prints until it closes; what is over the limit is dropped. */
static int drain(const struct host *until, int fd, char *text)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	size_t used = 0;

	for (;;) {
		char waste[512];
		bool full = used == OUTPUT_MAX - 1;
		int r = poll(&pfd, 1, host_time_left_ms(until, INT_MAX));
		ssize_t n;

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return -ETIMEDOUT;
		n = read(fd, full ? waste : text + used,
		         full ? sizeof(waste) : OUTPUT_MAX - 1 - used);
		if (n <= 0)
			return 0;
		if (!full)
			used += (size_t)n;
	}
}

/* A tool may close its output and go on: wait for its end, but not for ever. */
static int wait_end(const struct host *until, pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0), r;
	struct pollfd pfd = {.fd = fd, .events = POLLIN};

	if (fd < 0)
		return 0;
	do
		r = poll(&pfd, 1, host_time_left_ms(until, INT_MAX));
	while (r < 0 && errno == EINTR);
	(void)close(fd);
	return r == 0 ? -ETIMEDOUT : 0;
}

/* The last line that says something: tools put their reason there. */
static const char *last_line(char *text)
{
	size_t len = strlen(text);
	char *nl;

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
		text[--len] = '\0';
	nl = strrchr(text, '\n');
	return nl ? nl + 1 : text;
}

static int result(const char *name, int status, char *text, char **ret_output,
                  struct err *e)
{
	if (ret_output)
		*ret_output = mem_dup(text);
	if (WIFSIGNALED(status))
		return err_set(e, -EIO, "%s: ended by signal %d", name, WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return err_set(e, -EIO, "%s: exit status %d: %s", name,
		               WEXITSTATUS(status), last_line(text));
	return 0;
}

int host_exec(struct host *h, const struct host_tool *tool, const char *const argv[],
              unsigned timeout_s, char **ret_output, struct err *e)
{
	_free_ char *text = mem_new(OUTPUT_MAX, 1);
	int ends[2], status = 0, r;
	struct host until;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(e, errno, "make a pipe");
	pid = fork();
	if (pid == 0)
		child(h, tool, argv, ends[1]);
	(void)close(ends[1]);
	if (pid < 0) {
		r = err_errno(e, errno, "start %s", argv[0]);
		(void)close(ends[0]);
		return r;
	}
	until = limit(h, (int)timeout_s * 1000);
	r = drain(&until, ends[0], text);
	(void)close(ends[0]);
	if (r == 0)
		r = wait_end(&until, pid);
	if (r < 0)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (r < 0)
		return err_set(e, -ETIMEDOUT, "%s: no end within the time allowed",
		               argv[0]);
	return result(argv[0], status, text, ret_output, e);
}
