/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "keys.h"

#include "base/mem.h"
#include "base/text/buf.h"

#include <ctype.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT "/proc/sys/"

/* Not written at all: key, reason. */
static const char *const untouched[][2] = {
	{"kernel.modules_disabled", "cannot be undone"},
	{"kernel.kexec_load_disabled", "cannot be undone"},
	{"kernel.kexec_load_limit_panic", "can only be lowered"},
	{"kernel.kexec_load_limit_reboot", "can only be lowered"},
	{"kernel.unprivileged_bpf_disabled", "1 cannot be undone"},
	{"kernel.yama.ptrace_scope", "3 cannot be undone"},
	{"kernel.usermodehelper.bset", "can only be lowered"},
	{"kernel.usermodehelper.inheritable", "can only be lowered"},
	{"vm.memfd_noexec", "can only be raised"},
	{"net.netfilter.nf_hooks_lwtunnel", "1 cannot be undone"},
	{"kernel.ns_last_pid", "changes by itself"},
	{NULL, NULL},
};

/* Written with their own value only: others would stop or starve the machine. */
static const char *const own_only[] = {
	"vm.min_free_kbytes",
	"vm.nr_hugepages",
	"vm.nr_hugepages_mempolicy",
	"vm.nr_overcommit_hugepages",
	"vm.admin_reserve_kbytes",
	"vm.user_reserve_kbytes",
	"vm.overcommit_memory",
	"vm.lowmem_reserve_ratio",
	"vm.watermark_boost_factor",
	"vm.watermark_scale_factor",
	"kernel.sysrq",
	"kernel.watchdog_thresh",
	"net.core.netdev_budget",
	"net.core.dev_weight",
	"fs.mount-max",
	"dev.tty.ldisc_autoload",
	NULL,
};

static const char *const moving[] = {
	"kernel.random.uuid", "kernel.ns_last_pid", "fs.inode-nr", "fs.inode-state",
	"fs.file-nr",         "fs.dentry-state",    NULL,
};

static bool is_in(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

bool keys_is_untouched(const char *name)
{
	for (size_t i = 0; untouched[i][0]; i++)
		if (strcmp(untouched[i][0], name) == 0)
			return true;
	return false;
}

bool keys_is_own_only(const char *name)
{
	return is_in(own_only, name);
}

bool keys_is_moving(const char *name)
{
	return is_in(moving, name);
}

/* --- listing ---------------------------------------------------------------------------
 */

/* nftw() passes no argument on. */
static struct keys *listed;

static int list_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct key *k;

	(void)ftw;
	if (type != FTW_F)
		return 0;
	listed->list = mem_grow(listed->list, &listed->cap, listed->n, sizeof(*k));
	k = &listed->list[listed->n++];
	*k = (struct key){.name = mem_dup(path + strlen(ROOT)),
	                  .path = mem_dup(path),
	                  .mode = st->st_mode & 0777};
	for (char *p = k->name; *p; p++)
		*p = *p == '.' ? '/' : *p == '/' ? '.' : *p;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct key *)a)->name, ((const struct key *)b)->name);
}

void keys_list(struct keys *ret)
{
	*ret = (struct keys){0};
	listed = ret;
	(void)nftw("/proc/sys", list_one, 16, FTW_PHYS);
	if (ret->n > 0)
		qsort(ret->list, ret->n, sizeof(*ret->list), compare_names);
}

void keys_done(struct keys *k)
{
	for (size_t i = 0; i < k->n; i++) {
		free(k->list[i].name);
		free(k->list[i].path);
	}
	free(k->list);
	*k = (struct keys){0};
}

/* --- values ----------------------------------------------------------------------------
 */

/* One blank between words, none around them. */
static void collapse(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++)
		if (!isspace((unsigned char)*p))
			*to++ = *p;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

char *keys_read(const char *path)
{
	_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_buf_ struct buf b = {0};
	char part[65536];
	ssize_t n;

	if (fd < 0)
		return NULL;
	while ((n = read(fd, part, sizeof(part))) > 0)
		buf_add_n(&b, part, (size_t)n);
	if (n < 0)
		return NULL;
	buf_add(&b, "");
	collapse(b.text);
	return buf_take(&b);
}

bool keys_write(const char *path, const char *text)
{
	_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	_free_ char *line = mem_format("%s\n", text);

	return fd >= 0 && write(fd, line, strlen(line)) >= 0;
}

bool keys_takes(const char *path, const char *text, const char *expect)
{
	_free_ char *shown = keys_write(path, text) ? keys_read(path) : NULL;

	return shown && strcmp(shown, expect) == 0;
}

/* --- text ------------------------------------------------------------------------------
 */

size_t keys_count_words(const char *text)
{
	size_t n = *text ? 1 : 0;

	for (; *text; text++)
		n += *text == ' ';
	return n;
}

bool keys_is_numbers(const char *text)
{
	do {
		text += *text == '-';
		if (!isdigit((unsigned char)*text))
			return false;
		text += strspn(text, "0123456789");
	} while (*text == ' ' && *++text);
	return !*text && text[-1] != ' ';
}

wide keys_number(const char *text)
{
	bool negative = *text == '-';
	wide n = 0;

	for (text += negative; isdigit((unsigned char)*text); text++)
		n = n * 10 + (*text - '0');
	return negative ? -n : n;
}

char *keys_format(wide n)
{
	char digits[48], *p = digits + sizeof(digits);
	bool negative = n < 0;

	*--p = '\0';
	do {
		*--p = (char)('0' + (int)(negative ? -(n % 10) : n % 10));
		n /= 10;
	} while (n != 0);
	if (negative)
		*--p = '-';
	return mem_dup(p);
}
