/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/compare.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "base/text/words.h"

#include <stdlib.h>
#include <string.h>

/* --- options -------------------------------------------------------------------------
 */

static bool has(const struct host_mount *m, const char *option)
{
	return words_have(m->options, ',', option);
}

/* The kernel shows no option for the oldest of the three modes. */
static const char *access_time(const struct host_mount *m)
{
	return has(m, "noatime")    ? "noatime"
	       : has(m, "relatime") ? "relatime"
	                            : "strictatime";
}

static void add_difference(struct buf *b, const char *host, const char *theirs)
{
	if (strcmp(host, theirs) == 0)
		return;
	if (b->len > 0)
		buf_add(b, "; ");
	buf_addf(b, "%s on the host, %s in the container", host, theirs);
}

/* `asked`: read-only as the pod has it; NULL: unknown, so that it may be. */
static char *differing_options(const struct host_mount *host,
                               const struct host_mount *theirs, const bool *read_only)
{
	_buf_ struct buf b = {0};
	bool may_be = has(theirs, "ro") && (!read_only || *read_only);

	if (!may_be)
		add_difference(&b, has(host, "ro") ? "ro" : "rw",
		               has(theirs, "ro") ? "ro" : "rw");
	add_difference(&b, has(host, "sync") ? "sync" : "async",
	               has(theirs, "sync") ? "sync" : "async");
	add_difference(&b, access_time(host), access_time(theirs));
	if (!has(host, "noatime") && !has(theirs, "noatime"))
		add_difference(&b, has(host, "nodiratime") ? "nodiratime" : "diratime",
		               has(theirs, "nodiratime") ? "nodiratime" : "diratime");
	return buf_take(&b);
}

/* --- texts ---------------------------------------------------------------------------
 */

/* "/mnt/a of ext4 on /dev/sda1 (8:1), rw,relatime". Owned by the caller. */
static char *describe(const struct host_mount *m)
{
	static const char *const shown[] = {"sync", "nodiratime"};
	_buf_ struct buf b = {0};
	_free_ char *text = NULL;

	if (strcmp(m->root, "/") != 0)
		buf_addf(&b, "%s of ", m->root);
	buf_add(&b, m->fstype ? m->fstype : "a file system");
	if (m->major != 0 && m->source)
		buf_addf(&b, " on %s", m->source);
	buf_addf(&b, " (%u:%u), %s,%s", m->major, m->minor, has(m, "ro") ? "ro" : "rw",
	         access_time(m));
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++)
		if (has(m, shown[i]))
			buf_addf(&b, ",%s", shown[i]);
	text = buf_take(&b);
	return display_text(text);
}

static char *describe_cover(const struct host_mount *m)
{
	_free_ char *what = describe(m), *where = display_text(m->target);

	return mem_format("%s, mounted at %s", what, where);
}

static char *describe_missed(int missed, const char *first)
{
	_free_ char *path = display_text(first);

	if (missed < 0)
		return NULL;
	if (missed == 0)
		return mem_dup("");
	return missed == 1 ? mem_dup(path)
	                   : mem_format("%s and %d more", path, missed - 1);
}

/* --- comparing -----------------------------------------------------------------------
 */

/* Whether `m` is below the mount that kubelet's directory shows now. */
static bool is_below_top(const struct view_volume *volume, const struct host_mount *m)
{
	if (view_same_device(volume->top, m))
		return false;
	for (size_t i = 0; i < volume->n; i++)
		if (view_same(volume->list[i], m))
			return true;
	return false;
}

static void take_place(const struct view *v, const struct host_mount *m,
                       const struct view_volume *volume, struct place *place)
{
	place_find(v, m, place);
	if (!place->cover && volume && view_is_device(volume->top) &&
	    is_below_top(volume, m))
		place->cover = volume->top;
}

void compare_mount(const struct view *v, const struct host_mounts *theirs,
                   const struct host_mount *m, const struct pod_bind *bind,
                   const struct view_volume *volume, struct comparison *ret)
{
	_place_ struct place place = {0};
	const struct host_mount *host;
	const char *path, *first = NULL;
	int missed = 0;

	take_place(v, m, volume, &place);
	/* a path of the host that shows it, whatever else shows it or hides it */
	if (!volume && bind && place_is_at(v, m, bind->source)) {
		place.cover = NULL;
		mem_set(&place.path, mem_dup(bind->source));
	}
	path = place.path;
	host = place.visible ? place.visible : volume ? volume->top : NULL;
	if (!place.cover && path && (!bind || bind->recursive))
		missed = place_missed(v, path, m, theirs, m->target, &first);
	*ret = (struct comparison){
		.has = describe(m),
		.directory = display_text(path),
		.cover = place.cover ? describe_cover(place.cover) : mem_dup(""),
		.missed = describe_missed(missed, first),
		.options = host && !place.cover && view_same_device(host, m)
	                           ? differing_options(host, m,
	                                               bind ? &bind->read_only : NULL)
	                           : mem_dup(""),
	};
}

void compare_volume(const struct view *v, const struct view_volume *volume,
                    struct comparison *ret)
{
	_place_ struct place place = {0};

	place_find(v, volume->top, &place);
	*ret = (struct comparison){
		.has = describe(volume->top),
		.directory = display_text(place.path),
		.cover = place.cover ? describe_cover(place.cover) : mem_dup(""),
	};
}

void comparison_done(struct comparison *c)
{
	free(c->has);
	free(c->directory);
	free(c->cover);
	free(c->missed);
	free(c->options);
	*c = (struct comparison){0};
}
