/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An object is an interface, a group and its attributes, "eth0:2 rings rx,tx", and a
 * value is one value of each, "1024,512": what the kernel sets together is restored
 * together.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "network/index.h"
#include "network/nic.h"
#include "network/text.h"

#include <errno.h>
#include <string.h>

static const struct net_group *group_named(const char *name, size_t len)
{
	const struct net_group *const *g = net_groups;

	while (*g && (strlen((*g)->name) != len || strncmp((*g)->name, name, len) != 0))
		g++;
	return *g;
}

/* An object, parsed. */
struct net_object {
	char *interface;
	const struct net_group *group;
	size_t attrs[NET_ATTRS_MAX], n; /* indices */
};

static void net_object_done(struct net_object *o)
{
	mem_set(&o->interface, NULL);
}

#define _object_ _cleanup_(net_object_done)

static bool has_attr(const struct net_object *o, size_t attr)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->attrs[i] == attr)
			return true;
	return false;
}

static bool add_attr(struct net_object *o, const char *name, size_t len)
{
	for (size_t i = 0; i < o->group->n; i++)
		if (strlen(o->group->attrs[i].name) == len &&
		    strncmp(o->group->attrs[i].name, name, len) == 0) {
			if (has_attr(o, i))
				return false;
			o->attrs[o->n++] = i;
			return true;
		}
	return false;
}

/* Return: whether it is an object; *ret_word, owned, is its interface as in the journal.
 */
static bool net_object_split(const char *text, struct net_object *ret, char **ret_word)
{
	const char *group = strchr(text, ' '),
		   *rest = group ? strchr(group + 1, ' ') : NULL;
	const char *word;
	size_t len;

	*ret = (struct net_object){0};
	*ret_word = NULL;
	if (!rest)
		return false;
	*ret_word = mem_dup_n(text, (size_t)(group - text));
	ret->group = group_named(group + 1, (size_t)(rest - group - 1));
	if (!ret->group)
		return false;
	rest++;
	while ((word = words_next(&rest, ',', &len)))
		if (!add_attr(ret, word, len))
			return false;
	return ret->n > 0;
}

static int net_object_parse(const struct host *h, const char *text,
                            struct net_object *ret, struct err *e)
{
	_free_ char *interface = NULL;

	return net_object_split(text, ret, &interface)
	               ? net_index_name(h, interface, &ret->interface, e)
	               : err_set(e, -EINVAL, "\"%s\": is no group of an interface", text);
}

static char *joined(const struct net_object *o, const uint64_t *values)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < o->n; i++) {
		_free_ char *one =
			net_attr_text(&o->group->attrs[o->attrs[i]], values[o->attrs[i]]);

		buf_join(&b, ",", one);
	}
	return buf_take(&b);
}

/* Return: whether the text has one value for each attribute, and nothing else. */
static bool split_values(const struct net_object *o, const char *text, uint64_t *ret)
{
	size_t len, n = 0;
	const char *word;

	memset(ret, 0xff, NET_ATTRS_MAX * sizeof(*ret));
	while ((word = words_next(&text, ',', &len)))
		if (n == o->n || !net_attr_parse(&o->group->attrs[o->attrs[n]], word, len,
		                                 &ret[o->attrs[n]]))
			return false;
		else
			n++;
	return n == o->n;
}

static void nic_undo_list(const struct resource *r, const struct host *h,
                          struct undo_values *ret)
{
	const struct nic *n = nic_of_const(r);
	struct net_object o = {.group = n->group};
	uint64_t want[NET_ATTRS_MAX];
	_free_ char *word = net_index_word(n->item.interface, n->item.index);
	_buf_ struct buf object = {0};

	(void)h;
	nic_want(n, want);
	buf_addf(&object, "%s %s", word, n->group->name);
	for (size_t i = 0; i < n->group->n; i++)
		if (want[i] != NET_KEEP && want[i] != n->seen.now[i]) {
			buf_addf(&object, "%s%s", o.n ? "," : " ",
			         n->group->attrs[i].name);
			o.attrs[o.n++] = i;
		}
	if (o.n)
		undo_add(ret, buf_take(&object), joined(&o, n->seen.now),
		         joined(&o, want));
}

static int nic_undo_read(const struct host *h, const char *object, char **ret_value,
                         struct err *e)
{
	_object_ struct net_object o;
	struct net_values v;
	int r = net_object_parse(h, object, &o, e);

	*ret_value = NULL;
	if (r == 0)
		r = net_group_read(h, o.group, o.interface, &v, e);
	if (r == 0)
		*ret_value = joined(&o, v.now);
	return r == -ENODEV ? 0 : r;
}

static int nic_undo_write(struct host *h, const char *object, const char *value,
                          struct err *e)
{
	uint64_t values[NET_ATTRS_MAX];
	_object_ struct net_object o;
	int r = net_object_parse(h, object, &o, e);

	if (r == 0 && !split_values(&o, value, values))
		r = err_set(e, -EINVAL, "\"%s\": is no value of %s", value, object);
	return r < 0 ? r : net_group_write(h, o.group, o.interface, values, e);
}

/* A run that changes more of a group has all that it changes in one object. */
static bool nic_undo_overlaps(const char *a, const char *b)
{
	_free_ char *of_a = NULL, *of_b = NULL;
	struct net_object one, other;

	if (!net_object_split(a, &one, &of_a) || !net_object_split(b, &other, &of_b) ||
	    one.group != other.group || !net_index_is_same(of_a, of_b))
		return false;
	for (size_t i = 0; i < one.n; i++)
		if (has_attr(&other, one.attrs[i]))
			return true;
	return false;
}

static char *nic_undo_command(const struct host *h, const char *object, const char *value)
{
	uint64_t values[NET_ATTRS_MAX];
	_object_ struct net_object o;
	struct err ignored;

	if (net_object_parse(h, object, &o, &ignored) < 0 ||
	    !split_values(&o, value, values))
		return NULL;
	return net_group_command(o.group, o.interface, values);
}

const struct undo nic_undo = {
	.list = nic_undo_list,
	.read = nic_undo_read,
	.write = nic_undo_write,
	.overlaps = nic_undo_overlaps,
	.command = nic_undo_command,
};
