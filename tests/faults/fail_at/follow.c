/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Follow the processes of the command from stop to stop. */
#include "fail_at.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- ending a watch
 * ---------------------------------------------------------------------
 */

static void note_descriptors(const struct trace *t)
{
	char name[4096], link[4096];
	struct dirent *entry;
	FILE *out;
	DIR *dir;

	(void)snprintf(name, sizeof(name), "%s.fds", t->list_name);
	out = fopen(name, "we");
	(void)snprintf(name, sizeof(name), "/proc/%d/fd", t->command);
	dir = opendir(name);
	if (!out)
		die("note descriptors");
	/* without a /proc there is no list */
	while (dir && (entry = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);

		if (n >= 0)
			(void)fprintf(out, "%.*s\n", (int)n, link);
	}
	if (dir)
		(void)closedir(dir);
	if (fclose(out) != 0)
		die(name);
}

/* Whether a child that has ended is not reaped yet: the kernel still lists it. */
static bool has_zombies(const struct trace *t)
{
	char name[64], list[16];
	ssize_t n;
	int fd;

	(void)snprintf(name, sizeof(name), "/proc/%d/task/%d/children", t->command,
	               t->command);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, list, sizeof(list));
	if (fd >= 0)
		(void)close(fd);
	return n > 0;
}

/* End a command that has nothing more to do. One that waits for a child polls only that.
 */
static void end_when_idle(struct trace *t, uint64_t number, const uint64_t *args)
{
	t->takes_signals |= number == SYS_signalfd4;
	if (!t->step || !t->takes_signals || t->children > 0 || t->pid != t->command ||
	    (number != SYS_poll && number != SYS_ppoll) || args[1] < 2 || has_zombies(t))
		return;
	t->step = false;
	note_descriptors(t);
	if (kill(t->command, SIGTERM) < 0)
		die("end the command");
}

/* --- what runs other programs
 * ------------------------------------------------------------
 */

static bool is_tool(const struct trace *t, pid_t pid)
{
	for (size_t i = 0; i < t->n_tools; i++)
		if (t->tools[i] == pid)
			return true;
	return false;
}

static void add_tool(struct trace *t, pid_t pid)
{
	if (is_tool(t, pid))
		return;
	errno = E2BIG;
	if (t->n_tools == N_TOOLS)
		die("follow tools");
	t->tools[t->n_tools++] = pid;
}

/* --- stops
 * ------------------------------------------------------------------------------
 */

static void at_call(struct trace *t)
{
	struct __ptrace_syscall_info info;
	uint64_t args[6];

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info) < 0)
		die("read the call");
	if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		spoil_leave(t);
		return;
	}
	/* with a filter, the entry is only seen where another call has just failed */
	if (info.op != (t->filtered ? PTRACE_SYSCALL_INFO_SECCOMP
	                            : PTRACE_SYSCALL_INFO_ENTRY) ||
	    is_tool(t, t->pid))
		return;
	/* the number and the arguments are first in both */
	memcpy(args, info.entry.args, sizeof(args));
	end_when_idle(t, info.entry.nr, args);
	spoil_enter(t, info.entry.nr, args);
}

/* Wait for the next stop of any process, or the end of the command. */
static int next_stop(struct trace *t)
{
	int status;

	for (;;) {
		t->pid = waitpid(-1, &status, __WALL);
		if (t->pid < 0)
			die("follow");
		if (t->pid == t->command || WIFSTOPPED(status))
			return status;
		if (t->children > 0)
			t->children--;
	}
}

/* At a stop of t->pid. Return: the signal to deliver. */
static int at_stop(struct trace *t, int event, int signal)
{
	if (signal == (SIGTRAP | 0x80) || event == PTRACE_EVENT_SECCOMP) {
		at_call(t);
		return 0;
	}
	/* a new child begins with SIGSTOP */
	return signal == SIGTRAP || (signal == SIGSTOP && t->pid != t->command) ? 0
	                                                                        : signal;
}

/* A child begins, or runs another program: that is no part of the command. */
static void at_event(struct trace *t, int event)
{
	unsigned long child = 0;

	if (event == PTRACE_EVENT_EXEC && t->pid != t->command) {
		add_tool(t, t->pid);
		if (t->children > 0)
			t->children--;
	} else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	           event == PTRACE_EVENT_CLONE) {
		if (!is_tool(t, t->pid))
			t->children++;
		else if (ptrace(PTRACE_GETEVENTMSG, t->pid, 0, &child) == 0)
			add_tool(t, (pid_t)child);
	}
}

/* Without a tracer, the calls that a filter stops at fail with ENOSYS: do not detach. */
static long resume(const struct trace *t, int deliver)
{
	if (t->filtered)
		return ptrace(t->failing == t->pid ? PTRACE_SYSCALL : PTRACE_CONT, t->pid,
		              0, deliver);
	return ptrace(t->over || is_tool(t, t->pid) ? PTRACE_DETACH : PTRACE_SYSCALL,
	              t->pid, 0, deliver);
}

int follow(struct trace *t)
{
	int status, event, deliver = 0;

	for (;;) {
		/* a child may have been killed meanwhile */
		if (resume(t, deliver) < 0 && errno != ESRCH)
			die("follow");
		status = next_stop(t);
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		event = status >> 16;
		at_event(t, event);
		deliver = at_stop(t, event, WSTOPSIG(status));
	}
}
