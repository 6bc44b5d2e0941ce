/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/compare.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "baseline/baseline.h"
#include "baseline/compare_part.h"
#include "baseline/comparing.h"
#include "baseline/part.h"
#include "doc/node.h"

#include <stdlib.h>
#include <string.h>

/*
 * Sysctls that the kernel computes at boot from the memory that is free then, unless they
 * are set: they differ a little with each boot. net/ipv4/tcp.c, tcp_init_mem();
 * mm/page_alloc.c, calculate_min_free_kbytes(); kernel/fork.c, set_max_threads();
 * fs/file_table.c, files_maxfiles_init().
 */
static const char computed[] =
	"net.ipv4.tcp_mem net.ipv4.udp_mem vm.min_free_kbytes kernel.threads-max "
	"fs.file-max fs.epoll.max_user_watches fs.inotify.max_user_watches "
	"net.netfilter.nf_conntrack_max net.ipv4.tcp_max_orphans net.ipv4.tcp_max_tw_buckets";

/* Per cent, and far less than what any tuning changes. */
#define COMPUTED_TOLERANCE 2

/* Words that the boot loader adds, which change with the kernel. */
static const char loader_words[] = "BOOT_IMAGE initrd";

/* --- the node -------------------------------------------------------------------------
 */

/* Return: 1 if it differs, 0 if not; -1: unknown, noted if it is missing. */
static int host_differs(struct comparing *k, const char *key, bool *ret_missing)
{
	const struct node *was = node_get(node_get(k->was, "host"), key);
	const struct node *now = node_get(node_get(k->now, "host"), key);

	*ret_missing = comparing_unknown(k, key, was, now);
	if (!comparing_text(was) || !comparing_text(now))
		return -1;
	return strcmp(was->text, now->text) != 0;
}

/* The names decide only where there are no ids. */
static int is_other_node(struct comparing *k)
{
	bool id_missing, name_missing;
	int by_id = host_differs(k, "instance_id", &id_missing);
	int by_name = host_differs(k, "name", &name_missing);

	return by_id >= 0 || id_missing ? by_id : by_name;
}

static const char *node_name(const struct node *document)
{
	const struct node *host = node_get(document, "host");
	const char *name = comparing_text(node_get(host, "name"));

	return name ? name : comparing_text(node_get(host, "instance_id"));
}

static void compare_hosts(struct comparing *k)
{
	const char *was = node_name(k->was), *now = node_name(k->now);
	bool missing;

	k->c->other_node = is_other_node(k);
	k->c->rebooted = host_differs(k, "boot_id", &missing);
	if (k->c->other_node > 0)
		k->c->rebooted = 0;
	if (k->c->other_node > 0)
		comparing_note(k, false, "node",
		               "the baseline is of %s, this is %s: drives are matched by "
		               "model and size, and ids of file systems are not compared",
		               was ? was : "another node", now ? now : "another node");
}

static void compare_versions(struct comparing *k)
{
	uint64_t was = 0, now = 0;

	(void)comparing_number(k->was, "version", &was);
	(void)comparing_number(k->now, "version", &now);
	if (was != BASELINE_VERSION)
		comparing_note(
			k, false, "version",
			"the baseline is of version %u: compared as far as version "
			"%u goes",
			(unsigned)was, BASELINE_VERSION);
	else if (now != BASELINE_VERSION)
		comparing_note(k, false, "version",
		               "the other baseline is of version %u: compared as far as "
		               "version %u goes",
		               (unsigned)now, BASELINE_VERSION);
}

/* --- the kernel -----------------------------------------------------------------------
 */

/* Without the words of the boot loader. Owned by the caller. */
static char *own_words(const char *line)
{
	_buf_ struct buf b = {0};
	const char *word;
	size_t len;

	while ((word = words_next(&line, ' ', &len))) {
		_free_ char *copy = mem_dup_n(word, len);
		_free_ char *name = mem_dup_n(word, strcspn(copy, "="));

		if (!words_have(loader_words, ' ', name))
			buf_join(&b, " ", copy);
	}
	return buf_take(&b);
}

static void compare_command_line(struct comparing *k, const struct node *was,
                                 const struct node *now)
{
	_free_ char *lost = NULL, *gained = NULL, *before = NULL, *after = NULL;

	if (!comparing_both(k, "kernel command line", was, now) || !comparing_text(was) ||
	    !comparing_text(now))
		return;
	before = own_words(was->text);
	after = own_words(now->text);
	comparing_words(before, after, &lost, &gained);
	if (*lost || *gained)
		comparing_add(k, &(struct changed){.group = "kernel",
		                                   .key = "command_line",
		                                   .subject = "kernel command line",
		                                   .was = *lost ? lost : NULL,
		                                   .now = *gained ? gained : NULL});
}

static void compare_kernel(struct comparing *k)
{
	_node_ struct node *release = NULL;
	const struct node *was, *now;

	if (!comparing_part(k, "kernel", &was, &now))
		return;
	release = node_copy(was);
	node_remove(release, "command_line");
	comparing_values(k, release, now,
	                 &(struct changed){.group = "kernel", .subject = "kernel"});
	compare_command_line(k, node_get(was, "command_line"),
	                     node_get(now, "command_line"));
}

/* --- sysctls --------------------------------------------------------------------------
 */

static bool near_number(const char *was, size_t was_len, const char *now, size_t now_len)
{
	_free_ char *a = mem_dup_n(was, was_len), *b = mem_dup_n(now, now_len);
	uint64_t x, y;

	if (num_u64(a, &x) < 0 || num_u64(b, &y) < 0)
		return false;
	return (x > y ? x - y : y - x) <= (x > y ? x : y) / 100 * COMPUTED_TOLERANCE;
}

/* Whether the kernel computed both: all numbers are nearly equal. */
static bool is_computed_again(const char *key, const char *was, const char *now)
{
	const char *a, *b;
	size_t n, m;

	if (!words_have(computed, ' ', key))
		return false;
	while ((a = words_next(&was, ' ', &n)))
		if (!(b = words_next(&now, ' ', &m)) || !near_number(a, n, b, m))
			return false;
	return !words_next(&now, ' ', &m);
}

/* Interfaces of pods come and go. */
static bool is_of_interface(const char *key)
{
	return strstr(key, ".conf.") || strstr(key, ".neigh.");
}

static void compare_sysctl(struct comparing *k, const struct node *was,
                           const struct node *now)
{
	_free_ char *subject = mem_format("sysctl %s", was->key);
	struct changed change = {.group = "sysctl",
	                         .key = was->key,
	                         .subject = subject,
	                         .was = comparing_text(was),
	                         .now = comparing_text(now)};

	if (!comparing_both(k, subject, was, now) || !change.was)
		return;
	if (!change.now && is_of_interface(was->key))
		return;
	if (change.now && (strcmp(change.was, change.now) == 0 ||
	                   is_computed_again(was->key, change.was, change.now)))
		return;
	comparing_add(k, &change);
}

/* Whether "net.ipv4.conf.*.rp_filter" stands for the key, too. */
static bool stands_for(const char *pattern, const char *key)
{
	size_t front = strcspn(pattern, "*"), len = strlen(key);
	const char *back = pattern + front + (pattern[front] == '*');

	return pattern[front] == '*' && len > front + strlen(back) &&
	       strncmp(pattern, key, front) == 0 &&
	       strcmp(key + len - strlen(back), back) == 0;
}

/* Its value, or why those of all interfaces are missing. */
static const struct node *find_sysctl(const struct node *all, const char *key)
{
	const struct node *one = node_get(all, key);

	if (one)
		return one;
	node_for_each (sysctl, all)
		if (part_why_missing(sysctl) && stands_for(sysctl->key, key))
			return sysctl;
	return NULL;
}

static void compare_sysctls(struct comparing *k)
{
	const struct node *was, *now;

	if (!comparing_part(k, "sysctls", &was, &now))
		return;
	node_for_each (sysctl, was)
		compare_sysctl(k, sysctl, find_sysctl(now, sysctl->key));
}

/* --- all together ---------------------------------------------------------------------
 */

void baseline_compare(const struct node *was, const struct node *now, unsigned tolerance,
                      struct baseline_comparison *ret)
{
	struct comparing k = {.c = ret, .was = was, .now = now};
	const struct node *before, *after;

	*ret = (struct baseline_comparison){.tolerance = tolerance};
	compare_versions(&k);
	compare_hosts(&k);
	compare_drives(&k);
	if (comparing_part(&k, "mounts", &before, &after))
		compare_mounts(&k, before, after,
		               &(struct mounts_of){"mount", "", false});
	compare_kernel(&k);
	compare_sysctls(&k);
	compare_pods(&k);
	compare_measured(&k);
	baseline_changes_sort(ret);
	free(k.pairs);
}
