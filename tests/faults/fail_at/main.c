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
 * With "FAULT:CALL" in place of FAULT, count the calls of this name only (or number,
 * where LIST has "call NUMBER"). Calls that do not count run at full speed, but with
 * "once" and "step" alone, where all do.
 *
 * FAULT is an errno (see the table `faults` in calls.c), "short" (half of what is asked
 * for) or "eof" (nothing). LIST gets a line for each call: its name, and the path that it
 * reads.
 *
 * Exit status: the command's; 128 plus the signal that killed it; 125 for an error of
 * fail-at itself.
 */
#include "fail_at.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define ONCE "once:"
#define STEP "step:"
#define SLOW "slow:"

_noreturn_ void die(const char *what)
{
	(void)fprintf(stderr, "fail-at: %s: %s\n", what, strerror(errno));
	exit(125);
}

#define STOPS_MAX 64

struct stops {
	struct sock_filter list[STOPS_MAX];
	unsigned short n;
};

static void stop_at(struct stops *s, uint64_t number)
{
	s->list[s->n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
	                                               (unsigned)number, 0, 1);
	s->list[s->n++] =
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
}

/* Have the kernel stop only at what counts, and at those calls that `enter` must see. */
static int filter(const struct trace *t)
{
	struct stops s = {
		.list = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	                          offsetof(struct seccomp_data, nr))},
		.n = 1,
	};

	if (t->only == NO_CALL) {
		for (size_t i = 0; i < N_READS; i++)
			stop_at(&s, call_that_reads(i));
	} else {
		stop_at(&s, t->only);
		stop_at(&s, SYS_openat2);
		stop_at(&s, SYS_prctl);
		stop_at(&s, SYS_signalfd4);
		stop_at(&s, SYS_poll);
		stop_at(&s, SYS_ppoll);
	}
	s.list[s.n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
	               ? -1
	               : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
	                       &(struct sock_fprog){.len = s.n, .filter = s.list});
}

#define FILTERED (PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)

static _noreturn_ void run(const struct trace *t, char **argv)
{
	if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 && raise(SIGSTOP) == 0 &&
	    (!t->filtered || filter(t) == 0))
		(void)execv(argv[0], argv);
	die(argv[0]);
}

/* "once:EIO", "once:EIO:write", "slow:5" */
static void read_fault(struct trace *t, const char *text)
{
	size_t len;

	t->only = NO_CALL;
	t->filtered = true;
	if (strncmp(text, SLOW, strlen(SLOW)) == 0) {
		t->slow_ms = (unsigned)strtoul(text + strlen(SLOW), NULL, 10);
		return;
	}
	t->step = strncmp(text, STEP, strlen(STEP)) == 0;
	t->once = t->step || strncmp(text, ONCE, strlen(ONCE)) == 0;
	text += t->once ? strlen(ONCE) : 0;
	len = strcspn(text, ":");
	t->fault = fault_of(text, len);
	if (text[len])
		t->only = call_number(text + len + 1);
	t->filtered = !t->once || t->only != NO_CALL;
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
	                   PTRACE_O_TRACEEXEC | (t.filtered ? FILTERED : 0)) < 0)
		die("trace");
	status = follow(&t);
	if (fclose(t.list) != 0)
		die(argv[3]);
	return status;
}
