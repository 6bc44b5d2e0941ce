/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/process/exec.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/memory_limit.h"
#include "base/progress.h"
#include "host/file.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "host/process/reap.h"
#include "host/process/signals.h"
#include "host/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX 16384
#define LOOK_MS    1000

static int exec_look_up(const struct host *h, const char *name, struct host_tool *ret,
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
	               "%s: not found in /usr/sbin, /sbin, /usr/bin, /bin or "
	               "/usr/local/sbin, on the host or in this image",
	               name);
}

int host_exec_find(const struct host *h, const char *name, uint64_t capabilities,
                   struct host_tool *ret, struct err *e)
{
	const struct node *known;
	int r = recorded_get(h, "tool", name, &known, e);

	*ret = (struct host_tool){.in_root = true, .capabilities = capabilities};
	/* a bundle is only audited: that the tool exists is enough */
	if (r != 0)
		return r < 0 ? r : 0;
	return recorded_put(h, "tool", name, exec_look_up(h, name, ret, e), e, NULL);
}

static _noreturn_ void host_exec_child(const struct host *h, const struct host_tool *tool,
                                       const char *const argv[], int out)
{
	static const char *const env[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	                                  "LC_ALL=C", NULL};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	signals_leave_to_parent();
	memory_limit_lift();
	/* exec() keeps an ignored signal ignored: a tool expects the default */
	(void)signal(SIGPIPE, SIG_DFL);
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(out, STDERR_FILENO);
	if (tool->in_root && *h->root && (fchdir(h->root_fd) < 0 || chroot(".") < 0)) {
		dprintf(STDERR_FILENO, "enter the host root: %s\n", strerror(errno));
		_exit(127);
	}
	capabilities_limit(tool->capabilities | CAPABILITIES_TO_READ);
	(void)execve(tool->path, (char *const *)(uintptr_t)argv,
	             (char *const *)(uintptr_t)env);
	dprintf(STDERR_FILENO, "run %s: %s\n", tool->path, strerror(errno));
	_exit(127);
}

static const char *last_argument(const char *const argv[])
{
	const char *last = argv[0];

	for (size_t i = 1; argv[i]; i++)
		last = argv[i];
	return last;
}

/* poll() until the child's deadline. Return: as poll(). */
static int poll_until(struct deadline until, struct pollfd *pfd)
{
	for (;;) {
		int r = poll(pfd, 1, deadline_left_ms(until, LOOK_MS));

		if (r < 0 && errno == EINTR)
			continue;
		if (r != 0 || deadline_expired(until))
			return r;
		progress_tick();
	}
}

/* Read the child's output until it closes; output over the limit is discarded. */
static int drain(struct deadline until, int fd, char *text)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	size_t used = 0;

	for (;;) {
		char waste[512];
		bool full = used == OUTPUT_MAX - 1;
		ssize_t n;

		if (poll_until(until, &pfd) <= 0)
			return -ETIMEDOUT;
		n = read(fd, full ? waste : text + used,
		         full ? sizeof(waste) : OUTPUT_MAX - 1 - used);
		if (n <= 0)
			return 0;
		if (!full)
			used += (size_t)n;
	}
}

/* A tool may close its output and continue: wait for its end, but not forever. */
static int wait_end(struct deadline until, pid_t pid, int *ret_status)
{
	struct deadline step;
	int r;

	do {
		step = deadline_earlier(until, deadline_in_ms(LOOK_MS));
		r = reap(pid, step, ret_status);
		progress_tick();
	} while (r < 0 && !deadline_expired(until));
	return r;
}

/* The last line that is not empty: tools print the reason there. */
static const char *last_line(char *text)
{
	size_t len = strlen(text);
	char *nl;

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
		text[--len] = '\0';
	nl = strrchr(text, '\n');
	return nl ? nl + 1 : text;
}

static int host_exec_result(const char *name, int status, char *text, char **ret_output,
                            struct err *e)
{
	if (ret_output)
		*ret_output = mem_dup(text);
	if (WIFSIGNALED(status))
		return err_set(e, -EINTR, "%s: killed by signal %d", name,
		               WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return err_set(e, -EIO, "%s: exit status %d: %s", name,
		               WEXITSTATUS(status), last_line(text));
	return 0;
}

int host_exec_start(struct host *h, const struct host_tool *tool,
                    const char *const argv[], struct deadline until,
                    struct host_exec_job *ret, struct err *e)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(e, errno, "make a pipe");
	pid = fork();
	if (pid == 0)
		host_exec_child(h, tool, argv, ends[1]);
	(void)close(ends[1]);
	if (pid < 0) {
		int r = err_errno(e, errno, "start %s", argv[0]);

		(void)close(ends[0]);
		return r;
	}
	*ret = (struct host_exec_job){.pid = pid,
	                              .output = ends[0],
	                              .name = mem_dup(argv[0]),
	                              .what = mem_dup(last_argument(argv)),
	                              .began_ms = clock_now_ms(),
	                              .until = deadline_without_signal(until)};
	return 0;
}

int host_exec_wait(struct host *h, struct host_exec_job *job, char **ret_output,
                   struct err *e)
{
	_free_ char *text = mem_new(OUTPUT_MAX, 1), *name = job->name;
	int status = 0, stuck = 0, r;

	(void)h;
	progress_start("%s %s", name, job->what);
	progress_started_at(job->began_ms);
	r = drain(job->until, job->output, text);
	(void)close(job->output);
	if (r == 0)
		r = wait_end(job->until, job->pid, &status);
	progress_end();
	if (r < 0)
		stuck = reap_killed(job->pid, e);
	free(job->what);
	*job = (struct host_exec_job){0};
	if (stuck < 0)
		return err_wrap(e, "%s: timed out", name);
	if (r < 0)
		return err_set(e, -ETIMEDOUT, "%s: timed out", name);
	return host_exec_result(name, status, text, ret_output, e);
}

int host_exec(struct host *h, const struct host_tool *tool, const char *const argv[],
              struct deadline until, char **ret_output, struct err *e)
{
	struct host_exec_job job;
	int r = host_exec_start(h, tool, argv, until, &job, e);

	return r < 0 ? r : host_exec_wait(h, &job, ret_output, e);
}
