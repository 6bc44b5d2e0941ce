/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the part that parses can do: it tries to write, mount, connect, run and so on, and
 * the kernel refuses. Attempts that do not harm this machine are also made without the
 * confinement, and succeed.
 */
#include "base/clock.h"
#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "confine/confine.h"
#include "confine/filter.h"
#include "confine/parse.h"
#include "doc/node.h"
#include "doc/pack.h"
#include "doc/yaml.h"
#include "host/host.h"
#include "host/process/child.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static char existing[64], missing[64]; /* paths of this test */
static int inherited;                  /* open for writing */

static int open_to_write(void)
{
	return open(existing, O_WRONLY | O_CLOEXEC);
}

static int open_by_old_call(void)
{
#ifdef SYS_open
	return (int)syscall(SYS_open, existing, O_WRONLY | O_CLOEXEC);
#else
	return open_to_write();
#endif
}

static int open_to_read(void)
{
	return open(existing, O_RDONLY | O_CLOEXEC);
}

static int open_beneath(void)
{
	struct open_how how = {.flags = O_WRONLY | O_CLOEXEC};

	return (int)syscall(SYS_openat2, AT_FDCWD, existing, &how, sizeof(how));
}

static int make_file(void)
{
	return open(missing, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static int write_inherited(void)
{
	return (int)write(inherited, "x", 1);
}

static int write_output(void)
{
	return (int)write(STDOUT_FILENO, "", 0);
}

static int map_inherited(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, inherited, 0);

	return p == MAP_FAILED ? -1 : 0;
}

static int map_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
	               0);

	return p == MAP_FAILED ? -1 : 0;
}

static int do_truncate(void)
{
	return ftruncate(inherited, 1);
}
static int do_unlink(void)
{
	return unlink(existing);
}
static int do_rename(void)
{
	return rename(existing, missing);
}
static int do_mkdir(void)
{
	return mkdir(missing, 0700);
}
static int do_chmod(void)
{
	return chmod(existing, 0600);
}
static int do_chown(void)
{
	return chown(existing, 0, 0);
}
static int do_link(void)
{
	return link(existing, missing);
}
static int do_symlink(void)
{
	return symlink(existing, missing);
}
static int do_mknod(void)
{
	return mknod(missing, S_IFIFO | 0600, 0);
}
static int do_xattr(void)
{
	return setxattr(existing, "user.x", "x", 1, 0);
}
static int do_mount(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL);
}
static int do_umount(void)
{
	return umount2("/tmp", MNT_DETACH);
}
static int do_unshare(void)
{
	return unshare(CLONE_NEWNS);
}
static int do_chroot(void)
{
	return chroot("/tmp");
}
static int do_fork(void)
{
	return fork() == 0 ? pause() : -1;
}
static int do_kill(void)
{
	return kill(getppid(), 0);
}
static int do_tgkill(void)
{
	return (int)syscall(SYS_tgkill, getppid(), getppid(), 0);
}
/* A descriptor that is ready then signals the parent. */
static int do_setown(void)
{
	return fcntl(STDOUT_FILENO, F_SETOWN, getppid());
}
static int do_ptrace(void)
{
	return (int)ptrace(PTRACE_ATTACH, getppid(), 0, 0);
}
static int do_reboot(void)
{
	return (int)syscall(SYS_reboot, 0, 0, 0, 0);
}
static int do_module(void)
{
	return (int)syscall(SYS_init_module, "", 0, "");
}
static int do_setns(void)
{
	return setns(inherited, CLONE_NEWNET);
}
static int do_uring(void)
{
	return (int)syscall(SYS_io_uring_setup, 1, NULL);
}
static int do_bpf(void)
{
	return (int)syscall(SYS_bpf, 0, NULL, 0);
}
static int do_discard(void)
{
	return ioctl(inherited, BLKDISCARD, NULL);
}
static int do_flags(void)
{
	return ioctl(inherited, FS_IOC_SETFLAGS, NULL);
}
static int do_setuid(void)
{
	return setuid(0);
}

static int do_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int do_inet(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int do_exec(void)
{
	char name[] = "/bin/true", *argv[] = {name, NULL}, *env[] = {NULL};

	return execve(name, argv, env);
}

static const struct attempt {
	const char *name;
	int (*call)(void);
	bool reads;    /* allowed to a process that reads files */
	bool harmless; /* and possible for whoever runs this */
} attempts[] = {
	{"open a file to write", open_to_write, false, true},
	{"open a file to write by open", open_by_old_call, false, true},
	{"open a file to read", open_to_read, true, true},
	{"open a file by openat2", open_beneath, false, true},
	{"make a file", make_file, false, true},
	{"write to an inherited descriptor", write_inherited, false, true},
	{"write to standard output", write_output, true, false},
	{"map a file", map_inherited, false, true},
	{"map code", map_code, false, true},
	{"truncate", do_truncate, false, true},
	{"unlink", do_unlink, false, true},
	{"rename", do_rename, false, true},
	{"mkdir", do_mkdir, false, false},
	{"chmod", do_chmod, false, true},
	{"chown", do_chown, false, false},
	{"link", do_link, false, false},
	{"symlink", do_symlink, false, false},
	{"mknod", do_mknod, false, false},
	{"setxattr", do_xattr, false, false},
	{"mount", do_mount, false, false},
	{"umount", do_umount, false, false},
	{"unshare", do_unshare, false, false},
	{"chroot", do_chroot, false, false},
	{"setns", do_setns, false, false},
	{"open a unix socket", do_socket, false, true},
	{"open an internet socket", do_inet, false, true},
	{"run a program", do_exec, false, false},
	{"fork", do_fork, false, false},
	{"signal the parent", do_kill, false, false},
	{"signal a thread of the parent", do_tgkill, false, false},
	{"have a descriptor signal the parent", do_setown, false, false},
	{"trace the parent", do_ptrace, false, false},
	{"reboot", do_reboot, false, false},
	{"load a module", do_module, false, false},
	{"io_uring", do_uring, false, false},
	{"bpf", do_bpf, false, false},
	{"discard blocks", do_discard, false, false},
	{"set flags of a file", do_flags, false, false},
	{"setuid", do_setuid, false, false},
};

/* What the part answers: the error of the attempt, or 0. */
static void attempt(void *arg, struct buf *out)
{
	const struct attempt *a = arg;

	pack_number(out, a->call() < 0 ? (uint32_t)errno : 0);
}

static void test_computing(void **state)
{
	const struct attempt *a = *state;
	_buf_ struct buf out = {0};
	struct unpack u;
	struct err e = {0};

	confine_begin();
	assert_int_equal(confined_call(attempt, (void *)(uintptr_t)a, -1,
	                               (struct deadline){0}, &out, &e),
	                 0);
	u = (struct unpack){.at = out.text, .end = out.text + out.len};
	assert_int_equal(unpack_number(&u), EPERM);
	assert_true(unpack_is_complete(&u));
}

/* The attempt in a child of this test. Return: its error; 200: none. */
static int try_in_child(const struct attempt *a, bool filtered)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (filtered)
			confine_whole(-1);
		_exit(a->call() < 0 ? errno : 200);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A whole process that only reads. */
static void test_reading(void **state)
{
	const struct attempt *a = *state;

	int refused = a->call == write_inherited ? EBADF : EPERM;

	if (HAS_SANITIZER)
		skip();
	assert_int_equal(try_in_child(a, true), a->reads ? 200 : refused);
}

/* The attempts are real: without a filter they succeed. */
static void test_without(void **state)
{
	const struct attempt *a = *state;

	if (a->harmless)
		assert_int_equal(try_in_child(a, false), 200);
}

static int make_files(void **state)
{
	(void)state;
	(void)snprintf(existing, sizeof(existing), "/tmp/confine-%d", getpid());
	(void)snprintf(missing, sizeof(missing), "/tmp/confine-%d-new", getpid());
	inherited = open(existing, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	return inherited >= 0 && write(inherited, "abc", 3) == 3 ? 0 : -1;
}

static int remove_files(void **state)
{
	(void)state;
	(void)unlink(existing);
	(void)unlink(missing);
	return close(inherited);
}

int main(void)
{
	struct suite s = {0};
	struct err e = {0};
	int status = 0;
	pid_t pid = fork();

	/* without filters, the attempts would succeed on this machine */
	if (pid == 0)
		_exit(filter_computing(STDOUT_FILENO, &e) < 0);
	if (waitpid(pid, &status, 0) != pid || status != 0) {
		(void)puts("1..0 # SKIP this kernel, or this emulator, has no filters");
		return 0;
	}
	suite_fixture(make_files, remove_files);
	suite_rows(&s, attempts, test_computing);
	suite_rows(&s, attempts, test_reading);
	suite_rows(&s, attempts, test_without);
	return suite_run(&s);
}
