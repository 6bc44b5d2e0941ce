/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which of the sysctl.d(5) files wins; tests/vm/history.sh compares with systemd-sysctl.
 */
#include "base/mem.h"
#include "sysctl/sysctl_d.h"
#include "test.h"
#include "tmproot.h"

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
	suite_test(&s, "masked by a link to /dev/null", test_masked);
	return suite_run(&s);
}
