/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "host/file.h"
#include "host/open.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Paths that must not be opened, and why. A file named secret is outside the root. */
static const struct fault {
	const char *name, *path;
	int code;
} faults[] = {
	{"missing", "/etc/missing", -ENOENT},
	{"missing directory", "/missing/file", -ENOENT},
	{"below a file", "/etc/inside/x", -ENOTDIR},
	{"dots", "/../outside/secret", -EXDEV},
	{"dots after a directory", "/etc/../../outside/secret", -EXDEV},
	{"dots without a slash before", "../outside/secret", -EXDEV},
	{"absolute link", "/etc/absolute", -EXDEV},
	{"absolute link into the root", "/etc/absolute-inside", -EXDEV},
	{"relative link that leads out", "/etc/out", -EXDEV},
	{"link to a directory outside", "/etc/outside-dir/secret", -EXDEV},
	{"dangling link", "/etc/dangling", -ENOENT},
	{"link to itself", "/etc/loop", -ELOOP},
};

static int setup(void **state)
{
	static char secret[128];
	FILE *f;

	(void)tmproot_setup(state);
	(void)snprintf(secret, sizeof(secret), "%s/secret", tmproot.outside);
	f = fopen(secret, "we");
	assert_non_null(f);
	(void)fputs("secret\n", f);
	assert_int_equal(fclose(f), 0);
	tmproot_write("/etc/inside", "inside\n");
	tmproot_link("/etc/relative", "../etc/./inside");
	tmproot_link("/link-to-etc", "etc");
	tmproot_link("/etc/absolute", secret);
	tmproot_link("/etc/absolute-inside", "/etc/inside");
	tmproot_link("/etc/out", "../../outside/secret");
	tmproot_link("/etc/outside-dir", "../../outside");
	tmproot_link("/etc/dangling", "nothing");
	tmproot_link("/etc/loop", "loop");
	return 0;
}

static void test_fault(void **state)
{
	const struct fault *row = *state;
	const struct host *h = &tmproot.host;
	char *text = NULL, **names = NULL;
	struct err e = {0};
	struct stat st;

	assert_int_equal(host_file_read(h, row->path, 100, &text, &e), row->code);
	assert_int_equal(e.code, row->code);
	assert_part(e.text, keep_text(mem_format("open %s: ", row->path)));
	assert_int_equal(host_file_read_line(h, row->path, &text, &e), row->code);
	assert_int_equal(host_file_open(h, row->path, O_RDONLY, &e), row->code);
	assert_int_equal(host_file_stat(h, row->path, &st, &e), row->code);
	assert_int_equal(host_file_list(h, row->path, &names, &e), row->code);
	assert_false(host_file_exists(h, row->path));
	assert_null(text);
	assert_null(names);
}

/* A write is refused at any link, and never creates a file. */
static void test_write_fault(void **state)
{
	const struct fault *row = *state;
	struct err e = {0};
	const char *before = tmproot_snapshot();

	assert_true(host_file_write(&tmproot.host, row->path, "x", &e) < 0);
	assert_true(e.code < 0);
	assert_string_equal(tmproot_snapshot(), before);
	assert_string_equal(tmproot_read("../outside/secret"), "secret\n");
}

static void test_read(void **state)
{
	const struct host *h = &tmproot.host;
	char *text = NULL;
	struct err e;

	(void)state;
	assert_int_equal(host_file_read(h, "/etc/inside", 7, &text, &e), 0);
	assert_string_equal(keep_text(text), "inside\n");
	assert_int_equal(host_file_read(h, "etc/relative", 7, &text, &e), 0);
	assert_string_equal(keep_text(text), "inside\n");
	assert_int_equal(host_file_read(h, "//link-to-etc//inside", 7, &text, &e), 0);
	assert_string_equal(keep_text(text), "inside\n");
}

static void test_too_big(void **state)
{
	const struct host *h = &tmproot.host;
	char *text = NULL, *big = keep_text(mem_new(65538, 1));
	struct err e;

	(void)state;
	assert_int_equal(host_file_read(h, "/etc/inside", 6, &text, &e), -EFBIG);
	assert_string_equal(e.text, "read /etc/inside: more than 6 bytes");
	assert_null(text);
	memset(big, 'x', 65537);
	tmproot_write("/big", big);
	assert_int_equal(host_file_read_line(h, "/big", &text, &e), -EFBIG);
	big[65536] = '\0';
	tmproot_write("/big", big);
	assert_int_equal(host_file_read_line(h, "/big", &text, &e), 0);
	assert_int_equal(strlen(keep_text(text)), 65536);
}

static void test_read_line(void **state)
{
	static const char *const files[][2] = {
		{"60\n", "60"},
		{"60", "60"},
		{"", ""},
		{"\n", ""},
		{" \t\r\n", ""},
		{"4096\t131072\t6291456\n\n", "4096\t131072\t6291456"},
		{"  a b \n", "  a b"},
		{"a\nb\n", "a\nb"},
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *text = NULL;

		tmproot_write("/file", files[i][0]);
		assert_int_equal(host_file_read_line(&tmproot.host, "/file", &text, &e),
		                 0);
		assert_string_equal(keep_text(text), files[i][1]);
	}
}

/* A sysctl ends with a short read: one that fills a read has more. */
static void test_read_sysctl(void **state)
{
	static const size_t sizes[] = {0, 1, 8191, 8192, 8193, 16384, 20000};
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *text = NULL, *value = keep_text(mem_new(sizes[i] + 1, 1));

		memset(value, 'x', sizes[i]);
		tmproot_write("/proc/sys/net/reserved", value);
		assert_int_equal(host_file_read(&tmproot.host, "/proc/sys/net/reserved",
		                                20000, &text, &e),
		                 0);
		assert_string_equal(keep_text(text), value);
	}
}

static void test_directory(void **state)
{
	char *text = NULL;
	struct err e;

	(void)state;
	assert_int_equal(host_file_read(&tmproot.host, "/etc", 10, &text, &e), -EISDIR);
	assert_string_equal(e.text, "read /etc: Is a directory");
}

static void test_stat(void **state)
{
	struct stat st;
	struct err e;

	(void)state;
	assert_int_equal(host_file_stat(&tmproot.host, "/etc/relative", &st, &e), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_size, 7);
	assert_int_equal(host_file_stat(&tmproot.host, "/", &st, &e), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_true(host_file_exists(&tmproot.host, "/etc/inside"));
	assert_true(host_file_exists(&tmproot.host, "/"));
	assert_int_equal(host_file_find(&tmproot.host, "/etc/inside", &e), 1);
	assert_int_equal(host_file_find(&tmproot.host, "/etc/other", &e), 0);
	assert_int_equal(host_file_find(&tmproot.host, "/etc/inside/it", &e), 0);
	assert_int_equal(host_file_find(&tmproot.host, "/etc/loop", &e), -ELOOP);
	assert_false(host_file_exists(&tmproot.host, "/etc/loop"));
}

static void test_open(void **state)
{
	static const int refused[] = {O_WRONLY, O_RDWR, O_RDONLY | O_CREAT,
	                              O_RDONLY | O_TRUNC};
	struct err e = {0};
	int fd;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		assert_int_equal(
			host_file_open(&tmproot.host, "/etc/inside", refused[i], &e),
			-EINVAL);
	assert_string_equal(tmproot_read("/etc/inside"), "inside\n");
	fd = host_file_open(&tmproot.host, "/etc", O_RDONLY | O_DIRECTORY, &e);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	(void)close(fd);
	assert_int_equal(host_file_open(&tmproot.host, "/etc/inside", O_DIRECTORY, &e),
	                 -ENOTDIR);
}

static void test_list(void **state)
{
	char **names = NULL;
	struct err e;

	(void)state;
	for (unsigned i = 0; i < 30; i++)
		tmproot_write(keep_text(mem_format("/many/f%02u", (i * 7) % 30)), "");
	assert_int_equal(host_file_list(&tmproot.host, "/many", &names, &e), 0);
	for (unsigned i = 0; i < 30; i++)
		assert_string_equal(names[i], keep_text(mem_format("f%02u", i)));
	assert_null(names[30]);
	names_free(names);
	tmproot_dir("/none");
	assert_int_equal(host_file_list(&tmproot.host, "/none", &names, &e), 0);
	assert_null(names[0]);
	names_freep(&names);
	names_free(NULL);
}

static void test_write(void **state)
{
	struct err e = {0};

	(void)state;
	tmproot_write("/value", "60\n");
	assert_int_equal(host_file_write(&tmproot.host, "/value", "100", &e), 0);
	assert_string_equal(tmproot_read("/value"), "100\n");
	assert_int_equal(host_file_write(&tmproot.host, "/new", "1", &e), -ENOENT);
	assert_string_equal(e.text, "open /new: No such file or directory");
	assert_string_equal(tmproot_read("/new"), "(none)");
	assert_int_equal(host_file_write(&tmproot.host, "/etc", "1", &e), -EISDIR);
	assert_int_equal(host_file_write(&tmproot.host, "/etc/relative", "1", &e),
	                 -ELOOP);
	assert_int_equal(host_file_write(&tmproot.host, "/link-to-etc/inside", "1", &e),
	                 -ELOOP);
	assert_string_equal(tmproot_read("/etc/inside"), "inside\n");
}

/* A captured root shows what was written, not the tail of the old content. */
static void test_write_shorter(void **state)
{
	struct err e;

	(void)state;
	tmproot_write("/value", "6291456\n");
	assert_int_equal(host_file_write(&tmproot.host, "/value", "10", &e), 0);
	assert_string_equal(tmproot_read("/value"), "10\n");
}

/* How many write(2) this process called; -1 if the kernel does not count them. */
static long count_writes(void)
{
	char *line = NULL;
	FILE *f = fopen("/proc/self/io", "re");
	size_t size = 0;
	long n = -1;

	while (f && getline(&line, &size, f) > 0)
		if (strncmp(line, "syscw: ", 7) == 0)
			n = strtol(line + 7, NULL, 10);
	if (f)
		(void)fclose(f);
	free(line);
	return n;
}

/* /proc and /sys treat each write(2) as a whole value. */
static void test_one_write(void **state)
{
	char *text = keep_text(mem_new(4001, 1));
	long before = count_writes();
	struct err e;

	(void)state;
	if (before < 0)
		skip();
	memset(text, 'x', 4000);
	tmproot_write("/value", "");
	before = count_writes();
	assert_int_equal(host_file_write(&tmproot.host, "/value", text, &e), 0);
	assert_int_equal(count_writes() - before, 1);
	assert_int_equal(strlen(tmproot_read("/value")), 4001);
}

static void test_write_refused(void **state)
{
	struct err e = {0};

	(void)state;
	if (access("/dev/full", W_OK) < 0 || geteuid() != 0 ||
	    mknod(keep_text(mem_format("%s/full", tmproot.path)), S_IFCHR | 0600, 0x107) <
	            0)
		skip();
	if (host_file_write(&tmproot.host, "/full", "7", &e) == -EACCES)
		skip(); /* the temporary directory is mounted nodev */
	assert_int_equal(e.code, -ENOSPC);
	assert_string_equal(e.text, "write \"7\" to /full: No space left on device");
}

static void test_mkdir(void **state)
{
	struct host *h = &tmproot.host;
	struct err e = {0};
	struct stat st;

	(void)state;
	assert_int_equal(host_file_mkdir(h, "/mnt/disks//local/", 0750, &e), 1);
	assert_int_equal(host_file_stat(h, "/mnt/disks/local", &st, &e), 0);
	assert_int_equal(st.st_mode & 07777 & ~0750U, 0);
	assert_int_equal(host_file_mkdir(h, "/mnt/disks/local", 0755, &e), 0);
	assert_int_equal(host_file_mkdir(h, "/", 0755, &e), 0);
	assert_int_equal(host_file_mkdir(h, "/mnt/other", 0755, &e), 1);
}

/* Parents of a mount point too: pods must reach it, whatever umask hosttune runs with. */
static void test_mkdir_umask(void **state)
{
	static const char *const made[] = {"/mnt/a/b", "/mnt/a"};
	struct host *h = &tmproot.host;
	struct err e = {0};
	struct stat st;
	mode_t before = umask(077);
	int code;

	(void)state;
	code = host_file_mkdir(h, "/mnt/a/b", 0755, &e);
	(void)umask(before);
	assert_int_equal(code, 1);
	for (size_t i = 0; i < ARRAY_SIZE(made); i++) {
		assert_int_equal(host_file_stat(h, made[i], &st, &e), 0);
		assert_int_equal(st.st_mode & 0777, 0755);
	}
}

static const struct fault mkdir_faults[] = {
	{"mkdir behind a link", "/link-to-etc/new", -ELOOP},
	{"mkdir of a link", "/link-to-etc", -ELOOP},
	{"mkdir of a dangling link", "/etc/dangling", -ELOOP},
	{"mkdir behind a link that leads out", "/etc/outside-dir/new", -ELOOP},
	{"mkdir with dots", "/etc/../../outside/new", -EINVAL},
	{"mkdir with dots at the end", "/etc/..", -EINVAL},
};

static void test_mkdir_fault(void **state)
{
	const struct fault *row = *state;
	const char *before = tmproot_snapshot();
	struct err e = {0};

	assert_int_equal(host_file_mkdir(&tmproot.host, row->path, 0755, &e), row->code);
	assert_part(e.text, keep_text(mem_format("make directory %s: ", row->path)));
	assert_string_equal(tmproot_snapshot(), before);
	assert_string_equal(tmproot_read("../outside/new"), "(none)");
}

/* A file in the way is not a link, and is not reported as one. */
static void test_mkdir_file(void **state)
{
	struct err e = {0};

	(void)state;
	assert_true(host_file_mkdir(&tmproot.host, "/etc/inside/new", 0755, &e) < 0);
	assert_part(e.text, "Not a directory");
}

static void test_create(void **state)
{
	struct err e = {0};
	int fd = host_file_create(&tmproot.host, "/etc/lock", 0600, &e);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	(void)close(fd);
	assert_string_equal(tmproot_read("/etc/lock"), "");
	fd = host_file_create(&tmproot.host, "/etc/inside", 0600, &e);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_string_equal(tmproot_read("/etc/inside"), "inside\n");
	assert_int_equal(host_file_create(&tmproot.host, "/etc/out", 0600, &e), -ELOOP);
	assert_int_equal(host_file_create(&tmproot.host, "/missing/lock", 0600, &e),
	                 -ENOENT);
}

/* A captured tree is not live because of a link that leads to a live /proc. */
static void test_live(void **state)
{
	_free_ char *proc = mem_format("%s/proc", tmproot.outside);
	struct host h;
	struct err e;

	(void)state;
	assert_int_equal(symlink("/proc", proc), 0);
	assert_int_equal(host_open(&h, tmproot.outside, &e), 0);
	assert_false(h.live);
	host_close(&h);
	assert_int_equal(host_open(&h, "/", &e), 0);
	assert_true(h.live);
	host_close(&h);
}

/* Nobody opens its other end. */
static void test_fifo(void **state)
{
	char *text = NULL;
	struct err e;

	(void)state;
	assert_return_code(
		mkfifo(keep_text(mem_format("%s/etc/fifo", tmproot.path)), 0600), errno);
	assert_int_equal(host_file_read(&tmproot.host, "/etc/fifo", 4096, &text, &e),
	                 -ENXIO);
	assert_string_equal(e.text, "read /etc/fifo: is a FIFO");
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, tmproot_teardown);
	suite_rows(&s, faults, test_fault);
	suite_rows(&s, faults, test_write_fault);
	suite_test(&s, "read", test_read);
	suite_test(&s, "too big", test_too_big);
	suite_test(&s, "read a line", test_read_line);
	suite_test(&s, "read a sysctl", test_read_sysctl);
	suite_test(&s, "read a directory", test_directory);
	suite_test(&s, "stat", test_stat);
	suite_test(&s, "open", test_open);
	suite_test(&s, "list", test_list);
	suite_test(&s, "write", test_write);
	suite_test(&s, "write less than the old content", test_write_shorter);
	suite_test(&s, "one write(2)", test_one_write);
	suite_test(&s, "refused write", test_write_refused);
	suite_test(&s, "mkdir", test_mkdir);
	suite_test(&s, "mkdir with a strict umask", test_mkdir_umask);
	suite_rows(&s, mkdir_faults, test_mkdir_fault);
	suite_test(&s, "mkdir below a file", test_mkdir_file);
	suite_test(&s, "create a lock file", test_create);
	suite_test(&s, "live", test_live);
	suite_test(&s, "a FIFO does not block", test_fifo);
	return suite_run(&s);
}
