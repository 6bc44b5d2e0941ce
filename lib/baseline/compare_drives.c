/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Drives are the same if their names that persist are; a drive that is gone and a new one
 * of the same model and size are compared, too: on another node all are such pairs.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "baseline/compare_part.h"
#include "baseline/comparing.h"
#include "baseline/part.h"
#include "doc/node.h"

#include <string.h>

static void pair_add(struct comparing *k, const char *was, const char *now)
{
	k->pairs = mem_grow(k->pairs, &k->cap_pairs, k->n_pairs, sizeof(*k->pairs));
	k->pairs[k->n_pairs++] = (struct drive_pair){was, now};
}

static bool is_paired(const struct comparing *k, const char *now)
{
	for (size_t i = 0; i < k->n_pairs; i++)
		if (strcmp(k->pairs[i].now, now) == 0)
			return true;
	return false;
}

/* Why the drive cannot be identified; NULL: it can. */
static const char *why_unidentified(const struct node *drive)
{
	static const char *const keys[] = {"model", "bytes"};
	const char *why = part_why_missing(drive);

	for (size_t i = 0; !why && i < ARRAY_SIZE(keys); i++)
		why = part_why_missing(node_get(drive, keys[i]));
	return why;
}

/* A drive that cannot be identified may be any that has no counterpart. */
static const char *any_unidentified(const struct node *drives)
{
	node_for_each (drive, drives)
		if (why_unidentified(drive))
			return why_unidentified(drive);
	return NULL;
}

static bool same_value(const struct node *a, const struct node *b, const char *key)
{
	const char *was = comparing_text(node_get(a, key));
	const char *now = comparing_text(node_get(b, key));

	return was && now ? strcmp(was, now) == 0 : was == now;
}

/* Return: the first drive of the same kind that has no pair yet; NULL: none. */
static const struct node *find_similar(const struct comparing *k, const struct node *was,
                                       const struct node *drives)
{
	node_for_each (drive, drives)
		if (!is_paired(k, drive->key) && same_value(was, drive, "model") &&
		    same_value(was, drive, "bytes"))
			return drive;
	return NULL;
}

static void compare_one(struct comparing *k, const struct node *was,
                        const struct node *now)
{
	static const char *const attributes[] = {"model", "bytes", "level", "chunk_size",
	                                         "raid_disks"};
	const struct node *queue = node_get(was, "queue");
	const char *device = comparing_text(node_get(now, "name"));
	_free_ char *subject = device && strcmp(device, now->key) != 0
	                               ? mem_format("drive %s (%s)", now->key, device)
	                               : mem_format("drive %s", now->key);
	_free_ char *queue_subject = mem_format("%s queue", subject);
	struct changed change = {
		.group = "drive", .subject = subject, .name = now->key, .device = device};

	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		const struct node *before = node_get(was, attributes[i]);
		const struct node *after = node_get(now, attributes[i]);
		_free_ char *what = mem_format("%s %s", subject, attributes[i]);

		if (comparing_unknown(k, what, before, after) ||
		    same_value(was, now, attributes[i]))
			continue;
		change.key = change.what = attributes[i];
		change.was = comparing_text(before);
		change.now = comparing_text(after);
		comparing_add(k, &change);
	}
	change.group = "queue";
	if (queue && comparing_both(k, queue_subject, queue, node_get(now, "queue")))
		comparing_values(k, queue, node_get(now, "queue"), &change);
}

static void add_drive(struct comparing *k, const char *key, const char *name,
                      const char *was, const char *now)
{
	_free_ char *subject = mem_format("drive %s", name);

	comparing_add(k, &(struct changed){.group = "drive",
	                                   .key = key,
	                                   .subject = subject,
	                                   .name = name,
	                                   .was = was,
	                                   .now = now});
}

/* A drive whose name is not there any more. */
static void compare_lost(struct comparing *k, const struct node *was,
                         const struct node *drives)
{
	const struct node *similar = find_similar(k, was, drives);
	const char *why = any_unidentified(drives);
	_free_ char *subject = mem_format("drive %s", was->key);

	if (!similar && why)
		comparing_note(k, true, subject,
		               "not found, but not all drives can be identified: %s",
		               why);
	else if (!similar)
		add_drive(k, "gone", was->key, "present", NULL);
	if (!similar)
		return;
	pair_add(k, was->key, similar->key);
	if (k->c->other_node <= 0)
		add_drive(k, "replaced", was->key, was->key, similar->key);
	compare_one(k, was, similar);
}

/* A drive without a counterpart in the baseline. */
static void compare_new(struct comparing *k, const struct node *drive,
                        const struct node *was, const struct node *now)
{
	const char *why = part_why_missing(drive);
	const char *before = any_unidentified(was), *after = any_unidentified(now);
	_free_ char *subject = mem_format("drive %s", drive->key);

	if (why)
		comparing_note(k, true, subject, "cannot be read: %s", why);
	else if (before)
		comparing_note(k, false, subject,
		               "not all drives of the baseline can be identified: %s",
		               before);
	else if (after)
		comparing_note(k, true, subject, "not all drives can be identified: %s",
		               after);
	else
		add_drive(k, "new", drive->key, NULL, "present");
}

void compare_drives(struct comparing *k)
{
	const struct node *was, *now;

	if (!comparing_part(k, "drives", &was, &now))
		return;
	node_for_each (drive, was)
		if (node_get(now, drive->key))
			pair_add(k, drive->key, node_get(now, drive->key)->key);
	node_for_each (drive, was) {
		const struct node *same = node_get(now, drive->key);
		_free_ char *subject = mem_format("drive %s", drive->key);

		if (comparing_unknown(k, subject, drive, same))
			continue;
		if (same && same->type == NODE_MAP)
			compare_one(k, drive, same);
		else if (!same)
			compare_lost(k, drive, now);
	}
	node_for_each (drive, now)
		if (!is_paired(k, drive->key))
			compare_new(k, drive, was, now);
}

char *compare_device_now(const struct comparing *k, const char *was)
{
	_buf_ struct buf b = {0};
	const char *word;
	size_t len;

	for (size_t i = 0; i < k->n_pairs; i++)
		if (strcmp(k->pairs[i].was, was) == 0)
			return mem_dup(k->pairs[i].now);
	while ((word = words_next(&was, ' ', &len))) {
		_free_ char *copy = mem_dup_n(word, len);
		const char *now = copy;

		for (size_t i = 0; i < k->n_pairs; i++)
			if (strcmp(k->pairs[i].was, copy) == 0)
				now = k->pairs[i].now;
		buf_join(&b, " ", now);
	}
	return buf_take(&b);
}
