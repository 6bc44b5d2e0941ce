/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/undo.h"

#include "base/mem.h"
#include "base/text/shell.h"
#include "base/text/words.h"
#include "host/file.h"
#include "sysctl/key.h"
#include "sysctl/known/known.h"
#include "sysctl/sysctl.h"

#include <errno.h>
#include <string.h>

/* Writing a key can make another one read 0: restoring that one restores both. */
static void add_excluded(const char *key, const struct host *h, struct undo_values *ret)
{
	const struct sysctl_known *known = sysctl_known_find(key);
	_free_ char *path = NULL;
	char *value = NULL;
	struct err ignored;

	if (!known || !known->excludes)
		return;
	path = sysctl_key_path(known->excludes);
	if (host_file_read_line(h, path, &value, &ignored) == 0 &&
	    strcmp(value, "0") != 0)
		undo_add(ret, mem_dup(known->excludes), TAKE_PTR(value), mem_dup("0"));
	mem_set(&value, NULL);
}

/* --- keys that set others ------------------------------------------------------------
 */

/* proc_dostring() has buffers of a few hundred bytes. */
#define TEXT_MAX 65536

#define IPV4_CONF "/proc/sys/net/ipv4/conf"
#define IPV6_CONF "/proc/sys/net/ipv6/conf"

/* A change of the key gives its value to all interfaces (and to "default"). */
static const struct {
	const char *key, *dir, *leaf;
} setting_all[] = {
	{"net.ipv4.ip_forward", IPV4_CONF, "forwarding"},
	{"net.ipv4.conf.all.forwarding", IPV4_CONF, "forwarding"},
	{"net.ipv6.conf.all.forwarding", IPV6_CONF, "forwarding"},
	{"net.ipv6.conf.all.disable_ipv6", IPV6_CONF, "disable_ipv6"},
};

/* Add what restoring another key would set to `set`, unless it has that value. */
static void add_unless(const char *path, const char *set, const struct host *h,
                       struct undo_values *ret)
{
	_free_ char *value = NULL;
	struct err ignored;

	if (host_file_read_line(h, path, &value, &ignored) == 0 &&
	    strcmp(value, set) != 0)
		undo_add(ret, sysctl_key_of_path(path), TAKE_PTR(value), NULL);
}

/*
 * The interfaces that differ from `now`, the value of the key: restoring it would leave
 * them at that. They come before the key, so that they are restored after it.
 */
static void add_set(const char *key, const char *now, const struct host *h,
                    struct undo_values *ret)
{
	for (size_t i = 0; now && i < ARRAY_SIZE(setting_all); i++) {
		const char *dir = setting_all[i].dir, *leaf = setting_all[i].leaf;
		_cleanup_(names_freep) char **names = NULL;
		struct err ignored;

		if (strcmp(key, setting_all[i].key) != 0 ||
		    host_file_list(h, dir, &names, &ignored) < 0)
			continue;
		for (size_t n = 0; names[n]; n++) {
			_free_ char *path = mem_format("%s/%s/%s", dir, names[n], leaf);

			add_unless(path, now, h, ret);
		}
		/* a router accepts no redirects: the kernel sets this, too */
		if (strcmp(dir, IPV4_CONF) == 0)
			add_unless(IPV4_CONF "/all/accept_redirects",
			           strcmp(now, "0") == 0 ? "1" : "0", h, ret);
	}
}

/* --- what is about to change ---------------------------------------------------------
 */

static void list_interfaces(const struct sysctl_interfaces *in, const struct host *h,
                            struct undo_values *ret)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct sysctl_interface *one = &in->list[i];

		if (strcmp(one->now, one->write) == 0)
			continue;
		add_set(one->key, one->now, h, ret);
		undo_add(ret, mem_dup(one->key), mem_dup(one->now), mem_dup(one->write));
	}
}

static bool is_text_key(const char *key)
{
	const struct sysctl_row *row = sysctl_table_find(key);

	return row && row->shape == SHAPE_TEXT;
}

/*
 * The value as the file has it, but for the line's end: a text is restored with all of
 * its blanks. Others are compared with what a profile says, so their blanks are
 * collapsed.
 */
static int read_value(const struct host *h, const char *key, char **ret, struct err *e)
{
	bool is_text = is_text_key(key);
	_free_ char *path = sysctl_key_path(key), *raw = NULL;
	size_t len;
	int r = is_text ? host_file_read(h, path, TEXT_MAX, &raw, e)
	                : host_file_read_line(h, path, &raw, e);

	if (r < 0)
		return r;
	len = strlen(raw);
	if (is_text && len > 0 && raw[len - 1] == '\n')
		raw[len - 1] = '\0';
	*ret = is_text && !strchr(raw, '\t') ? TAKE_PTR(raw) : words_collapse(raw);
	return 0;
}

static void sysctl_undo_list(const struct resource *r, const struct host *h,
                             struct undo_values *ret)
{
	const struct sysctl *s = CONST_CONTAINER_OF(r, struct sysctl, r);
	_free_ char *now = NULL;
	struct err ignored;

	if (sysctl_table_is_wildcard(r->name)) {
		list_interfaces(&s->interfaces, h, ret);
		return;
	}
	add_set(r->name, r->seen.now, h, ret);
	/* what was observed lacks only the blanks of a text */
	if (!is_text_key(r->name) || read_value(h, r->name, &now, &ignored) < 0)
		now = mem_dup(r->seen.now);
	undo_add(ret, mem_dup(r->name), TAKE_PTR(now), mem_dup(s->write));
	add_excluded(r->name, h, ret);
}

static int sysctl_undo_read(const struct host *h, const char *object, char **ret_value,
                            struct err *e)
{
	const char *fault = sysctl_key_fault(object);
	int r;

	*ret_value = NULL;
	if (fault)
		return err_set(e, -EINVAL, "\"%s\": %s", object, fault);
	r = read_value(h, object, ret_value, e);
	return r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

static int sysctl_undo_write(struct host *h, const char *object, const char *value,
                             struct err *e)
{
	_free_ char *path = sysctl_key_path(object);

	return host_file_write(h, path, value, e);
}

static char *sysctl_undo_command(const struct host *h, const char *object,
                                 const char *value)
{
	_free_ char *quoted = shell_quote(value);

	(void)h;
	return mem_format("sysctl -w %s=%s", object, quoted);
}

const struct undo sysctl_undo = {
	.list = sysctl_undo_list,
	.read = sysctl_undo_read,
	.write = sysctl_undo_write,
	.command = sysctl_undo_command,
};
