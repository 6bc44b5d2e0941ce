/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_BASELINE_H
#define BASELINE_BASELINE_H

/*
 * A baseline: what decides how fast a node copies data, as a document to compare with
 * later: mounts, drives and their queues, kernel, sysctls, limits of pods, the page cache
 * of files, and, only if asked, the speed of a copy. Nothing here writes, but for the
 * probe (baseline/probe.h).
 *
 * What cannot be read has a member "missing", with the reason, in place of its values;
 * what does not exist is null.
 */

#include <stddef.h>

struct host;
struct node;
struct profile;

#define BASELINE_KIND    "baseline"
#define BASELINE_VERSION 1U

/* What a baseline has only on request: names in mappings, whose values do not matter. */
struct baseline_wish {
	struct node *sysctls; /* keys; net.*.conf.*.KEY stands for each interface */
	struct node *pods;    /* NAMESPACE/NAME, or a UID */
	struct node *files;   /* host paths */
};

/* Create an empty one; free it with baseline_wish_done(). */
struct baseline_wish baseline_wish_new(void);
void baseline_wish_done(struct baseline_wish *w);

/* Add the sysctls of a profile. */
void baseline_wish_profile(struct baseline_wish *w, const struct profile *p);

/* Wish for what the baseline `was` has, to compare with it. */
struct baseline_wish baseline_wish_again(const struct node *was);

/*
 * Whether it is the name of a pod, or the UID of one. Return: what is wrong, in words;
 * NULL: nothing.
 */
const char *baseline_pod_fault(const char *name);

/* The same of a file: an absolute path. */
const char *baseline_path_fault(const char *path);

/* Take the baseline of a host: a document, owned by the caller. */
struct node *baseline_take(const struct host *h, const struct baseline_wish *w);

/*
 * The document as a file would have it: text that is not UTF-8 is taken as Latin-1, so
 * that it equals what was saved. Takes ownership of `n`. Owned by the caller.
 */
struct node *baseline_as_saved(struct node *n);

/* Count the values that the document lacks, at any depth. */
size_t baseline_count_missing(const struct node *n);

#endif
