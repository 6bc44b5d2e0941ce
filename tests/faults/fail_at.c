/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fail-at NUMBER FAULT LIST COMMAND [ARG...]: run a command, and make the NUMBER-th
 * system call that reads something fail, and all later ones that read the same, counted
 * over the command itself and those of its children that run no other program. With
 * "once:FAULT", count all system calls, and fail only this one; what runs after it is no
 * longer traced, nor in LIST. Counting starts with the first openat2(), with "once" with
 * the first prctl(): before that, only the program is loaded. 0 fails none. With
 * "step:FAULT", likewise, and the command gets SIGTERM when it has a signalfd(), waits in
 * poll() and has no child: a watch then has done all of its tasks once; what it has open
 * then is in LIST.fds, a line each. With "slow:MS", none fails, and each call that reads
 * takes so much longer.
 *
 * With "once:FAULT:CALL" or "step:FAULT:CALL", count the calls of this name only (or
 * number, where LIST has "call NUMBER"). The others run at full speed.
 *
 * FAULT is an errno (see the table `faults`), "short" (half of what is asked for) or
 * "eof" (nothing). LIST gets a line for each call: its name, and the path that it reads.
 *
 * Exit status: the command's; 128 plus the signal that killed it; 125 for an error of
 * fail-at itself.
 */
#include "base/macro.h"

#include <dirent.h>
#include <elf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* How a call names what it reads, and which argument is its length. */
enum how { BY_FD, BY_PATH, BY_NAME /* a path comes first */, BY_NUMBER };

static const struct call {
	uint64_t number;
	const char *name;
	enum how how;
	unsigned length; /* its argument, from 1; 0: none */
} calls[] = {
	{SYS_openat2, "openat2", BY_PATH, 0},
	{SYS_openat, "openat", BY_PATH, 0},
	{SYS_newfstatat, "newfstatat", BY_PATH, 0},
	{SYS_statx, "statx", BY_PATH, 0},
	{SYS_readlinkat, "readlinkat", BY_PATH, 0},
	{SYS_faccessat, "faccessat", BY_PATH, 0},
	{SYS_fstat, "fstat", BY_FD, 0},
	{SYS_fstatfs, "fstatfs", BY_FD, 0},
	{SYS_lseek, "lseek", BY_FD, 0},
	{SYS_read, "read", BY_FD, 3},
	{SYS_pread64, "pread64", BY_FD, 3},
	{SYS_getdents64, "getdents64", BY_FD, 0},
	{SYS_flock, "flock", BY_FD, 0},
	{SYS_ioctl, "ioctl", BY_FD, 0},
	{SYS_fcntl, "fcntl", BY_FD, 0},
	/* with "once", these and all others */
	{SYS_write, "write", BY_FD, 3},
	{SYS_pwrite64, "pwrite64", BY_FD, 3},
	{SYS_close, "close", BY_FD, 0},
	{SYS_fsync, "fsync", BY_FD, 0},
	{SYS_mkdirat, "mkdirat", BY_PATH, 0},
	{SYS_unlinkat, "unlinkat", BY_PATH, 0},
	{SYS_renameat2, "renameat2", BY_PATH, 0},
	{SYS_renameat, "renameat", BY_PATH, 0},
	{SYS_mount, "mount", BY_PATH, 0},
	{SYS_umount2, "umount2", BY_NAME, 0},
	{SYS_execve, "execve", BY_NAME, 0},
	{SYS_finit_module, "finit_module", BY_FD, 0},
};

#define NO_CALL UINT64_MAX

#define ONCE "once:"
#define STEP "step:"
#define SLOW "slow:"

#ifndef SYS_poll
#define SYS_poll SYS_ppoll
#endif

static const struct fault {
	const char *name;
	int error; /* 0: the length is changed */
} faults[] = {
	{"EIO", EIO},       {"ENODEV", ENODEV}, {"ETIMEDOUT", ETIMEDOUT},
	{"ENOENT", ENOENT}, {"ENOSPC", ENOSPC}, {"ENOMEM", ENOMEM},
	{"EACCES", EACCES}, {"EINTR", EINTR},   {"EAGAIN", EAGAIN},
	{"ENOSYS", ENOSYS}, {"short", 0},       {"eof", 0},
};

#define N_TOOLS 64

struct trace {
	pid_t pid, command;
	unsigned long at, seen;
	const struct fault *fault;
	bool once;     /* all calls count, and one fails */
	bool step;     /* it must be ended when it waits */
	uint64_t only; /* count this call; NO_CALL: all */
	unsigned slow_ms;
	pid_t tools[N_TOOLS]; /* with `only`: they run another program, behind the filter
	                       */
	size_t n_tools;
	bool takes_signals;
	unsigned children;
	bool counting;
	bool over;         /* nothing more fails: what runs need not be traced */
	pid_t failing;     /* in the call that fails; 0: none */
	char spoilt[4200]; /* what must not be read any more, as in the list; "": none */
	FILE *list;
	const char *list_name;
};

static _noreturn_ void die(const char *what)
{
	(void)fprintf(stderr, "fail-at: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* --- registers ------------------------------------------------------------------------
 */

#if defined(__x86_64__)
#define ARGUMENT(regs, i) \
	(*(unsigned long long *[]){&(regs).rdi, &(regs).rsi, &(regs).rdx}[(i)-1])
#define SET_CALL(pid, regs)  ((regs).orig_rax = (unsigned long long)-1)
#define SET_RESULT(regs, to) ((regs).rax = (unsigned long long)(to))
#elif defined(__aarch64__)
#define ARGUMENT(regs, i) ((regs).regs[(i)-1])
#define SET_CALL(pid, regs)                                                       \
	do {                                                                      \
		int none_ = -1;                                                   \
		struct iovec v_ = {&none_, sizeof(none_)};                        \
		if (ptrace(PTRACE_SETREGSET, (pid), NT_ARM_SYSTEM_CALL, &v_) < 0) \
			die("set the call");                                      \
	} while (0)
#define SET_RESULT(regs, to) ((regs).regs[0] = (unsigned long long)(to))
#else
#error "fail-at does not know the registers of this machine"
#endif

static struct user_regs_struct get_registers(pid_t pid)
{
	struct user_regs_struct regs;
	struct iovec v = {&regs, sizeof(regs)};

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &v) < 0)
		die("read registers");
	return regs;
}

static void set_registers(pid_t pid, struct user_regs_struct *regs)
{
	struct iovec v = {regs, sizeof(*regs)};

	if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &v) < 0)
		die("write registers");
}

/* --- calls ----------------------------------------------------------------------------
 */

#define N_READS 15 /* the first of `calls`, that are failed without "once" */

/* With "once", a call without a row is "call NUMBER". Ending cannot fail, and brk()
 * returns no errors. */
static const struct call *call_of(const struct trace *t, uint64_t number)
{
	static struct call other = {.name = NULL, .how = BY_NUMBER};

	for (size_t i = 0; i < (t->once ? ARRAY_SIZE(calls) : N_READS); i++)
		if (calls[i].number == number)
			return &calls[i];
	if (!t->once || number == SYS_exit_group || number == SYS_rt_sigreturn ||
	    number == SYS_brk)
		return NULL;
	other.number = number;
	return &other;
}

/* "pread64 /dev/nvme0n1 4096" */
static void describe(const struct trace *t, const struct call *c, const uint64_t *args,
                     char *text, size_t size)
{
	char path[4096] = "", link[64], place[32] = "";
	struct iovec here = {path, sizeof(path) - 1};
	struct iovec there = {(void *)(uintptr_t)args[c->how == BY_NAME ? 0 : 1], 256};

	if (c->how == BY_NUMBER) {
		(void)snprintf(text, size, "call %llu", (unsigned long long)c->number);
		return;
	}
	if (c->how == BY_PATH || c->how == BY_NAME) {
		(void)process_vm_readv(t->pid, &here, 1, &there, 1, 0);
	} else {
		(void)snprintf(link, sizeof(link), "/proc/%d/fd/%d", t->pid,
		               (int)args[0]);
		if (readlink(link, path, sizeof(path) - 1) < 0)
			path[0] = '\0';
	}
	if (c->number == SYS_pread64)
		(void)snprintf(place, sizeof(place), " %llu",
		               (unsigned long long)args[3]);
	(void)snprintf(text, size, "%s %s%s", c->name, path, place);
}

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

/* At the entry of a call: count it, and spoil it if it is the one. */
static void enter(struct trace *t, uint64_t number, const uint64_t *args)
{
	const struct call *c = call_of(t, number);
	struct user_regs_struct regs;
	char text[sizeof(t->spoilt)];

	t->counting |= number == SYS_openat2 || (t->once && number == SYS_prctl);
	if (!c || !t->counting || t->over || (t->only != NO_CALL && number != t->only))
		return;
	describe(t, c, args, text, sizeof(text));
	/* of no descriptor: it fails anyway, like most that close what was inherited */
	if (c->how == BY_FD && text[strlen(text) - 1] == ' ')
		return;
	(void)fprintf(t->list, "%s\n", text);
	(void)usleep(t->slow_ms * 1000);
	if (++t->seen == t->at)
		memcpy(t->spoilt, text, sizeof(text));
	if (t->once ? t->seen != t->at : strcmp(t->spoilt, text) != 0)
		return;
	regs = get_registers(t->pid);
	if (t->fault->error) {
		/* Linux releases the descriptor whatever close() returns */
		if (number != SYS_close)
			SET_CALL(t->pid, regs);
		t->failing = t->pid;
	} else if (c->length) {
		ARGUMENT(regs, c->length) =
			strcmp(t->fault->name, "eof") == 0 ? 0 : args[c->length - 1] / 2;
	}
	set_registers(t->pid, &regs);
	t->over = t->once && !t->step && !t->fault->error;
}

static void leave(struct trace *t)
{
	struct user_regs_struct regs;

	if (t->failing != t->pid)
		return;
	t->failing = 0;
	regs = get_registers(t->pid);
	SET_RESULT(regs, -t->fault->error);
	set_registers(t->pid, &regs);
	t->over = t->once && !t->step;
}

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

static void at_call(struct trace *t)
{
	struct __ptrace_syscall_info info;
	uint64_t args[6];

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info) < 0)
		die("read the call");
	if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		leave(t);
		return;
	}
	/* with a filter, the entry is only seen where another call has just failed */
	if (info.op != (t->only == NO_CALL ? PTRACE_SYSCALL_INFO_ENTRY
	                                   : PTRACE_SYSCALL_INFO_SECCOMP) ||
	    is_tool(t, t->pid))
		return;
	/* the number and the arguments are first in both */
	memcpy(args, info.entry.args, sizeof(args));
	end_when_idle(t, info.entry.nr, args);
	enter(t, info.entry.nr, args);
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
	if (t->only != NO_CALL)
		return ptrace(t->failing == t->pid ? PTRACE_SYSCALL : PTRACE_CONT, t->pid,
		              0, deliver);
	return ptrace(t->over || is_tool(t, t->pid) ? PTRACE_DETACH : PTRACE_SYSCALL,
	              t->pid, 0, deliver);
}

static int follow(struct trace *t)
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

/* --- the command ----------------------------------------------------------------------
 */

#define STOP_AT(number)                                                           \
	(struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), \
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE)

/* Have the kernel stop only at this call, and at those that `enter` must see. */
static int filter(uint64_t only)
{
	struct sock_filter p[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		STOP_AT((unsigned)only),
		STOP_AT(SYS_prctl),
		STOP_AT(SYS_signalfd4),
		STOP_AT(SYS_poll),
		STOP_AT(SYS_ppoll),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
	             &(struct sock_fprog){.len = ARRAY_SIZE(p), .filter = p});
}

#define FILTERED (PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)

static _noreturn_ void run(const struct trace *t, char **argv)
{
	if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 && raise(SIGSTOP) == 0 &&
	    (t->only == NO_CALL || filter(t->only) == 0))
		(void)execv(argv[0], argv);
	die(argv[0]);
}

static const struct fault *fault_of(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (strncmp(faults[i].name, name, len) == 0 && !faults[i].name[len])
			return &faults[i];
	(void)fprintf(stderr, "fail-at: %s: no such fault\n", name);
	exit(125);
}

static uint64_t number_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	return strtoul(name, NULL, 10);
}

/* "once:EIO", "once:EIO:write", "slow:5" */
static void read_fault(struct trace *t, const char *text)
{
	size_t len;

	t->only = NO_CALL;
	if (strncmp(text, SLOW, strlen(SLOW)) == 0) {
		t->slow_ms = (unsigned)strtoul(text + strlen(SLOW), NULL, 10);
		return;
	}
	t->step = strncmp(text, STEP, strlen(STEP)) == 0;
	t->once = t->step || strncmp(text, ONCE, strlen(ONCE)) == 0;
	text += t->once ? strlen(ONCE) : 0;
	len = strcspn(text, ":");
	t->fault = fault_of(text, len);
	if (t->once && text[len])
		t->only = number_of(text + len + 1);
}

int main(int argc, char **argv)
{
	struct trace t = {0};
	int status;

	if (argc < 5) {
		(void)fputs("usage: fail-at NUMBER FAULT LIST COMMAND [ARG...]\n",
		            stderr);
		return 125;
	}
	t.at = strtoul(argv[1], NULL, 10);
	read_fault(&t, argv[2]);
	t.list_name = argv[3];
	t.list = fopen(argv[3], "we");
	if (!t.list)
		die(argv[3]);
	t.command = t.pid = fork();
	if (t.pid < 0)
		die("fork");
	if (t.pid == 0)
		run(&t, argv + 4);
	if (waitpid(t.pid, &status, 0) < 0 ||
	    ptrace(PTRACE_SETOPTIONS, t.pid, 0,
	           PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
	                   PTRACE_O_TRACEEXEC | (t.only == NO_CALL ? 0 : FILTERED)) < 0)
		die("trace");
	status = follow(&t);
	if (fclose(t.list) != 0)
		die(argv[3]);
	return status;
}
