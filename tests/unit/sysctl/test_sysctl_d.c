/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which of the sysctl.d(5) files wins; tests/vm/history.sh compares with systemd-sysctl.
 */
#include "base/mem.h"
#include "sysctl/sysctl_d.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <sys/stat.h>

#define FILES_MAX 5

static const struct row {
	const char *name;
	struct {
		const char *path, *text;
	} files[FILES_MAX];
	const char *key;
	const char
		*found; /* "FILE:LINE VALUE", then " settings" and " beats"; NULL: none */
} rows[] = {
	{.name = "no files", .key = "vm.a", NULL},
	{"one",
         {{"/etc/sysctl.d/1.conf", "vm.a = 1\n"}},
         "vm.a",
         "/etc/sysctl.d/1.conf:1 1"},
	{"a vendor's file",
         {{"/usr/lib/sysctl.d/1.conf", "\nvm.a=1"}},
         "vm.a",
         "/usr/lib/sysctl.d/1.conf:2 1"},
	{"a file in /usr/local",
         {{"/usr/local/lib/sysctl.d/1.conf", "vm.a=1"}},
         "vm.a",
         "/usr/local/lib/sysctl.d/1.conf:1 1"},
	{"the order of names, not of directories",
         {{"/etc/sysctl.d/10-a.conf", "vm.a=1"},
          {"/usr/lib/sysctl.d/20-b.conf", "vm.a=2"}},
         "vm.a",
         "/usr/lib/sysctl.d/20-b.conf:1 2"},
	{"a file in /etc hides one in /usr/lib",
         {{"/etc/sysctl.d/50.conf", "vm.b=1"}, {"/usr/lib/sysctl.d/50.conf", "vm.a=2"}},
         "vm.a",
         NULL},
	{"an empty file hides one, too",
         {{"/run/sysctl.d/50.conf", ""}, {"/usr/lib/sysctl.d/50.conf", "vm.a=2"}},
         "vm.a",
         NULL},
	{"the last line wins",
         {{"/etc/sysctl.d/1.conf", "vm.a=1\nvm.a = 2 \r\n"}},
         "vm.a",
         "/etc/sysctl.d/1.conf:2 2"},
	{"other file names are ignored",
         {{"/etc/sysctl.d/1.conf.bak", "vm.a=1"}, {"/etc/sysctl.d/.conf", "vm.a=2"}},
         "vm.a",
         NULL},
	{"slashes",
         {{"/etc/sysctl.d/1.conf", "vm/a=1"}},
         "vm.a",
         "/etc/sysctl.d/1.conf:1 1"},
	{"the first separator decides",
         {{"/etc/sysctl.d/1.conf", "net/ipv4/conf/eth0.1/forwarding = 1"}},
         "net.ipv4.conf.eth0/1.forwarding",
         "/etc/sysctl.d/1.conf:1 1"},
	{"a dash: errors are ignored",
         {{"/etc/sysctl.d/1.conf", "- vm.a=1"}},
         "vm.a",
         "/etc/sysctl.d/1.conf:1 1"},
	{"comments and invalid lines",
         {{"/etc/sysctl.d/1.conf", "#vm.a=1\n;vm.a=2\n  # vm.a=3\nvm.a\n\n"}},
         "vm.a",
         NULL},
	{"a vector",
         {{"/etc/sysctl.d/1.conf", "vm.a=1\t2   3"}},
         "vm.a",
         "/etc/sysctl.d/1.conf:1 1 2 3"},
	{"a pattern",
         {{"/etc/sysctl.d/1.conf", "net.ipv4.conf.*.rp_filter=2"}},
         "net.ipv4.conf.eth0.rp_filter",
         "/etc/sysctl.d/1.conf:1 2"},
	{"a pattern does not cross a separator",
         {{"/etc/sysctl.d/1.conf", "net.*.rp_filter=2"}},
         "net.ipv4.conf.eth0.rp_filter",
         NULL},
	{"a full key wins over a pattern",
         {{"/etc/sysctl.d/1.conf", "vm.a=1"}, {"/etc/sysctl.d/2.conf", "vm.*=2"}},
         "vm.a",
         "/etc/sysctl.d/1.conf:1 1"},
	{"a key excluded from patterns",
         {{"/etc/sysctl.d/1.conf", "vm.*=2\n-vm.a"}},
         "vm.a",
         NULL},
	{"an excluded key set again",
         {{"/etc/sysctl.d/1.conf", "-vm.a\nvm.*=2\nvm.a=3"}},
         "vm.a",
         "/etc/sysctl.d/1.conf:3 3"},
	{"the last pattern wins",
         {{"/etc/sysctl.d/1.conf", "vm.*=1\nvm.?=2"}},
         "vm.a",
         "/etc/sysctl.d/1.conf:2 2"},
	{"the settings",
         {{"/etc/sysctl.d/95-corndog.conf", "-vm.a=1"},
          {"/usr/lib/sysctl.d/90.conf", "vm.a=2"}},
         "vm.a",
         "/etc/sysctl.d/95-corndog.conf:1 1 settings"},
	{"a file after the settings",
         {{"/etc/sysctl.d/95-corndog.conf", "-vm.a=1"},
          {"/etc/sysctl.d/99-x.conf", "vm.a=2"}},
         "vm.a",
         "/etc/sysctl.d/99-x.conf:1 2 beats"},
	{"without the settings no file beats them",
         {{"/etc/sysctl.d/99-x.conf", "vm.a=2"}},
         "vm.a",
         "/etc/sysctl.d/99-x.conf:1 2"},
	{"sysctl.conf is last, and systemd does not read it",
         {{"/etc/sysctl.d/95-corndog.conf", "-vm.a=1"}, {"/etc/sysctl.conf", "vm.a=3"}},
         "vm.a",
         "/etc/sysctl.conf:1 3"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	_sysctl_d_ struct sysctl_d *d = NULL;
	struct sysctl_d_entry e;
	_free_ char *text = NULL;

	for (size_t i = 0; i < FILES_MAX && row->files[i].path; i++)
		tmproot_write(row->files[i].path, row->files[i].text);
	d = sysctl_d_read(&tmproot.host);
	if (sysctl_d_find(d, row->key, &e))
		text = mem_format("%s:%u %s%s%s", e.file, e.line, e.value,
		                  e.settings ? " settings" : "", e.beats ? " beats" : "");
	assert_text(text, row->found);
}

/* What systemd-sysctl leaves at boot. */
static const struct row at_boot[] = {
	{"systemd does not read sysctl.conf",
         {{"/etc/sysctl.d/90.conf", "vm.a=1"}, {"/etc/sysctl.conf", "vm.a=3"}},
         "vm.a",
         "/etc/sysctl.d/90.conf:1 1"},
	{"/lib is read, after /usr/lib",
         {{"/lib/sysctl.d/90.conf", "vm.a=1"}, {"/lib/sysctl.d/91.conf", "vm.a=2"}},
         "vm.a",
         "/lib/sysctl.d/91.conf:1 2"},
	{"the name of the file decides, not its directory",
         {{"/etc/sysctl.d/50.conf", "vm.a=1"}, {"/usr/lib/sysctl.d/60.conf", "vm/a=2"}},
         "vm.a",
         "/usr/lib/sysctl.d/60.conf:1 2"},
	{"a key that is excluded later",
         {{"/etc/sysctl.d/50.conf", "vm.a=1"}, {"/etc/sysctl.d/60.conf", "-vm.a"}},
         "vm.a",
         "/etc/sysctl.d/60.conf:1 excluded"},
	{"the later pattern",
         {{"/etc/sysctl.d/50.conf", "net.ipv4.conf.*.a=1\nnet.*.conf.eth0.a=2"}},
         "net.ipv4.conf.eth0.a",
         "/etc/sysctl.d/50.conf:2 2"},
	{"a pattern repeated with its value keeps its place",
         {{"/etc/sysctl.d/50.conf",
           "net.ipv4.conf.*.a=1\nnet.*.conf.eth0.a=2\nnet.ipv4.conf.*.a=1"}},
         "net.ipv4.conf.eth0.a",
         "/etc/sysctl.d/50.conf:2 2"},
	{"repeated with another value it moves",
         {{"/etc/sysctl.d/50.conf",
           "net.ipv4.conf.*.a=1\nnet.*.conf.eth0.a=2\nnet.ipv4.conf.*.a=3"}},
         "net.ipv4.conf.eth0.a",
         "/etc/sysctl.d/50.conf:3 3"},
};

static void test_at_boot(void **state)
{
	const struct row *row = *state;
	_sysctl_d_ struct sysctl_d *d = NULL;
	struct sysctl_d_entry e;
	_free_ char *text = NULL;

	for (size_t i = 0; i < FILES_MAX && row->files[i].path; i++)
		tmproot_write(row->files[i].path, row->files[i].text);
	d = sysctl_d_read(&tmproot.host);
	assert_null(sysctl_d_unknown(d));
	if (sysctl_d_at_boot(d, row->key, &e))
		text = mem_format("%s:%u %s", e.file, e.line,
		                  e.value ? e.value : "excluded");
	assert_text(text, row->found);
}

/* Debian 12 links to sysctl.conf: then systemd reads it, as 99-sysctl.conf. */
static void test_linked(void **state)
{
	static const char *const targets[] = {"../sysctl.conf", "/etc/sysctl.conf"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		_sysctl_d_ struct sysctl_d *d = NULL;
		struct sysctl_d_entry e;

		tmproot_write("/etc/sysctl.conf", "vm.a=3");
		tmproot_write("/etc/sysctl.d/90.conf", "vm.a=1");
		tmproot_link("/etc/sysctl.d/99-sysctl.conf", targets[i]);
		d = sysctl_d_read(&tmproot.host);
		assert_true(sysctl_d_at_boot(d, "vm.a", &e));
		assert_string_equal(e.file, "/etc/sysctl.d/99-sysctl.conf");
		assert_string_equal(e.value, "3");
		tmproot_remove("/etc/sysctl.d/99-sysctl.conf");
	}
}

static void make_circle(const char *path)
{
	tmproot_link(path, "50.conf");
}

static void make_pipe(const char *path)
{
	_free_ char *full = mem_format("%s%s", tmproot.path, path);

	assert_return_code(mkfifo(full, 0600), errno);
}

static const struct hostile {
	const char *name;
	void (*make)(const char *path);
} hostiles[] = {
	{"a link to itself", make_circle},
	{"a directory", tmproot_dir},
	{"a pipe", make_pipe},
};

/* What is no file could block, or lead anywhere: what it holds is unknown. */
static void test_hostile(void **state)
{
	const struct hostile *row = *state;
	_sysctl_d_ struct sysctl_d *d = NULL;

	tmproot_dir("/etc/sysctl.d");
	row->make("/etc/sysctl.d/50.conf");
	d = sysctl_d_read(&tmproot.host);
	assert_non_null(sysctl_d_unknown(d));
}

/* A link that leaves the root is not followed: the file counts as empty. */
static void test_masked(void **state)
{
	_sysctl_d_ struct sysctl_d *d = NULL;
	struct sysctl_d_entry e;

	(void)state;
	tmproot_dir("/etc/sysctl.d");
	tmproot_link("/etc/sysctl.d/50.conf", "/dev/null");
	tmproot_write("/usr/lib/sysctl.d/50.conf", "vm.a=2");
	d = sysctl_d_read(&tmproot.host);
	assert_false(sysctl_d_find(d, "vm.a", &e));
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, rows, test_row);
	suite_rows(&s, at_boot, test_at_boot);
	suite_test(&s, "masked by a link to /dev/null", test_masked);
	suite_test(&s, "a link to sysctl.conf", test_linked);
	suite_rows(&s, hostiles, test_hostile);
	return suite_run(&s);
}
