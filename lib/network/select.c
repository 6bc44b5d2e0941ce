/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/select.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "host/file.h"
#include "host/net_driver.h"
#include "host/own_netns.h"
#include "host/recorded.h"

#include <errno.h>
#include <fnmatch.h>
#include <net/if.h>
#include <net/route.h>
#include <stdlib.h>
#include <string.h>

#define NET       "/sys/class/net"
#define ROUTE     "/proc/net/route"
#define ROUTE6    "/proc/net/ipv6_route"
#define ROUTE_MAX (8 << 20)

bool net_select_is_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= IF_NAMESIZE || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0)
		return false;
	for (const char *p = name; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("/:,", *p))
			return false;
	return true;
}

const char *net_select_single(const struct net_select *s)
{
	return s->names && !s->drivers && !s->default_route &&
	                       net_select_is_name(s->names) && !strpbrk(s->names, "*?[\\")
	               ? s->names
	               : NULL;
}

char *net_select_text(const struct net_select *s)
{
	_buf_ struct buf b = {0};

	if (s->drivers)
		buf_addf(&b, "driver %s", s->drivers);
	if (s->names)
		buf_addf(&b, "%sname %s", b.len ? ", " : "", s->names);
	if (s->default_route)
		buf_join(&b, ", ", "the default route");
	return buf_take(&b);
}

/* --- matching ------------------------------------------------------------------------
 */

static bool matches_name(const char *patterns, const char *name)
{
	const char *rest = patterns, *word;
	size_t len;

	while ((word = words_next(&rest, ',', &len))) {
		_free_ char *pattern = mem_dup_n(word, len);

		if (fnmatch(pattern, name, 0) == 0)
			return true;
	}
	return false;
}

static int matches_driver(const char *drivers, const char *name, const struct host *h,
                          struct err *e)
{
	_free_ char *device = mem_format(NET "/%s/device", name);
	_net_driver_ struct net_driver d = {0};
	int r = host_file_find(h, device, e);

	if (r <= 0)
		return r;
	r = host_net_driver(h, name, &d, e);
	/* without a driver, or just removed */
	if (r == -EOPNOTSUPP || r == -ENODEV)
		return 0;
	return r < 0 ? r : words_have(drivers, ',', d.name);
}

/* The words of a line, at most `max`. Return: their number. */
static size_t split(char *line, char **words, size_t max)
{
	size_t n = 0;
	char *word;

	while (n < max && (word = strsep(&line, " \t")))
		if (*word)
			words[n++] = word;
	return n;
}

static bool is_used(const char *flags)
{
	return !(strtoul(flags, NULL, 16) & RTF_REJECT);
}

/* net/ipv4/fib_trie.c: interface, destination ... mask; net/ipv6/route.c: interface last
 */
static const char *default_of(char **words, size_t n, bool v6)
{
	if (v6)
		return n == 10 && strspn(words[0], "0") == strlen(words[0]) &&
		                       strcmp(words[1], "00") == 0 && is_used(words[8])
		               ? words[9]
		               : NULL;
	return n >= 8 && strcmp(words[1], "00000000") == 0 &&
	                       strcmp(words[7], "00000000") == 0 && is_used(words[3])
	               ? words[0]
	               : NULL;
}

static bool routes_by_default(char *text, const char *name, bool v6)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		char *words[10];
		size_t n = split(line, words, ARRAY_SIZE(words));
		const char *found = default_of(words, n, v6);

		if (found && strcmp(found, name) == 0)
			return true;
	}
	return false;
}

/* A kernel without IPv6 has no table of it; every other has both. */
static int has_route(const struct host *h, const char *name, bool v6, struct err *e)
{
	_free_ char *text = NULL;
	int r = host_file_read(h, v6 ? ROUTE6 : ROUTE, ROUTE_MAX, &text, e);

	if (r < 0)
		return r == -ENOENT && v6 ? 0 : r;
	return routes_by_default(text, name, v6);
}

/* A bundle has the answer, not the routes, which have addresses of the network. */
static int ask_default_route(const struct host *h, const char *name, char **ret,
                             struct err *e)
{
	int r = has_route(h, name, false, e);

	if (r == 0)
		r = has_route(h, name, true, e);
	if (r >= 0)
		*ret = mem_dup(r ? "yes" : "no");
	return r < 0 ? r : 0;
}

static int has_default_route(const char *name, const struct host *h, struct err *e)
{
	_free_ char *answer = NULL;
	int r = recorded_word(h, "default-route", name, ask_default_route, &answer, e);

	return r < 0 ? r : answer && strcmp(answer, "yes") == 0;
}

static int matches(const struct net_select *s, const struct host *h, const char *name,
                   struct err *e)
{
	int r = net_select_is_name(name) && (!s->names || matches_name(s->names, name));

	if (r > 0 && s->drivers)
		r = matches_driver(s->drivers, name, h, e);
	if (r > 0 && s->default_route)
		r = has_default_route(name, h, e);
	return r;
}

/* A bonding driver puts a file there, bonding_masters. */
static int is_interface(const struct host *h, const char *name, struct err *e)
{
	_free_ char *mtu = mem_format(NET "/%s/mtu", name);

	return host_file_find(h, mtu, e);
}

/* Keep the names that match. Return: 0, or the first error. */
static int keep_matches(const struct net_select *s, const struct host *h, char **names,
                        struct err *e)
{
	size_t n = 0;
	int code = 0;

	for (size_t i = 0; names[i]; i++) {
		int r = code == 0 ? is_interface(h, names[i], e) : 0;

		if (r > 0)
			r = matches(s, h, names[i], e);
		if (r > 0)
			names[n++] = names[i];
		else
			free(names[i]);
		if (r < 0)
			code = r;
	}
	names[n] = NULL;
	return code;
}

int net_select_list(const struct net_select *s, const struct host *h, char ***ret,
                    struct err *e)
{
	/* of another namespace, drivers, routes and perhaps names are those of a pod */
	int r = host_netns_check(h, e);

	*ret = NULL;
	if (r == 0)
		r = host_file_list(h, NET, ret, e);
	if (r == 0)
		r = keep_matches(s, h, *ret, e);
	if (r < 0) {
		names_free(*ret);
		*ret = mem_new(1, sizeof(**ret));
	}
	return r;
}
