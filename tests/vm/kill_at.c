/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * kill-at NUMBER all|one LIST COMMAND [ARG...]: run a command, and kill -9 just before
 * the NUMBER-th system call that changes something, counted over the command and its
 * children. Kill all processes, or only the one that makes the call. 0 kills none.
 *
 * LIST gets a line for each call: its name and the program that makes it, "self" for the
 * command itself. If LIST has NUMBER lines, the kill came before the last call.
 *
 * Exit status: the command's; 128 plus the signal that killed it; 125 for an error of
 * kill-at itself.
 *
 * strace -f -e inject=...:signal=KILL:when=NUMBER is no replacement: it counts per
 * process and kills only that one. Also, kill-at does not slow down calls that only read.
 */
#include "base/macro.h"
#include "base/num.h"

#include <linux/cdrom.h>
#include <linux/fd.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>

#include <linux/blkzoned.h>
#include <linux/major.h>
#include <linux/nvme_ioctl.h>

#include <linux/raid/md_u.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Calls that change something that outlives the process. Opening a file is not listed: a
 * new file is empty until one of these calls follows. Neither is a lock, which ends with
 * its process, nor fork, whose child has done nothing yet.
 */
#define CALL(name)                \
	{                         \
		SYS_##name, #name \
	}
static const struct call {
	unsigned number;
	const char *name;
} calls[] = {
	CALL(write),     CALL(writev),      CALL(pwrite64),     CALL(pwritev),
	CALL(pwritev2),  CALL(fallocate),   CALL(ftruncate),    CALL(fsync),
	CALL(fdatasync), CALL(ioctl),       CALL(execve),       CALL(execveat),
	CALL(mount),     CALL(umount2),     CALL(fsopen),       CALL(fsmount),
	CALL(fsconfig),  CALL(move_mount),  CALL(open_tree),    CALL(mkdirat),
	CALL(mknodat),   CALL(unlinkat),    CALL(renameat2),    CALL(renameat),
	CALL(symlinkat), CALL(linkat),      CALL(fchownat),     CALL(fchown),
	CALL(fchmodat),  CALL(fchmod),      CALL(utimensat),    CALL(setxattr),
	CALL(fsetxattr), CALL(unshare),     CALL(setns),        CALL(chroot),
	CALL(io_submit), CALL(init_module), CALL(finit_module),
#ifdef SYS_mkdir
	CALL(mkdir),     CALL(mknod),       CALL(unlink),       CALL(rmdir),
	CALL(rename),    CALL(symlink),     CALL(link),         CALL(chown),
	CALL(chmod),
#endif
};

/*
 * These only read something, or write back what others already see. The NVMe commands of
 * hosttune read a log.
 */
static const unsigned asking[] = {
	0x5401 /* TCGETS */,
	BLKGETSIZE,
	BLKGETSIZE64,
	BLKFLSBUF,
	BLKSSZGET,
	BLKPBSZGET,
	BLKGETZONESZ,
	FDGETFDCSTAT,
	CDROM_GET_CAPABILITY,
	CDROM_LAST_WRITTEN,
	NVME_IOCTL_ADMIN_CMD,
	GET_ARRAY_INFO,
	GET_DISK_INFO,
	RAID_VERSION,
	BLKROGET,
	BLKIOMIN,
	BLKIOOPT,
};

#define PROGRAM_MAX (2 * (ARRAY_SIZE(calls) + ARRAY_SIZE(asking)) + 8)

/* Low half of an argument: commands of ioctl() are 32 bits. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define COMMAND_AT offsetof(struct seccomp_data, args[1])
#else
#define COMMAND_AT (offsetof(struct seccomp_data, args[1]) + 4)
#endif

#define LOAD(at)   ((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at)))
#define RETURN(k)  ((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (k)))
#define UNLESS(k_) ((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k_), 0, 1))

/* Have the kernel stop at `calls` and pass the index to the tracer. */
static int filter(void)
{
	struct sock_filter p[PROGRAM_MAX];
	unsigned short n = 0, ioctl_is = 0;

	p[n++] = LOAD(offsetof(struct seccomp_data, nr));
	for (unsigned i = 0; i < ARRAY_SIZE(calls); i++) {
		if (calls[i].number == SYS_ioctl) {
			ioctl_is = (unsigned short)i;
			continue;
		}
		p[n++] = UNLESS(calls[i].number);
		p[n++] = RETURN(SECCOMP_RET_TRACE | i);
	}
	p[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 1, 0);
	p[n++] = RETURN(SECCOMP_RET_ALLOW);
	p[n++] = LOAD(COMMAND_AT);
	for (unsigned i = 0; i < ARRAY_SIZE(asking); i++) {
		p[n++] = UNLESS(asking[i]);
		p[n++] = RETURN(SECCOMP_RET_ALLOW);
	}
	p[n++] = RETURN(SECCOMP_RET_TRACE | ioctl_is);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
	             &(struct sock_fprog){.len = n, .filter = p});
}

static _noreturn_ void child(char **argv)
{
	if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 && raise(SIGSTOP) == 0 && filter() == 0)
		(void)execv(argv[0], argv);
	(void)fprintf(stderr, "kill-at: run %s: %s\n", argv[0], strerror(errno));
	_exit(125);
}

#define PROCESS_MAX 64

struct trace {
	uint64_t at, seen;
	bool all, killing;
	FILE *list;
	pid_t root, pids[PROCESS_MAX]; /* 0: has ended */
	size_t n;
	int status; /* of root */
};

static void remember(struct trace *t, pid_t pid)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->pids[i] == pid)
			return;
	if (t->n == PROCESS_MAX) {
		(void)fprintf(stderr, "kill-at: more than %d processes\n", PROCESS_MAX);
		exit(125); /* the exit of the tracer kills all of them */
	}
	t->pids[t->n++] = pid;
}

static void forget(struct trace *t, pid_t pid)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->pids[i] == pid)
			t->pids[i--] = t->pids[--t->n];
}

static void name_of(const struct trace *t, pid_t pid, char *ret, int size)
{
	char path[32];
	FILE *f;

	(void)snprintf(ret, (size_t)size, "self");
	if (pid == t->root)
		return;
	(void)snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	f = fopen(path, "re");
	if (f && fgets(ret, size, f))
		ret[strcspn(ret, "\n")] = '\0';
	if (f)
		(void)fclose(f);
}

static void at_call(struct trace *t, pid_t pid)
{
	unsigned long i = 0;
	char who[32];

	if (t->killing || ptrace(PTRACE_GETEVENTMSG, pid, 0, &i) < 0)
		return;
	t->seen++;
	name_of(t, pid, who, (int)sizeof(who));
	(void)fprintf(t->list, "%s %s\n", i < ARRAY_SIZE(calls) ? calls[i].name : "?",
	              who);
	if (t->seen != t->at)
		return;
	t->killing = t->all;
	(void)kill(pid, SIGKILL);
	for (size_t k = 0; t->all && k < t->n; k++)
		(void)kill(t->pids[k], SIGKILL);
}

/* Continue a stopped process, with the signal if that stopped it. */
static void at_stop(struct trace *t, pid_t pid, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	remember(t, pid);
	if (event == PTRACE_EVENT_SECCOMP)
		at_call(t, pid);
	else if (t->killing)
		(void)kill(pid, SIGKILL);
	/* the stop of a new process is for the tracer */
	if (event || signal == SIGSTOP || signal == SIGTRAP)
		signal = 0;
	(void)ptrace(PTRACE_CONT, pid, 0, signal);
}

static void follow(struct trace *t)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid > 0 && WIFSTOPPED(status)) {
			at_stop(t, pid, status);
			continue;
		}
		forget(t, pid);
		if (pid == t->root)
			t->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
			                                : WEXITSTATUS(status);
	}
}

static int run(struct trace *t, char **argv)
{
	const int options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK |
	                    PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
	                    PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	int status;

	t->root = fork();
	if (t->root == 0)
		child(argv);
	if (t->root < 0 || waitpid(t->root, &status, 0) < 0 || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, t->root, 0, options) < 0) {
		(void)fprintf(stderr, "kill-at: trace %s: %s\n", argv[0],
		              strerror(errno));
		return 125;
	}
	at_stop(t, t->root, status);
	follow(t);
	return t->status;
}

int main(int argc, char **argv)
{
	struct trace t = {0};
	int status;

	if (argc < 5 || num_u64(argv[1], &t.at) < 0) {
		(void)fputs("usage: kill-at NUMBER all|one LIST COMMAND [ARG...]\n",
		            stderr);
		return 125;
	}
	t.all = strcmp(argv[2], "all") == 0;
	t.list = fopen(argv[3], "we");
	if (!t.list) {
		(void)fprintf(stderr, "kill-at: %s: %s\n", argv[3], strerror(errno));
		return 125;
	}
	status = run(&t, argv + 4);
	return fclose(t.list) == 0 ? status : 125;
}
