/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Make a call fail: the registers of the process at its entry and its end. */
#include "fail_at.h"

#include <elf.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

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

/* --- the call
 * ---------------------------------------------------------------------------
 */

void spoil_enter(struct trace *t, uint64_t number, const uint64_t *args)
{
	const struct call *c = call_of(t->once, number);
	struct user_regs_struct regs;
	char text[sizeof(t->spoilt)];

	t->counting |= number == SYS_openat2 || (t->once && number == SYS_prctl);
	if (!c || !t->counting || t->over || (t->only != NO_CALL && number != t->only))
		return;
	call_describe(t->pid, c, args, text, sizeof(text));
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

void spoil_leave(struct trace *t)
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
