/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/journal.h"

#include "base/macro.h"

#include <ctype.h>
#include <string.h>

/* Of a field that occurs twice, both texts. */
static void set_message(struct journal_entry *j, const char *value, size_t len)
{
	/* of several lines, a record is the first */
	size_t line = strcspn(value, "\n"), left;

	if (j->has_message && j->len < JOURNAL_MESSAGE_MAX)
		j->message[j->len++] = ' ';
	left = JOURNAL_MESSAGE_MAX - j->len;
	len = line < len ? line : len;
	len = len < left ? len : left;
	memcpy(j->message + j->len, value, len);
	j->len += len;
	j->message[j->len] = '\0';
	j->has_message = true;
}

static void set_transport(struct journal_entry *j, const char *value, size_t len)
{
	j->foreign |= len != strlen("kernel") || strncmp(value, "kernel", len) != 0;
}

static void set_boot(struct journal_entry *j, const char *value, size_t len)
{
	len = len < JOURNAL_BOOT_ID ? len : JOURNAL_BOOT_ID - 1;
	memcpy(j->boot_id, value, len);
	j->boot_id[len] = '\0';
}

static int64_t number_of(const char *value, size_t len)
{
	int64_t n = 0;

	for (size_t i = 0; i < len && i < 18 && isdigit((unsigned char)value[i]); i++)
		n = n * 10 + (value[i] - '0');
	return n;
}

/* The time that the kernel noted is better than that of the journal. */
static void set_source_time(struct journal_entry *j, const char *value, size_t len)
{
	j->time =
		(struct log_time){.clock = LOG_CLOCK_BOOT, .usec = number_of(value, len)};
}

static void set_boot_time(struct journal_entry *j, const char *value, size_t len)
{
	if (j->time.clock != LOG_CLOCK_BOOT)
		set_source_time(j, value, len);
}

static void set_wall_time(struct journal_entry *j, const char *value, size_t len)
{
	if (j->time.clock == LOG_CLOCK_NONE)
		j->time = (struct log_time){.clock = LOG_CLOCK_WALL,
		                            .usec = number_of(value, len)};
}

static const struct {
	const char *name;
	void (*set)(struct journal_entry *j, const char *value, size_t len);
} fields[] = {
	{"MESSAGE", set_message},
	{"_TRANSPORT", set_transport},
	{"_BOOT_ID", set_boot},
	{"_SOURCE_MONOTONIC_TIMESTAMP", set_source_time},
	{"__MONOTONIC_TIMESTAMP", set_boot_time},
	{"__REALTIME_TIMESTAMP", set_wall_time},
};

static size_t field_at(const char *name, size_t len)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(fields) &&
	       (strlen(fields[i].name) != len || memcmp(fields[i].name, name, len) != 0))
		i++;
	return i;
}

bool journal_wants(const char *name, size_t len)
{
	return field_at(name, len) < ARRAY_SIZE(fields);
}

void journal_set(struct journal_entry *j, const char *name, size_t len, const char *value,
                 size_t value_len)
{
	size_t i = field_at(name, len);

	if (i < ARRAY_SIZE(fields))
		fields[i].set(j, value, value_len);
}

bool journal_record(const struct journal_entry *j, struct log_record *ret)
{
	if (!j->has_message || j->foreign)
		return false;
	ret->text = j->message;
	ret->len = j->len;
	ret->time = j->time;
	return true;
}
