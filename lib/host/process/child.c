/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/process/child.h"

#include "base/mem.h"
#include "host/host.h"
#include "host/process/reap.h"
#include "host/process/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child that has closed its end of the pipe is about to end. */
#define ENDED_MS 5000

/* The child's answer, in shared memory. */
struct answer {
	struct err err;
	int code;
	char text[HOST_CHILD_TEXT_MAX];
};

struct host_child {
	struct answer *answer;
	pid_t pid;
	int fd; /* our end of a pipe; the child holds the other end until it ends */
};

static int enter(const struct host *h, unsigned where, struct err *e)
{
	if (where & HOST_CHILD_PRIVATE) {
		if (unshare(CLONE_NEWNS) < 0)
			return err_errno(e, errno, "make a private mount namespace");
		if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
			return err_errno(e, errno, "make mounts private");
	}
	if ((where & HOST_CHILD_CHROOT) && *h->root) {
		if (fchdir(h->root_fd) < 0 || chroot(".") < 0)
			return err_errno(e, errno, "enter the host root %s", h->root);
	}
	return 0;
}

static _noreturn_ void host_child_child(const struct host *h, unsigned where,
                                        int (*call)(void *, char *, struct err *),
                                        void *arg, struct answer *answer)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	signals_leave_to_parent();
	/* its own children write no answer in its place, such as those that parse */
	(void)madvise(answer, sizeof(*answer), MADV_DONTFORK);
	answer->code = enter(h, where, &answer->err);
	if (answer->code == 0)
		answer->code = call(arg, answer->text, &answer->err);
	_exit(0);
}

static void job_free(struct host_child *job)
{
	if (job->fd >= 0)
		(void)close(job->fd);
	(void)munmap(job->answer, sizeof(*job->answer));
	free(job);
}

int host_child_start(const struct host *h, unsigned where,
                     int (*call)(void *arg, char *text, struct err *e), void *arg,
                     struct host_child **ret, struct err *e)
{
	struct answer *answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE,
	                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct host_child *job;
	int ends[2], r;

	if (answer == MAP_FAILED)
		return err_errno(e, errno, "share memory with a child process");
	if (pipe2(ends, O_CLOEXEC) < 0) {
		r = err_errno(e, errno, "make a pipe");
		(void)munmap(answer, sizeof(*answer));
		return r;
	}
	job = mem_new(1, sizeof(*job));
	*job = (struct host_child){.answer = answer, .fd = ends[0]};
	job->pid = fork();
	if (job->pid == 0)
		host_child_child(h, where, call, arg, answer);
	r = job->pid < 0 ? err_errno(e, errno, "start a child process") : 0;
	(void)close(ends[1]);
	if (r < 0)
		job_free(job);
	else
		*ret = job;
	return r;
}

int host_child_fd(const struct host_child *job)
{
	return job->fd;
}

/*
 * Wait until the child's end of the pipe closes, which it does when it ends. Meanwhile
 * `h` (NULL: nobody) is called back.
 */
static int wait_for_end(const struct host *h, const struct host_child *job,
                        struct deadline until)
{
	struct pollfd pfd = {.fd = job->fd, .events = POLLIN};

	for (;;) {
		int left, r;

		if (h && h->waiting)
			h->waiting(h->waiting_arg);
		left = deadline_left_ms(until, HOST_WAITING_MS);
		r = poll(&pfd, 1, left);
		if (r > 0)
			return 0;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (r == 0 && left < HOST_WAITING_MS && deadline_expired(until))
			return -ETIMEDOUT;
	}
}

static int host_child_result(struct answer *answer, int status, char **ret_text,
                             struct err *e)
{
	if (!WIFEXITED(status))
		return err_set(e, -EIO, "killed by signal %d", WTERMSIG(status));
	if (answer->code < 0) {
		*e = answer->err;
		return answer->code;
	}
	if (ret_text)
		*ret_text = mem_dup_n(answer->text, sizeof(answer->text) - 1);
	return answer->code;
}

static int host_child_end(const struct host *h, struct host_child *job,
                          struct deadline until, char **ret_text, struct err *e)
{
	int status = 0, r = wait_for_end(h, job, until);

	if (r == 0)
		r = reap(job->pid, deadline_in_ms(ENDED_MS), &status);
	if (r < 0)
		r = reap_killed(job->pid, e) < 0 ? err_wrap(e, "timed out")
		                                 : err_set(e, -ETIMEDOUT, "timed out");
	else
		r = host_child_result(job->answer, status, ret_text, e);
	job_free(job);
	return r;
}

void host_child_ask_to_end(const struct host_child *job)
{
	(void)kill(job->pid, SIGTERM);
}

int host_child_finish(struct host_child *job, int timeout_ms, char **ret_text,
                      struct err *e)
{
	return host_child_end(NULL, job, deadline_in_ms(timeout_ms), ret_text, e);
}

int host_child_run(const struct host *h, unsigned where, int timeout_ms,
                   int (*call)(void *arg, char *text, struct err *e), void *arg,
                   char **ret_text, struct err *e)
{
	struct deadline until = deadline_without_signal(
		deadline_earlier(h->deadline, deadline_in_ms(timeout_ms)));
	struct host_child *job;
	int r = host_child_start(h, where, call, arg, &job, e);

	return r < 0 ? r : host_child_end(h, job, until, ret_text, e);
}

void host_child_reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}
