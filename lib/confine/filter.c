/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "confine/filter.h"

#include "base/macro.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#else
/* a third processor: each call ends the process, until its table of calls was read */
#define ARCH AUDIT_ARCH_AARCH64
#endif

/* The numbers of the x32 ABI on x86_64: other calls than those below. */
#define X32_BIT 0x40000000

#define PROGRAM_MAX 256

/* What decides about a call that is allowed with some arguments only. */
enum check {
	ANY,
	OUT,         /* the first is a descriptor that may be written to */
	SELF,        /* the first is this process */
	NO_EXEC,     /* the third, prot, has no PROT_EXEC */
	MAP,         /* and the fourth, flags, does not share */
	READ_ONLY,   /* the third, flags, opens to read and makes nothing */
	READ_ONLY_2, /* the same of the second */
	IOCTL,       /* the second only asks */
	FCNTL,       /* the second only duplicates, or asks */
};

struct rule {
	uint32_t number;
	enum check check;
};

/* AddressSanitizer needs sigaltstack(). */
static const struct rule computing[] = {
	{SYS_read, ANY},          {SYS_pread64, ANY},
	{SYS_readv, ANY},         {SYS_write, OUT},
	{SYS_writev, OUT},        {SYS_lseek, ANY},
	{SYS_fstat, ANY},         {SYS_newfstatat, ANY},
	{SYS_fadvise64, ANY},     {SYS_close, ANY},
	{SYS_ioctl, IOCTL},       {SYS_ppoll, ANY},
	{SYS_brk, ANY},           {SYS_mmap, MAP},
	{SYS_mprotect, NO_EXEC},  {SYS_munmap, ANY},
	{SYS_mremap, ANY},        {SYS_madvise, ANY},
	{SYS_futex, ANY},         {SYS_sched_yield, ANY},
	{SYS_clock_gettime, ANY}, {SYS_clock_nanosleep, ANY},
	{SYS_nanosleep, ANY},     {SYS_restart_syscall, ANY},
	{SYS_getrandom, ANY},     {SYS_getpid, ANY},
	{SYS_gettid, ANY},        {SYS_geteuid, ANY},
	{SYS_rt_sigaction, ANY},  {SYS_rt_sigprocmask, ANY},
	{SYS_rt_sigreturn, ANY},  {SYS_tgkill, SELF},
	{SYS_exit, ANY},          {SYS_exit_group, ANY},
	{SYS_sigaltstack, ANY},
#ifdef SYS_poll
	{SYS_poll, ANY},          {SYS_time, ANY},
#endif
};

/* Before those above. What it may write to is open already, or only memory. */
static const struct rule reading[] = {
	{SYS_write, ANY},        {SYS_writev, ANY},     {SYS_memfd_create, ANY},
	{SYS_openat, READ_ONLY}, {SYS_fcntl, FCNTL},    {SYS_dup, ANY},
	{SYS_statx, ANY},        {SYS_fstatfs, ANY},    {SYS_statfs, ANY},
	{SYS_getdents64, ANY},   {SYS_readlinkat, ANY}, {SYS_faccessat, ANY},
	{SYS_faccessat2, ANY},   {SYS_fchdir, ANY},     {SYS_getcwd, ANY},
	{SYS_uname, ANY},        {SYS_sysinfo, ANY},    {SYS_wait4, ANY},
#ifdef SYS_access
	{SYS_open, READ_ONLY_2}, {SYS_access, ANY},     {SYS_readlink, ANY},
	{SYS_stat, ANY},         {SYS_lstat, ANY},
#endif
};

/* The last are of isatty(). */
static const uint32_t requests[] = {BLKGETSIZE64, BLKSSZGET, BLKROGET,
                                    BLKBSZGET,    TCGETS,    TIOCGWINSZ};

/* Not F_SETOWN and F_SETSIG, which send a signal to any process, nor locks and leases. */
static const uint32_t fcntls[] = {F_GETFD, F_SETFD, F_GETFL, F_DUPFD, F_DUPFD_CLOEXEC};

/* A program under construction; jumps are relative, so that each rule ends by itself. */
struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short n;
};

static void emit(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	if (p->n < PROGRAM_MAX)
		p->code[p->n++] = (struct sock_filter){code, yes, no, k};
}

static void emit_return(struct program *p, uint32_t action)
{
	emit(p, BPF_RET | BPF_K, action, 0, 0);
}

static void emit_load(struct program *p, size_t offset)
{
	emit(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/*
 * Load the low half of an argument: all that are checked are int or unsigned int to the
 * kernel, or have no bits of interest above.
 */
static void emit_argument(struct program *p, unsigned i)
{
	emit_load(p, offsetof(struct seccomp_data, args) + i * sizeof(uint64_t));
}

/* Allow the call if what is loaded is one of the values. */
static void emit_one_of(struct program *p, const uint32_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		emit(p, BPF_JMP | BPF_JEQ | BPF_K, values[i], 0, 1);
		emit_return(p, SECCOMP_RET_ALLOW);
	}
}

/* Allow the call if what is loaded has none of the bits. */
static void emit_none_of(struct program *p, uint32_t bits)
{
	emit(p, BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0);
	emit_return(p, SECCOMP_RET_ALLOW);
}

static void emit_check(struct program *p, enum check check, const uint32_t *outs,
                       size_t n_outs)
{
	uint32_t self;

	switch (check) {
	case ANY: break;
	case OUT:
		emit_argument(p, 0);
		emit_one_of(p, outs, n_outs);
		return;
	case SELF:
		self = (uint32_t)getpid();
		emit_argument(p, 0);
		emit_one_of(p, &self, 1);
		return;
	case NO_EXEC:
		emit_argument(p, 2);
		emit_none_of(p, PROT_EXEC);
		return;
	case MAP:
		emit_argument(p, 2);
		emit(p, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 3, 0);
		emit_argument(p, 3);
		emit_none_of(p, MAP_SHARED);
		return;
	case READ_ONLY:
	case READ_ONLY_2:
		emit_argument(p, check == READ_ONLY ? 2 : 1);
		emit_none_of(p, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND |
		                        (O_TMPFILE & ~O_DIRECTORY));
		return;
	case IOCTL:
		emit_argument(p, 1);
		emit_one_of(p, requests, ARRAY_SIZE(requests));
		return;
	case FCNTL:
		emit_argument(p, 1);
		emit_one_of(p, fcntls, ARRAY_SIZE(fcntls));
		return;
	}
	emit_return(p, SECCOMP_RET_ALLOW);
}

/* A rule is skipped if the number is another; else it ends the program. */
static void emit_rules(struct program *p, const struct rule *rules, size_t n,
                       const uint32_t *outs, size_t n_outs)
{
	for (size_t i = 0; i < n; i++) {
		unsigned short at = p->n;

		emit(p, BPF_JMP | BPF_JEQ | BPF_K, rules[i].number, 0, 0);
		emit_check(p, rules[i].check, outs, n_outs);
		emit_return(p, SECCOMP_RET_ERRNO | EPERM);
		p->code[at].jf = (uint8_t)(p->n - at - 1);
	}
}

static void emit_begin(struct program *p)
{
	emit_load(p, offsetof(struct seccomp_data, arch));
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	emit_return(p, SECCOMP_RET_KILL_PROCESS);
	emit_load(p, offsetof(struct seccomp_data, nr));
	emit(p, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
	emit_return(p, SECCOMP_RET_ERRNO | EPERM);
}

static int install(struct program *p, struct err *e)
{
	struct sock_fprog program = {.filter = p->code};

	emit_return(p, SECCOMP_RET_ERRNO | EPERM);
	program.len = p->n;
	if (p->n == PROGRAM_MAX)
		return err_set(e, -E2BIG, "the filter of system calls is too long");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return err_errno(e, errno, "filter system calls");
	return 0;
}

int filter_computing(int out, struct err *e)
{
	const uint32_t outs[] = {(uint32_t)out};
	struct program p = {.n = 0};

	emit_begin(&p);
	emit_rules(&p, computing, ARRAY_SIZE(computing), outs, ARRAY_SIZE(outs));
	return install(&p, e);
}

int filter_reading(struct err *e)
{
	struct program p = {.n = 0};

	emit_begin(&p);
	emit_rules(&p, reading, ARRAY_SIZE(reading), NULL, 0);
	emit_rules(&p, computing, ARRAY_SIZE(computing), NULL, 0);
	return install(&p, e);
}
