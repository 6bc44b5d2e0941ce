/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "confine/confine.h"

#include "base/macro.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/write_all.h"
#include "confine/filter.h"
#include "host/process/capabilities.h"
#include "host/process/reap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A profile of 1 MiB takes less than a second, also on a busy machine. */
#define TIME_MAX_MS 60000

/* Where a caller leaves descriptors open, without a /proc that lists them; those of a
 * limit of millions are not tried. */
#define FDS_MAX 4096

/* A tree takes six times that in memory, and memory is limited to 1 GiB. */
#define RESULT_MAX ((size_t)64 * 1024 * 1024)

/* Each page of the stack that is touched after a fork is copied. */
#define CHUNK_BYTES 16384

/* As of host_child_run(): its end of the pipe is closed, so it is about to end. */
#define ENDED_MS 5000

static enum { HERE, APART } mode;

void confine_begin(void)
{
	mode = APART;
}

bool confine_is_apart(void)
{
	return mode == APART;
}

/* Close what the caller left open to write; it can still be "audit /dev/fd/3". */
static void close_if_writable(int fd, int keep)
{
	int flags = fcntl(fd, F_GETFL);

	if (fd != keep && flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		(void)close(fd);
}

static void close_writable(int keep)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	struct rlimit limit = {0};
	int64_t listed;

	while (dir && (entry = readdir(dir)))
		if (num_i64(entry->d_name, &listed) == 0 && listed > STDERR_FILENO)
			close_if_writable((int)listed, keep);
	if (dir) {
		(void)closedir(dir);
		return;
	}
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur > FDS_MAX)
		limit.rlim_cur = FDS_MAX;
	for (int fd = STDERR_FILENO + 1; fd < (int)limit.rlim_cur; fd++)
		close_if_writable(fd, keep);
}

void confine_whole(int keep)
{
	struct err ignored;

	/* it looks for leaks at the end, by another process that traces this one */
	if (HAS_SANITIZER)
		return;
	close_writable(keep);
	capabilities_permit(CAPABILITIES_TO_READ);
	if (filter_reading(&ignored) == 0)
		mode = HERE;
}

/* --- the child ---------------------------------------------------------------------- */

static void close_from_to(int first, int last)
{
	/* an old kernel, or a container's own filter, may lack the call */
	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	for (int fd = first; fd <= last; fd++)
		(void)close(fd);
}

static void close_all_but(int in, int out)
{
	int low = in < out ? in : out, high = in < out ? out : in;

	if (low > STDERR_FILENO)
		close_from_to(STDERR_FILENO + 1, low - 1);
	close_from_to(low > STDERR_FILENO ? low + 1 : STDERR_FILENO + 1, high - 1);
	if (syscall(SYS_close_range, high + 1, ~0U, 0) < 0)
		close_from_to(high + 1, high + 64); /* the filter holds anyhow */
}

static void give_up(int in, int out)
{
	static const struct rlimit none = {0, 0}, no_more = {1, 1};
	struct err ignored;

	close_all_but(in, out);
	capabilities_permit(0);
	(void)setrlimit(RLIMIT_FSIZE, &none);
	/* poll() wants one; 0 to 2 are open, so none can be opened */
	(void)setrlimit(RLIMIT_NOFILE, &no_more);
	/*
	 * A kernel without filters, or an emulator: neither is a node of Kubernetes. The
	 * limits hold, and to refuse to work would keep a machine from its cluster.
	 */
	(void)filter_computing(out, &ignored);
}

static _noreturn_ void confined_child(void (*call)(void *, struct buf *), void *arg,
                                      int in, int out)
{
	struct buf result = {0};
	sigset_t signals;

	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGHUP);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	give_up(in, out);
	call(arg, &result);
	_exit(write_all(out, result.text, result.len) < 0 ? 1 : 0);
}

/* --- the process that asks ---------------------------------------------------------- */

static int read_too_long(struct deadline until, struct err *e)
{
	return deadline_expired(until)
	               ? err_set(e, -ETIMEDOUT, "not read: %s", deadline_reason(until))
	               : err_set(e, -ETIMEDOUT, "takes too long to read");
}

static int read_result(int fd, struct deadline until, struct buf *ret, struct err *e)
{
	struct deadline last = deadline_earlier(until, deadline_in_ms(TIME_MAX_MS));
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	size_t before = ret->len;
	_uninitialized_ char chunk[CHUNK_BYTES];

	while (ret->len - before <= RESULT_MAX) {
		ssize_t n = poll(&pfd, 1, deadline_left_ms(last, TIME_MAX_MS));

		if (n == 0)
			return read_too_long(until, e);
		/* the last writer has ended, and nothing is left */
		if (n > 0 && !(pfd.revents & POLLIN))
			return 0;
		if (n > 0)
			n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, errno, "read from a child process");
		buf_add_n(ret, chunk, (size_t)n);
		/* after the last writer has ended, what is read last is less than asked
		 * for */
		if (n == 0 || (pfd.revents & POLLHUP && (size_t)n < sizeof(chunk)))
			return 0;
	}
	return err_set(e, -EFBIG, "has too many values");
}

static int end(pid_t pid, int r, struct err *e)
{
	struct err ignored;
	int status;

	if (r < 0 || reap(pid, deadline_in_ms(ENDED_MS), &status) < 0)
		return reap_killed(pid, r < 0 ? &ignored : e) < 0 && r == 0 ? e->code : r;
	if (WIFSIGNALED(status))
		return err_set(e, -EIO,
		               "cannot be read: the process that read it was killed by "
		               "signal %d%s",
		               WTERMSIG(status),
		               WTERMSIG(status) == SIGABRT ? " (out of memory)" : "");
	return WEXITSTATUS(status) == 0 ? 0
	                                : err_set(e, -EIO, "cannot be read completely");
}

int confined_call(void (*call)(void *arg, struct buf *out), void *arg, int in,
                  struct deadline until, struct buf *ret, struct err *e)
{
	int ends[2], r;
	pid_t pid;

	if (mode == HERE) {
		call(arg, ret);
		return 0;
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(e, errno, "make a pipe");
	/* there is no other thread, and nothing to do at a fork */
	pid = _Fork();
	if (pid == 0)
		confined_child(call, arg, in, ends[1]);
	(void)close(ends[1]);
	r = pid < 0 ? err_errno(e, errno, "start a process to read it")
	            : end(pid, read_result(ends[0], until, ret, e), e);
	(void)close(ends[0]);
	return r;
}

bool confined_is_failure(int code)
{
	return code < 0 && code != -EIO && code != -ETIMEDOUT && code != -EFBIG &&
	       code != -EBADMSG;
}
