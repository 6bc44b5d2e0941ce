/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Three lines: a value of a profile, the path of a file of sysfs, and what the file
 * shows. What is written there is shown as in sync, and a choice is one that the file
 * names. The last line is also one of a journal: of CPUs for queues, and of queueing
 * disciplines.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "base/text/words.h"
#include "network/queues/qdisc.h"
#include "network/queues/steer.h"
#include "network/queues/steering.h"
#include "sysfs/path.h"
#include "sysfs/shown.h"
#include "sysfs/value.h"

#include <stdlib.h>
#include <string.h>

/* Cut off the first line. Return: what follows it. */
static char *cut_line(char *text)
{
	char *end = text + strcspn(text, "\n");

	if (!*end)
		return end;
	*end = '\0';
	return end + 1;
}

static void check_resolved(const struct sysfs_value *v, const char *path,
                           const struct sysfs_shown *s)
{
	_free_ char *fault = NULL;
	_free_ char *write = sysfs_value_resolve(v, path, s, &fault);
	_free_ char *again = NULL, *fault_again = NULL;
	struct sysfs_shown after = {0};

	assert(!write != !fault);
	if (!write)
		return;
	if (s->choices && v->text && strcmp(write, s->now) != 0)
		assert(words_have(s->choices, ' ', write));
	/* the kernel shows what was written: in sync */
	after.now = write;
	after.choices = s->choices;
	again = sysfs_value_resolve(v, path, &after, &fault_again);
	assert(again && strcmp(again, write) == 0);
}

static void check_value(const char *want, const char *path, const char *text)
{
	const char *more = strstr(want, "..");
	struct sysfs_value exact = {.max = UINT64_MAX}, bounds = {.max = UINT64_MAX};
	_free_ char *shows = words_collapse(text);
	struct sysfs_shown s;

	exact.text = words_collapse(want);
	bounds.min = strtoull(want, NULL, 10);
	if (more && strtoull(more + 2, NULL, 10) > bounds.min)
		bounds.max = strtoull(more + 2, NULL, 10);
	sysfs_shown_parse(shows, &s);
	assert(s.now && (!s.choices || words_have(s.choices, ' ', s.now)));
	assert(sysfs_shown_same(path, s.now, s.now));
	check_resolved(&exact, path, &s);
	check_resolved(&bounds, path, &s);
	sysfs_shown_done(&s);
	sysfs_value_done(&exact);
}

static void check_path(const char *path)
{
	/* what a profile may not name is refused before it is looked for */
	if (!sysfs_path_fault(path) && !sysfs_path_refused(path))
		assert(strncmp(path, "/sys/", strlen("/sys/")) == 0);
}

static void check_steering(const struct steering *s, const char *line)
{
	_free_ char *command =
		steering_is_line(s, line) ? steering_command(s, "eth0", line) : NULL;

	assert(!command || strstr(command, s->file));
}

static void check_qdisc(const char *line)
{
	_free_ char *command = NULL, *other = qdisc_configured(line);

	if (!qdisc_is_text(line))
		return;
	assert(!other);
	for (const char *const *kind = qdisc_kinds; *kind; kind++) {
		_free_ char *wanted = qdisc_wanted(line, *kind, 4);

		assert(qdisc_is_text(wanted));
	}
	command = qdisc_command("eth0", line, 4);
	assert(strncmp(command, "tc ", strlen("tc ")) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *want = mem_dup_n((const char *)data, size);
	char *path = cut_line(want), *shows = cut_line(path);

	check_path(path);
	check_value(want, path, shows);
	check_steering(&steering_rps, shows);
	check_steering(&steering_xps, shows);
	check_steering(&steering_rfs, shows);
	check_qdisc(shows);
	return 0;
}
