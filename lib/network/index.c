/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/index.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/host.h"
#include "host/own_netns.h"
#include "network/select.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <string.h>

int net_index_read(const struct host *h, const char *interface, unsigned *ret,
                   struct err *e)
{
	_free_ char *path = mem_format("/sys/class/net/%s/ifindex", interface);
	_free_ char *text = NULL;
	uint64_t number;
	int r;

	*ret = 0;
	if (!h->live)
		return 0;
	r = host_file_read_line(h, path, &text, e);
	/* the file of an interface that is just removed can still be opened */
	if (r == -ENOENT || r == -ENOTDIR || r == -EINVAL)
		return -ENODEV;
	if (r < 0)
		return r;
	if (num_u64(text, &number) < 0 || number == 0 || number > INT32_MAX)
		return err_set(e, -EBADMSG, "%s: is no number of an interface", path);
	*ret = (unsigned)number;
	return 0;
}

int net_index_check(const struct host *h, const char *interface, unsigned index,
                    struct err *e)
{
	char name[IF_NAMESIZE];
	struct err ignored;
	unsigned now;
	int r = net_index_read(h, interface, &now, e);

	if ((r < 0 && r != -ENODEV) || (r == 0 && now == index))
		return r;
	if (host_netns_check(h, &ignored) == 0 && if_indextoname(index, name))
		return err_set(e, -ESTALE, "%s was renamed to %s during this run",
		               interface, name);
	return r < 0 ? r
	             : err_set(e, -ESTALE, "another interface has the name %s now",
	                       interface);
}

char *net_index_word(const char *interface, unsigned index)
{
	return index ? mem_format("%s:%u", interface, index) : mem_dup(interface);
}

/* Split it. Return: whether it is a word; *ret_name is owned. */
static bool split_word(const char *word, char **ret_name, unsigned *ret_index)
{
	const char *colon = strchr(word, ':');
	uint64_t number = 0;

	*ret_name = colon ? mem_dup_n(word, (size_t)(colon - word)) : mem_dup(word);
	if (colon &&
	    (num_u64(colon + 1, &number) < 0 || number == 0 || number > INT32_MAX))
		return false;
	*ret_index = (unsigned)number;
	return net_select_is_name(*ret_name);
}

bool net_index_is_same(const char *a, const char *b)
{
	_free_ char *name_a = NULL, *name_b = NULL;
	unsigned index_a, index_b;

	if (!split_word(a, &name_a, &index_a) || !split_word(b, &name_b, &index_b))
		return false;
	return index_a && index_b ? index_a == index_b : strcmp(name_a, name_b) == 0;
}

int net_index_name(const struct host *h, const char *word, char **ret_name, struct err *e)
{
	char now[IF_NAMESIZE];
	unsigned index;
	int r;

	if (!split_word(word, ret_name, &index))
		return err_set(e, -EINVAL, "\"%s\": is no interface", word);
	if (index == 0 || !h->live)
		return 0;
	r = host_netns_check(h, e);
	if (r < 0)
		return r;
	if (!if_indextoname(index, now))
		return errno == ENXIO ? err_set(e, -ENODEV, "%s is gone", *ret_name)
		                      : err_errno(e, errno, "find interface %u", index);
	mem_set(ret_name, mem_dup(now));
	return 0;
}
