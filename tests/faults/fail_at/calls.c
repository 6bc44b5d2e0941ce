/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The system calls and the faults that fail-at knows. */
#include "fail_at.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static const struct call calls[] = {
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

static const struct fault faults[] = {
	{"EIO", EIO},       {"ENODEV", ENODEV}, {"ETIMEDOUT", ETIMEDOUT},
	{"ENOENT", ENOENT}, {"ENOSPC", ENOSPC}, {"ENOMEM", ENOMEM},
	{"EACCES", EACCES}, {"EINTR", EINTR},   {"EAGAIN", EAGAIN},
	{"EROFS", EROFS},   {"ENOSYS", ENOSYS}, {"short", 0},
	{"eof", 0},
};

/* They are the first of `calls`. */
uint64_t call_that_reads(size_t i)
{
	return calls[i].number;
}

/* With "once", a call without a row is "call NUMBER". Ending cannot fail, and brk()
 * returns no errors. */
const struct call *call_of(bool once, uint64_t number)
{
	static struct call other = {.name = NULL, .how = BY_NUMBER};

	for (size_t i = 0; i < (once ? ARRAY_SIZE(calls) : N_READS); i++)
		if (calls[i].number == number)
			return &calls[i];
	if (!once || number == SYS_exit_group || number == SYS_rt_sigreturn ||
	    number == SYS_brk)
		return NULL;
	other.number = number;
	return &other;
}

void call_describe(pid_t pid, const struct call *c, const uint64_t *args, char *text,
                   size_t size)
{
	char path[4096] = "", link[64], place[32] = "";
	struct iovec here = {path, sizeof(path) - 1};
	struct iovec there = {(void *)(uintptr_t)args[c->how == BY_NAME ? 0 : 1], 256};

	if (c->how == BY_NUMBER) {
		(void)snprintf(text, size, "call %llu", (unsigned long long)c->number);
		return;
	}
	if (c->how == BY_PATH || c->how == BY_NAME) {
		(void)process_vm_readv(pid, &here, 1, &there, 1, 0);
	} else {
		(void)snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, (int)args[0]);
		if (readlink(link, path, sizeof(path) - 1) < 0)
			path[0] = '\0';
	}
	if (c->number == SYS_pread64)
		(void)snprintf(place, sizeof(place), " %llu",
		               (unsigned long long)args[3]);
	(void)snprintf(text, size, "%s %s%s", c->name, path, place);
}

uint64_t call_number(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	return strtoul(name, NULL, 10);
}

const struct fault *fault_of(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (strncmp(faults[i].name, name, len) == 0 && !faults[i].name[len])
			return &faults[i];
	(void)fprintf(stderr, "fail-at: %s: no such fault\n", name);
	exit(125);
}
