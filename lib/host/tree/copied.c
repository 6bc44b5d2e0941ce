/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/tree/copied.h"

#include "base/hash.h"
#include "base/mem.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/recorded.h"
#include "host/tree/tree.h"
#include "host/tree/walk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

struct note {
	char text[32];
};

/*
 * Add an entry to the sum of the directory, which does not depend on the order that a
 * file system lists them in. Owners and modes are no content.
 */
static int add_entry(struct walk *w, struct walk_dirs in, const char *name,
                     const struct stat *st)
{
	bool content = S_ISREG(st->st_mode) || S_ISLNK(st->st_mode);
	const uint64_t parts[] = {
		st->st_mode & S_IFMT,
		st->st_rdev,
		content ? (uint64_t)st->st_size : 0,
		content ? (uint64_t)st->st_mtim.tv_sec : 0,
		content ? (uint64_t)st->st_mtim.tv_nsec : 0,
	};
	uint64_t *sum = w->arg;

	(void)in;
	(void)name;
	if (!S_ISSOCK(st->st_mode)) /* a copy has none */
		*sum += hash_bytes(hash_bytes(HASH_START, w->path.text, w->path.len),
		                   parts, sizeof(parts));
	return 0;
}

static int note_make(int dir, struct deadline until, struct note *ret, struct err *e)
{
	uint64_t sum = 0;
	struct walk w = {.until = until, .e = e, .arg = &sum, .visit = add_entry};
	int r = walk_tree(&w, (struct walk_dirs){dir, -1});

	(void)snprintf(ret->text, sizeof(ret->text), "%016" PRIx64, sum);
	return r;
}

int copied_note(int copy, struct deadline until, struct err *e)
{
	struct note note;
	int r = note_make(copy, until, &note, e);

	if (r < 0)
		return r;
	if (fsetxattr(copy, COPIED_XATTR, note.text, strlen(note.text), 0) < 0 &&
	    errno != EOPNOTSUPP)
		return err_errno(e, errno, "set extended attribute " COPIED_XATTR);
	return fsync(copy) < 0 ? err_errno(e, errno, "sync") : 0;
}

/* Return: 1; 0 if the copy has no note; -errno. */
static int note_read(int copy, struct note *ret)
{
	ssize_t n = fgetxattr(copy, COPIED_XATTR, ret->text, sizeof(ret->text) - 1);

	if (n < 0)
		return errno == ENODATA || errno == EOPNOTSUPP ? 0 : -errno;
	ret->text[n] = '\0';
	return 1;
}

static int tree_is_copied(const struct host *h, const char *from, const char *to,
                          struct err *e)
{
	_close_ int original = walk_open(h, from, e);
	_close_ int copy = original < 0 ? original : walk_open(h, to, e);
	struct note noted, now;
	int r;

	if (copy < 0)
		return copy;
	r = note_read(copy, &noted);
	if (r < 0)
		return err_errno(e, -r, "read " COPIED_XATTR " of %s", to);
	if (r == 0)
		return 0;
	r = note_make(original, h->deadline, &now, e);
	return r < 0 ? err_wrap(e, "look through %s", from)
	             : strcmp(noted.text, now.text) == 0;
}

int host_tree_is_copied(const struct host *h, const char *from, const char *to,
                        struct err *e)
{
	const struct node *known;
	struct node *n = NULL;
	int r = recorded_get(h, "copied", from, &known, e);

	if (r != 0)
		return r < 0 ? r : recorded_flag(known, "copied");
	r = tree_is_copied(h, from, to, e);
	if (r >= 0 && h->record) {
		n = node_new(NODE_MAP);
		node_set(n, "copied", node_new_bool(r > 0));
	}
	return recorded_put(h, "copied", from, r, e, n);
}
