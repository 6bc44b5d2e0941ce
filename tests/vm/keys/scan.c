/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What each key accepts. */
#include "keys.h"

#include "base/macro.h"
#include "base/mem.h"
#include "doc/node.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const struct key *key;
	const char *now, *shape;
	const char *from; /* where to start, if its own value is refused; or NULL */
	struct number number;
};

/* --- shape -----------------------------------------------------------------------------
 */

/* Whether the kernel reads hexadecimal numbers. */
static bool reads_hex(const struct row *r)
{
	_free_ char *copy = mem_dup(r->now), *all = mem_dup("");
	char *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		unsigned long long n = strtoull(word + (*word == '-'), NULL, 10);

		mem_set(&all, mem_format("%s%s%s0x%llx", all, *all ? " " : "",
		                         *word == '-' ? "-" : "", n));
	}
	return keys_takes(r->key->path, all, r->now);
}

/* Write another text, and restore the value. Return: whether it then was `expect`. */
static bool shows_for(const struct row *r, const char *text, const char *expect)
{
	bool as_expected = keys_takes(r->key->path, text, expect);

	(void)keys_write(r->key->path, r->now);
	return as_expected;
}

static bool swaps_words(const struct row *r)
{
	_free_ char *copy = mem_dup(r->now), *all = mem_dup("");
	char *rest = copy, *word;

	while ((word = strsep(&rest, " ")))
		mem_set(&all, mem_format("%s%s%s", word, *all ? " " : "", all));
	return strchr(r->now, ' ') && shows_for(r, all, r->now);
}

static bool is_cpus(const struct row *r)
{
	static const char *const some[] = {"0", "0-0", "0-1", "0-3"};

	for (size_t i = 0; i < ARRAY_SIZE(some); i++)
		if (strcmp(r->now, some[i]) == 0)
			return shows_for(r, "0,0", "0") || shows_for(r, "0-0", "0");
	return false;
}

/* A set of ports, words or CPUs; else the shape stays. */
static const char *set_shape(const struct row *r, const char *shape)
{
	if (shows_for(r, "9092,9093,9094", "9092-9094") ||
	    shows_for(r, "9094 9092", "9092-9094"))
		return "ports";
	if (swaps_words(r))
		return "words";
	return is_cpus(r) ? "cpus" : shape;
}

/* Its own value is refused: some accept others. */
static const char *shape_of_refused(struct row *r)
{
	static const char *const others[] = {"1", "65536", "1000000"};

	for (size_t i = 0; *r->now && i < ARRAY_SIZE(others); i++)
		if (!r->now[strspn(r->now, "0123456789")] &&
		    keys_takes(r->key->path, others[i], others[i])) {
			r->from = others[i];
			return "int";
		}
	return "refused";
}

static const char *shape_of(struct row *r)
{
	const char *path = r->key->path, *now = r->now;

	if (!keys_write(path, now))
		return shape_of_refused(r);
	if (!keys_takes(path, now, now))
		return "changing";
	if (strstr(r->key->name, "cpumask") || strstr(r->key->name, "cpulist"))
		return "cpus";
	if (keys_is_numbers(now) && reads_hex(r))
		return strchr(now, ' ') ? "vector" : "int";
	/* a set that looks like a number: CPUs, ports, masks */
	if (keys_is_numbers(now))
		return set_shape(r, !strchr(now, ' ') && keys_write(path, "1") &&
		                                    keys_write(path, now)
		                            ? "mask"
		                            : "digits");
	if (strncmp(now, "0x", 2) == 0 && now[2] &&
	    !now[2 + strspn(now + 2, "0123456789abcdef")])
		return "hex";
	return set_shape(r, "text");
}

/* --- all of them -----------------------------------------------------------------------
 */

static void scan_one(struct row *r)
{
	const struct key *k = r->key;

	if (!(k->mode & 0222))
		r->shape = "readonly";
	else if (!r->now)
		r->shape = k->mode & 0444 ? "unreadable" : "writeonly";
	else if (keys_is_untouched(k->name))
		r->shape = "untouched";
	else
		r->shape = shape_of(r);
	if (strcmp(r->shape, "int") != 0 || keys_is_own_only(k->name))
		return;
	/* a large value takes all memory */
	r->number =
		number_scan(k->path, keys_number(r->from ? r->from : r->now),
	                    strcmp(k->name, "net.netfilter.nf_conntrack_buckets") != 0);
	(void)keys_write(k->path, r->now);
}

static void scan_print(const struct row *r, const char *module)
{
	_free_ char *low = keys_format(r->number.low),
		    *high = keys_format(r->number.high);

	(void)printf("%s\t%s\t%s\t%s\t%s\t%zu\t%s\n", r->key->name, r->shape,
	             r->number.rounds ? r->number.rounds : "-",
	             r->number.has_range ? low : "-", r->number.has_range ? high : "-",
	             r->now ? keys_count_words(r->now) : 0, module);
	(void)fflush(stdout);
}

/* The keys of an earlier scan; none if the file cannot be read. */
static struct node *read_known(const char *file)
{
	struct node *known = node_new(NODE_MAP);
	FILE *in = fopen(file, "re");
	_free_ char *line = NULL;
	size_t room = 0;

	while (in && getline(&line, &room, in) > 0) {
		line[strcspn(line, "\t")] = '\0';
		node_set(known, line, node_new_null());
	}
	if (in)
		(void)fclose(in);
	return known;
}

int keys_scan(const char *module, const char *known_file)
{
	_node_ struct node *known = read_known(known_file);
	struct keys k;

	keys_list(&k);
	for (size_t i = 0; i < k.n; i++) {
		_free_ char *now = NULL;
		struct row r = {.key = &k.list[i]};

		if (node_get(known, k.list[i].name))
			continue;
		/* if the machine hangs, this was the key */
		(void)fprintf(stderr, "# %s\n", k.list[i].name);
		if ((k.list[i].mode & 0222) && (k.list[i].mode & 0444))
			now = keys_read(k.list[i].path);
		r.now = now;
		scan_one(&r);
		scan_print(&r, module);
	}
	keys_done(&k);
	return 0;
}
