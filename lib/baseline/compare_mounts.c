/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/words.h"
#include "baseline/compare_part.h"
#include "baseline/comparing.h"
#include "doc/node.h"
#include "host/mount/mount.h"
#include "storage/mount/option.h"

#include <string.h>

/* Options that the kernel fills in anew with each mount. */
static const char volatile_options[] = "clientaddr mountport mountaddr port fd";

/* One of them replaces another. */
static const char atime_options[] = "noatime relatime strictatime";

/* --- options --------------------------------------------------------------------------
 */

static char *option_name(const char *option)
{
	return mem_dup_n(option, strcspn(option, "="));
}

/* What the option decides: "noatime" and "relatime" decide the same. */
static char *option_family(const char *option)
{
	_free_ char *name = option_name(option);

	if (words_have(atime_options, ' ', name))
		return mem_dup("atime");
	if (strcmp(name, "ro") == 0)
		return mem_dup("rw");
	return mem_dup(strncmp(name, "no", 2) == 0 ? name + 2 : name);
}

/* Whether the list has exactly this option. */
static bool has_option(const char *list, const char *option)
{
	const char *one;
	size_t len;

	for (; (one = host_mount_option(list, &len)); list = one + len)
		if (strlen(option) == len && strncmp(one, option, len) == 0)
			return true;
	return false;
}

/* The option of `list` that `other` lacks and that decides the same. Owned; NULL: none.
 */
static char *find_counterpart(const char *list, const char *other, const char *option)
{
	_free_ char *family = option_family(option);
	const char *one;
	size_t len;

	for (; (one = host_mount_option(list, &len)); list = one + len) {
		_free_ char *copy = mem_dup_n(one, len);
		_free_ char *its = option_family(copy);

		if (strcmp(its, family) == 0 && !has_option(other, copy))
			return TAKE_PTR(copy);
	}
	return NULL;
}

/* `was` or `now` may be NULL: not set. */
static void add_option(struct comparing *k, const struct changed *mount, const char *was,
                       const char *now)
{
	struct changed change = *mount;
	const char *option = now ? now : was;
	_free_ char *name = option ? option_name(option) : mem_dup("");
	_free_ char *key = now ? mem_dup(name) : mem_format("-%s", name);

	if (words_have(volatile_options, ' ', name))
		return;
	change.group = "option";
	change.key = key;
	change.what = "options";
	change.was = was;
	change.now = now;
	comparing_add(k, &change);
}

/* Whether the option is a flag of each mount, not of the file system. */
static bool is_flag(const char *option)
{
	return !option || mount_options_are_flags(option);
}

static void compare_options(struct comparing *k, const struct changed *mount,
                            const char *was, const char *now, bool flags_only)
{
	const char *list, *one;
	size_t len;

	for (list = was; (one = host_mount_option(list, &len)); list = one + len) {
		_free_ char *option = mem_dup_n(one, len);
		_free_ char *other = NULL;

		if (has_option(now, option))
			continue;
		other = find_counterpart(now, was, option);
		if (!flags_only || (is_flag(option) && is_flag(other)))
			add_option(k, mount, option, other);
	}
	for (list = now; (one = host_mount_option(list, &len)); list = one + len) {
		_free_ char *option = mem_dup_n(one, len);
		_free_ char *other = NULL;

		if (has_option(was, option))
			continue;
		other = find_counterpart(was, now, option);
		if (!other && (!flags_only || is_flag(option)))
			add_option(k, mount, NULL, option);
	}
}

/* --- file systems ---------------------------------------------------------------------
 */

static void compare_features(struct comparing *k, const struct changed *mount,
                             const char *was, const char *now)
{
	struct changed change = *mount;
	_free_ char *lost = NULL, *gained = NULL;

	comparing_words(was, now, &lost, &gained);
	if (!*lost && !*gained)
		return;
	change.key = change.what = "features";
	change.was = *lost ? lost : NULL;
	change.now = *gained ? gained : NULL;
	comparing_add(k, &change);
}

static void compare_filesystem(struct comparing *k, const struct changed *mount,
                               const struct node *was, const struct node *now)
{
	struct changed change = *mount;
	_free_ char *what = mem_format("%s file system", mount->subject);
	const char *before = comparing_text(node_get(was, "features"));
	const char *after = comparing_text(node_get(now, "features"));
	_node_ struct node *rest = NULL;

	/* of another type, which is a change already, or of the network */
	if (!was || !now || !comparing_both(k, what, was, now))
		return;
	change.group = "filesystem";
	if (before && after)
		compare_features(k, &change, before, after);
	rest = node_copy(was);
	node_remove(rest, "features");
	if (k->c->other_node > 0)
		node_remove(rest, "uuid");
	comparing_values(k, rest, now, &change);
}

/* --- mounts ---------------------------------------------------------------------------
 */

static void compare_device(struct comparing *k, const struct changed *mount,
                           const struct node *was, const struct node *now)
{
	const char *before = comparing_text(node_get(was, "device"));
	const char *after = comparing_text(node_get(now, "device"));
	_free_ char *expected = before ? compare_device_now(k, before) : NULL;
	_free_ char *what = mem_format("%s device", mount->subject);
	struct changed change = *mount;

	if (comparing_unknown(k, what, node_get(was, "device"), node_get(now, "device")))
		return;
	/* as it was, or as the drive that corresponds: words are joined by one blank */
	if (!expected || !after || strcmp(before, after) == 0 ||
	    strcmp(expected, after) == 0)
		return;
	change.group = "mount";
	change.key = change.what = "device";
	change.was = before;
	change.now = after;
	comparing_add(k, &change);
}

/* The kernel's name of the drive that is mounted, for remedies; NULL: unknown. */
static const char *device_name(const struct comparing *k, const struct node *mount)
{
	const char *device = comparing_text(node_get(mount, "device"));

	return device ? comparing_text(node_get(
				node_get(node_get(k->now, "drives"), device), "name"))
	              : NULL;
}

static void compare_mount(struct comparing *k, const struct changed *mount,
                          const struct node *was, const struct node *now, bool flags_only)
{
	static const char *const keys[] = {"directory", "type", "propagation", "stacked"};
	const struct node *before = node_get(was, "options"),
			  *after = node_get(now, "options");
	_free_ char *options = mem_format("%s options", mount->subject);
	_node_ struct node *some = node_new(NODE_MAP);
	struct changed change = *mount;

	compare_device(k, mount, was, now);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (node_get(was, keys[i]))
			node_set(some, keys[i], node_copy(node_get(was, keys[i])));
	change.group = "mount";
	comparing_values(k, some, now, &change);
	if (comparing_both(k, options, before, after) && comparing_text(before) &&
	    comparing_text(after))
		compare_options(k, mount, before->text, after->text, flags_only);
	if (!flags_only)
		compare_filesystem(k, mount, node_get(was, "filesystem"),
		                   node_get(now, "filesystem"));
}

void compare_mounts(struct comparing *k, const struct node *was, const struct node *now,
                    const struct mounts_of *of)
{
	node_for_each (mount, was) {
		const struct node *other = node_get(now, mount->key);
		_free_ char *subject = mem_format("%s %s", of->title, mount->key);
		_free_ char *path = mem_format("%s%s", of->below, mount->key);
		struct changed change = {.group = "mount",
		                         .key = "gone",
		                         .subject = subject,
		                         .name = path,
		                         .device = device_name(k, other)};

		if (other) {
			compare_mount(k, &change, mount, other, of->flags_only);
			continue;
		}
		change.was = comparing_text(node_get(mount, "device"));
		comparing_add(k, &change);
	}
	node_for_each (mount, now) {
		_free_ char *subject = mem_format("%s %s", of->title, mount->key);
		_free_ char *path = mem_format("%s%s", of->below, mount->key);
		struct changed change = {
			.group = "mount",
			.key = "new",
			.subject = subject,
			.name = path,
			.now = comparing_text(node_get(mount, "device"))};

		if (!node_get(was, mount->key))
			comparing_add(k, &change);
	}
}
