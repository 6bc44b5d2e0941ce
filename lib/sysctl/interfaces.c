/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/interfaces.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "host/file.h"
#include "host/host.h"
#include "sysctl/key.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

void sysctl_interfaces_name(struct sysctl_interfaces *in, char *key)
{
	in->named = mem_grow(in->named, &in->cap_named, in->n_named, sizeof(*in->named));
	in->named[in->n_named++] = key;
}

static void interface_done(struct sysctl_interface *i)
{
	free(i->key);
	free(i->now);
	free(i->write);
	free(i->had);
}

static void forget_all(struct sysctl_interfaces *in)
{
	for (size_t i = 0; i < in->n; i++)
		interface_done(&in->list[i]);
	free(in->list);
	in->list = NULL;
	in->n = in->cap = 0;
}

void sysctl_interfaces_done(struct sysctl_interfaces *in)
{
	forget_all(in);
	free(in->named);
	*in = (struct sysctl_interfaces){0};
}

/* --- finding --------------------------------------------------------------------------
 */

/* The parts of a path around the name of the interface, "/proc/sys/net/ipv4/conf/" first.
 */
struct split {
	char *dir, *name, *leaf; /* dir and name are one text; leaf begins with "/" */
};

static struct split split_path(char *path)
{
	struct split s = {path, NULL, NULL};
	char *p = path;

	/* /proc/sys/net/FAMILY/conf/NAME/KEY */
	for (int i = 0; i < 5 && p; i++)
		p = strchr(p + 1, '/');
	if (!p)
		return (struct split){path, path + strlen(path), path + strlen(path)};
	*p = '\0';
	s.name = p + 1;
	s.leaf = strchr(s.name, '/');
	return s;
}

static bool is_named(const struct sysctl_interfaces *in, const char *key)
{
	for (size_t i = 0; i < in->n_named; i++)
		if (strcmp(in->named[i], key) == 0)
			return true;
	return false;
}

static const char *had_of(const struct sysctl_interfaces *in, const char *key)
{
	for (size_t i = 0; i < in->n; i++)
		if (strcmp(in->list[i].key, key) == 0)
			return in->list[i].had;
	return NULL;
}

/* Read one key into `to`. An interface may have vanished meanwhile, or lack the key. */
static int read_one(struct sysctl_interfaces *to, const struct sysctl_interfaces *before,
                    const char *path, const struct sysctl_value *v, const struct host *h,
                    struct err *e)
{
	_free_ char *key = sysctl_key_of_path(path), *raw = NULL;
	struct sysctl_interface *new;
	int code;

	if (is_named(before, key))
		return 0;
	code = host_file_read_line(h, path, &raw, e);
	if (code == -ENOENT || code == -ENOTDIR)
		return 0;
	if (code < 0)
		return code;
	to->list = mem_grow(to->list, &to->cap, to->n, sizeof(*to->list));
	new = &to->list[to->n++];
	*new = (struct sysctl_interface){.now = words_collapse(raw)};
	new->write = sysctl_value_resolve(v, new->now);
	if (had_of(before, key))
		new->had = mem_dup(had_of(before, key));
	new->key = TAKE_PTR(key);
	return 0;
}

/* 0: all, 1: default, 2: an interface. */
static int rank(const char *name)
{
	return strcmp(name, "all") == 0 ? 0 : strcmp(name, "default") == 0 ? 1 : 2;
}

int sysctl_interfaces_observe(struct sysctl_interfaces *in, const char *pattern,
                              const struct sysctl_value *v, const struct host *h,
                              struct err *e)
{
	_cleanup_(names_freep) char **names = NULL;
	_free_ char *path = sysctl_key_path(pattern);
	struct split s = split_path(path);
	struct sysctl_interfaces found = {0};
	_free_ char *name = NULL;
	int code;

	name = mem_format("%.*s", (int)(s.leaf - s.name), s.name);
	code = host_file_list(h, s.dir, &names, e);
	if (code == -ENOENT)
		code = 0;
	for (int r = 0; names && code == 0 && r <= 2; r++)
		for (size_t i = 0; names[i] && code == 0; i++) {
			_free_ char *one = mem_format("%s/%s%s", s.dir, names[i], s.leaf);

			if (rank(names[i]) == r && fnmatch(name, names[i], 0) == 0)
				code = read_one(&found, in, one, v, h, e);
		}
	forget_all(in);
	in->list = found.list;
	in->n = found.n;
	in->cap = found.cap;
	return code;
}

/* --- values ---------------------------------------------------------------------------
 */

bool sysctl_interfaces_differ(const struct sysctl_interfaces *in)
{
	for (size_t i = 0; i < in->n; i++)
		if (strcmp(in->list[i].now, in->list[i].write) != 0)
			return true;
	return false;
}

/* "eth0" of "net.ipv4.conf.eth0.rp_filter", as a key has it. */
static void add_name(struct buf *b, const char *key)
{
	const char *start = key, *end = strrchr(key, '.');

	for (int i = 0; i < 3; i++)
		start = strchr(start, '.') + 1;
	buf_addf(b, "%s%.*s", b->len && b->text[b->len - 1] != '(' ? " " : "",
	         (int)(end - start), start);
}

static bool is_first_with_value(const struct sysctl_interfaces *in, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(in->list[i].now, in->list[at].now) == 0)
			return false;
	return true;
}

static bool have_one_value(const struct sysctl_interfaces *in)
{
	for (size_t i = 1; i < in->n; i++)
		if (is_first_with_value(in, i))
			return false;
	return true;
}

char *sysctl_interfaces_describe(const struct sysctl_interfaces *in)
{
	_buf_ struct buf b = {0};

	if (in->n > 0 && have_one_value(in))
		return mem_dup(in->list[0].now);
	for (size_t i = 0; i < in->n; i++) {
		if (!is_first_with_value(in, i))
			continue;
		buf_addf(&b, "%s%s (", b.len ? ", " : "", in->list[i].now);
		for (size_t j = i; j < in->n; j++)
			if (strcmp(in->list[j].now, in->list[i].now) == 0)
				add_name(&b, in->list[j].key);
		buf_add(&b, ")");
	}
	return buf_take(&b);
}

/* --- writing --------------------------------------------------------------------------
 */

/* The interface may have vanished: then there is nothing to write. */
static int write_one(const char *key, const char *text, struct host *h, struct err *e)
{
	_free_ char *path = sysctl_key_path(key);
	int code = host_file_write(h, path, text, e);

	return code == -ENOENT ? 0 : code;
}

int sysctl_interfaces_apply(struct sysctl_interfaces *in, struct host *h, struct err *e)
{
	int code = 0;

	for (size_t i = 0; i < in->n && code == 0; i++) {
		struct sysctl_interface *one = &in->list[i];

		if (strcmp(one->now, one->write) == 0)
			continue;
		if (!one->had)
			one->had = mem_dup(one->now);
		code = write_one(one->key, one->write, h, e);
	}
	return code;
}

int sysctl_interfaces_revert(struct sysctl_interfaces *in, struct host *h, struct err *e)
{
	struct err ignored = {0};
	int code = 0;

	/* "all" first again: what it resets is restored after it */
	for (size_t i = 0; i < in->n; i++) {
		struct sysctl_interface *one = &in->list[i];
		int r = one->had ? write_one(one->key, one->had, h,
		                             code < 0 ? &ignored : e)
		                 : 0;

		if (r < 0 && code == 0)
			code = r;
		if (r == 0)
			mem_set(&one->had, NULL);
	}
	return code;
}
