/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Reading the files of a store. */
#include "base/mem.h"
#include "journal/journal.h"
#include "journal/store.h"
#include "journal/store_part.h"
#include "journal/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read at most JOURNAL_BYTES_MAX bytes. Return: the length, or -errno. */
static ssize_t read_file(int fd, char *text, size_t room)
{
	size_t len = 0;

	while (len < room) {
		ssize_t n = read(fd, text + len, room - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* Return: the length of the text, which is owned by the caller and ends with NUL. */
static ssize_t load_text(const struct journal_store *s, unsigned id, const char *name,
                         char **ret, struct err *e)
{
	_close_ int fd = -1;
	_free_ char *text = NULL;
	struct stat st;
	ssize_t len;

	fd = openat(s->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, errno, "journal %u: open %s/%s", id, s->path, name);
	if (fstat(fd, &st) < 0)
		return err_errno(e, errno, "journal %u", id);
	if (!S_ISREG(st.st_mode) || !journal_store_is_safe(&st))
		return err_set(e, -EPERM,
		               "journal %u: %s/%s is not a file that only this user may "
		               "write",
		               id, s->path, name);
	if (st.st_size > JOURNAL_BYTES_MAX)
		return err_set(e, -EBADMSG, "journal %u: is too large for a journal", id);
	text = mem_new((size_t)st.st_size + 1, 1);
	len = read_file(fd, text, (size_t)st.st_size);
	if (len < 0)
		return err_errno(e, (int)-len, "journal %u: read %s/%s", id, s->path,
		                 name);
	*ret = TAKE_PTR(text);
	return len;
}

static int parse_text(const struct journal_store *s, unsigned id, const char *name,
                      const char *text, size_t len, struct journal *ret, struct err *e)
{
	int r = journal_parse(text, len, ret, e);

	if (r < 0)
		return err_wrap(e, "journal %u: %s/%s", id, s->path, name);
	ret->id = id;
	return 0;
}

ssize_t journal_store_read(const struct journal_store *s, unsigned id, char **ret,
                           struct err *e)
{
	char name[NAME_BYTES];

	journal_store_file_name(name, id);
	return load_text(s, id, name, ret, e);
}

int journal_store_load(const struct journal_store *s, unsigned id, struct journal *ret,
                       struct err *e)
{
	_free_ char *text = NULL;
	char name[NAME_BYTES];
	ssize_t len;

	journal_store_file_name(name, id);
	len = load_text(s, id, name, &text, e);
	return len < 0 ? (int)len : parse_text(s, id, name, text, (size_t)len, ret, e);
}

int journal_store_load_trial(const struct journal_store *s, unsigned id,
                             struct journal *ret, struct err *e)
{
	_free_ char *text = NULL;
	char name[NAME_BYTES];
	ssize_t len;

	journal_store_file_name(name, id);
	len = load_text(s, id, name, &text, e);
	if (!text)
		return (int)len;
	if (!strstr(text, JOURNAL_TRY))
		return err_set(e, -ENODATA, "journal %u: was no trial", id);
	return parse_text(s, id, name, text, (size_t)len, ret, e);
}
