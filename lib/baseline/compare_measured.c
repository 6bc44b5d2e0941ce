/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What was measured: dirty pages, the page cache of files, and the copy probe. */
#include "base/mem.h"
#include "baseline/compare_part.h"
#include "baseline/comparing.h"
#include "doc/node.h"

#include <inttypes.h>
#include <string.h>

/* Differences below these have other reasons, such as another process on the CPU. */
#define NOISE_COPY_US  5000
#define NOISE_FSYNC_US 1000

/* --- dirty pages ----------------------------------------------------------------------
 */

/* Return: 1 if writers are delayed, 0 if not, -1 if that is unknown. */
static int is_throttled(const struct node *n, char **ret_text)
{
	uint64_t dirty, writeback, from;

	if (!comparing_number(n, "dirty", &dirty) ||
	    !comparing_number(n, "writeback", &writeback) ||
	    !comparing_number(n, "throttled_from", &from))
		return -1;
	mem_set(ret_text,
	        mem_format("%" PRIu64 " MiB dirty, throttled from %" PRIu64 " MiB on",
	                   (dirty + writeback) >> 20, from >> 20));
	return dirty + writeback >= from;
}

void compare_dirty(struct comparing *k, const struct node *was, const struct node *now,
                   const char *subject, const char *pod)
{
	static const char *const keys[] = {"dirty", "writeback", "throttled_from"};
	_free_ char *what = mem_format("%s dirty pages", subject);
	_free_ char *before = NULL, *after = NULL;
	int then, since;

	if (!comparing_both(k, what, was, now))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (comparing_unknown(k, what, node_get(was, keys[i]),
		                      node_get(now, keys[i])))
			return;
	then = is_throttled(was, &before);
	since = is_throttled(now, &after);
	if (then == 0 && since > 0)
		comparing_add(k, &(struct changed){.group = "dirty",
		                                   .key = pod ? "pod" : "node",
		                                   .subject = subject,
		                                   .pod = pod,
		                                   .what = "dirty pages",
		                                   .was = before,
		                                   .now = after,
		                                   .type = CHANGE_WORSE});
}

/* --- measured values ------------------------------------------------------------------
 */

/* Compare two values of which less is better. Return: whether they differ. */
static bool differs(const struct comparing *k, double was, double now,
                    enum change_type *ret)
{
	double factor = 1 + k->c->tolerance / 100.0;

	*ret = now > was * factor ? CHANGE_WORSE : CHANGE_BETTER;
	return now > was * factor || was > now * factor;
}

static char *cached_text(uint64_t cached, uint64_t bytes)
{
	return mem_format("%" PRIu64 " of %" PRIu64 " KiB cached, %.0f %%",
	                  (cached + 1023) >> 10, (bytes + 1023) >> 10,
	                  100.0 * (double)cached / (double)bytes);
}

static void compare_cached(struct comparing *k, const struct node *was,
                           const struct node *now, const char *subject, const char *path)
{
	uint64_t cached, bytes, cached_now, bytes_now;
	_free_ char *before = NULL, *after = NULL;
	double part, part_now, least = 1 - k->c->tolerance / 100.0;
	bool worse;

	if (!comparing_number(was, "cached", &cached) ||
	    !comparing_number(was, "bytes", &bytes) || bytes == 0 ||
	    !comparing_number(now, "cached", &cached_now) ||
	    !comparing_number(now, "bytes", &bytes_now) || bytes_now == 0)
		return;
	part = (double)cached / (double)bytes;
	part_now = (double)cached_now / (double)bytes_now;
	worse = part_now < part * least;
	if (!worse && part >= part_now * least)
		return;
	before = cached_text(cached, bytes);
	after = cached_text(cached_now, bytes_now);
	comparing_add(k, &(struct changed){.group = "file",
	                                   .key = "cached",
	                                   .subject = subject,
	                                   .name = path,
	                                   .what = "page cache",
	                                   .was = before,
	                                   .now = after,
	                                   .type = worse ? CHANGE_WORSE : CHANGE_BETTER});
}

static void compare_files(struct comparing *k)
{
	const struct node *was, *now;

	if (!comparing_part(k, "files", &was, &now))
		return;
	node_for_each (file, was) {
		const struct node *other = node_get(now, file->key);
		_free_ char *subject = mem_format("file %s", file->key);

		if (!comparing_both(k, subject, file, other))
			continue;
		if (file->type == NODE_MAP && other->type == NODE_MAP)
			compare_cached(k, file, other, subject, file->key);
		else if (file->type == NODE_MAP)
			comparing_add(k, &(struct changed){.group = "file",
			                                   .key = "gone",
			                                   .subject = subject,
			                                   .name = file->key,
			                                   .was = "present"});
	}
}

/* --- the probe ------------------------------------------------------------------------
 */

static void add_time(struct comparing *k, const char *key, const char *what,
                     const char *directory, double was, double now, double noise)
{
	_free_ char *subject = mem_format("copy in %s", directory);
	_free_ char *before = mem_format("%.1f ms", was / 1000);
	_free_ char *after = mem_format("%.1f ms", now / 1000);
	enum change_type type;

	if (!differs(k, was, now, &type) || (was > now ? was - now : now - was) < noise)
		return;
	comparing_add(k, &(struct changed){.group = "probe",
	                                   .key = key,
	                                   .subject = subject,
	                                   .name = directory,
	                                   .what = what,
	                                   .was = before,
	                                   .now = after,
	                                   .type = type});
}

static void compare_pass(struct comparing *k, const struct node *was,
                         const struct node *now, const char *key, const char *what)
{
	const char *directory =
		comparing_text(node_get(k->now, "probe")
	                               ? node_get(node_get(k->now, "probe"), "directory")
	                               : NULL);
	const struct node *before = node_get(was, key), *after = node_get(now, key);
	uint64_t a, b;

	if (comparing_both(k, what, before, after) &&
	    comparing_number(before, "p50_us", &a) &&
	    comparing_number(after, "p50_us", &b))
		add_time(k, key, what, directory ? directory : "?", (double)a, (double)b,
		         NOISE_COPY_US);
}

/* Of both passes, for 16 MiB: one that was cut short copied less. */
static bool sync_time(const struct node *probe, double *ret)
{
	static const char *const passes[] = {"cold", "warm"};
	uint64_t us, calls, all = 0, n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(passes); i++) {
		const struct node *pass = node_get(probe, passes[i]);

		if (!comparing_number(pass, "fsync_us", &us) ||
		    !comparing_number(pass, "calls", &calls))
			return false;
		all += us;
		n += calls;
	}
	*ret = n ? (double)all / (double)n : 0;
	return n > 0;
}

static void compare_probe(struct comparing *k)
{
	const struct node *was = node_get(k->was, "probe"),
			  *now = node_get(k->now, "probe");
	const char *before = comparing_text(node_get(was, "directory"));
	const char *after = comparing_text(node_get(now, "directory"));
	double then, since;

	if (!was)
		return;
	if (!now) {
		comparing_note(k, false, "copy probe",
		               "it did not run: --probe %s runs it again",
		               before ? before : "DIR");
		return;
	}
	if (!comparing_both(k, "copy probe", was, now))
		return;
	if (before && after && strcmp(before, after) != 0)
		comparing_note(k, false, "copy probe", "was in %s, is in %s", before,
		               after);
	compare_pass(k, was, now, "cold", "cold, 16 MiB");
	compare_pass(k, was, now, "warm", "warm, 16 MiB");
	if (sync_time(was, &then) && sync_time(now, &since))
		add_time(k, "fsync", "fsync of 16 MiB", after ? after : "?", then, since,
		         NOISE_FSYNC_US);
}

void compare_measured(struct comparing *k)
{
	const struct node *was = node_get(k->was, "dirty"),
			  *now = node_get(k->now, "dirty");

	compare_dirty(k, was, now, "node", NULL);
	compare_files(k);
	compare_probe(k);
}
