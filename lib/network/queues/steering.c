/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/queues/steering.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "host/cpuset.h"
#include "network/queues/queue_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

char *steering_line(char *const *values, unsigned n)
{
	_buf_ struct buf b = {0};
	bool same = true;

	for (unsigned i = 1; i < n; i++)
		same = same && strcmp(values[i], values[0]) == 0;
	for (unsigned i = 0; i < (same && n ? 1 : n); i++)
		buf_addf(&b, "%s%s", i ? " " : "", values[i]);
	return buf_take(&b);
}

/* The value of a queue in a line. Owned by the caller; NULL: the line is too short. */
static char *value_of(const char *line, unsigned queue)
{
	const char *rest = line, *word;
	bool several = strchr(line, ' ');
	unsigned at = 0;
	size_t len;

	while ((word = words_next(&rest, ' ', &len)))
		if (!several || at++ == queue)
			return mem_dup_n(word, len);
	return NULL;
}

/* --- files -----------------------------------------------------------------------------
 */

/* From the kernel's form. Owned by the caller; NULL: it is none. */
static char *steering_parse(const struct steering *s, const char *text)
{
	struct cpuset cpus;
	uint64_t number;

	if (!s->mask)
		return num_u64(text, &number) < 0 ? NULL : mem_format("%" PRIu64, number);
	if (!cpuset_parse_mask(text, &cpus))
		return NULL;
	return cpuset_count(&cpus) ? cpuset_list(&cpus) : mem_dup(STEERING_NONE);
}

/* The reverse. */
static char *steering_text(const struct steering *s, const char *value)
{
	struct cpuset cpus = {0};

	if (!s->mask)
		return mem_dup(value);
	if (strcmp(value, STEERING_NONE) != 0)
		(void)cpuset_parse_list(value, &cpus);
	return cpuset_mask(&cpus);
}

static int read_one(const struct host *h, const struct steering *s, const char *interface,
                    unsigned queue, char **ret, struct err *e)
{
	_free_ char *text = NULL;
	int r = queue_read(h, interface, s->direction, queue, s->file, &text, e);

	if (r < 0)
		return r;
	*ret = steering_parse(s, text);
	return *ret ? 0
	            : err_set(e, -EBADMSG, "%s of %s: \"%s\" is not understood", s->file,
	                      interface, text);
}

static int count(const struct host *h, const struct steering *s, const char *interface,
                 unsigned *ret, struct err *e)
{
	int r = queue_count(h, interface, s->direction, ret, e);

	if (r < 0)
		return r;
	if (*ret == 0)
		return err_set(e, -EOPNOTSUPP, "%s has no queues", interface);
	return *ret <= STEERING_QUEUES_MAX
	               ? 0
	               : err_set(e, -EOVERFLOW, "%s has %u queues", interface, *ret);
}

int steering_read(const struct host *h, const struct steering *s, const char *interface,
                  char **ret, struct err *e)
{
	unsigned n, have = 0;
	int r = count(h, s, interface, &n, e);
	_free_ char **values = mem_new(r < 0 ? 1 : n, sizeof(*values));

	*ret = NULL;
	for (; r == 0 && have < n; have += r == 0)
		r = read_one(h, s, interface, have, &values[have], e);
	if (r == 0)
		*ret = steering_line(values, n);
	while (have > 0)
		free(values[--have]);
	return r;
}

int steering_write(struct host *h, const struct steering *s, const char *interface,
                   const char *line, struct err *e)
{
	unsigned n;
	int r = count(h, s, interface, &n, e);

	for (unsigned i = 0; r == 0 && i < n; i++) {
		_free_ char *value = value_of(line, i), *now = NULL, *text = NULL;

		r = read_one(h, s, interface, i, &now, e);
		if (r < 0 || !value || (now && strcmp(now, value) == 0))
			continue;
		text = steering_text(s, value);
		r = queue_write(h, interface, s->direction, i, s->file, text, e);
	}
	return r;
}

char *steering_files(const struct host *h, const struct steering *s,
                     const char *interface, const char *dir)
{
	_buf_ struct buf b = {0};
	struct err ignored;
	unsigned n;

	if (count(h, s, interface, &n, &ignored) < 0)
		return NULL;
	for (unsigned i = 0; i < n; i++) {
		_free_ char *path =
			mem_format("%s/queues/%s-%u/%s", dir, s->direction, i, s->file);

		buf_join(&b, "\n", path);
	}
	return buf_take(&b);
}

/* --- lines -----------------------------------------------------------------------------
 */

bool steering_is_line(const struct steering *s, const char *line)
{
	const char *rest = line, *word;
	unsigned n = 0;
	size_t len;

	while ((word = words_next(&rest, ' ', &len))) {
		_free_ char *value = mem_dup_n(word, len);
		struct cpuset cpus;
		uint64_t number;

		if (s->mask ? strcmp(value, STEERING_NONE) != 0 &&
		                      (!cpuset_parse_list(value, &cpus) ||
		                       cpuset_count(&cpus) == 0)
		            : num_u64(value, &number) < 0 || number > UINT32_MAX)
			return false;
		n++;
	}
	return n > 0 && n <= STEERING_QUEUES_MAX;
}

char *steering_command(const struct steering *s, const char *interface, const char *line)
{
	_buf_ struct buf b = {0};

	if (!strchr(line, ' ')) {
		_free_ char *text = steering_text(s, line);

		return mem_format("for f in /sys/class/net/%s/queues/%s-*/%s; do "
		                  "echo %s >$f; done",
		                  interface, s->direction, s->file, text);
	}
	for (unsigned i = 0; i < STEERING_QUEUES_MAX; i++) {
		_free_ char *value = value_of(line, i), *text = NULL;

		if (!value)
			break;
		text = steering_text(s, value);
		buf_addf(&b, "%secho %s >/sys/class/net/%s/queues/%s-%u/%s",
		         i ? "; " : "", text, interface, s->direction, i, s->file);
	}
	return buf_take(&b);
}
