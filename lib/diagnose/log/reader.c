/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/reader.h"

#include "base/mem.h"
#include "diagnose/log/text.h"
#include "doc/json.h"
#include "doc/node.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Of one entry of a journal: more are no fields of systemd. */
#define JSON_VALUES_MAX 16384

void log_reader_begin(struct log_reader *r, int fd, bool journal, struct deadline until)
{
	*r = (struct log_reader){.journal = journal};
	lines_begin(&r->lines, fd, until);
}

/* --- text ----------------------------------------------------------------------------
 */

/* " KEY=value" and further lines of a record of /dev/kmsg. */
static bool is_dictionary(const char *line)
{
	return *line == ' ' && isupper((unsigned char)line[1]) && strchr(line, '=');
}

/* Count the records between the last one and this one, "6,1205,...". */
static void count_lost(struct log_reader *r, const char *line)
{
	const char *p = strchr(line, ',');
	uint64_t n = 0;

	if (!r->lines.device || !p || !isdigit((unsigned char)*line))
		return;
	for (p++; isdigit((unsigned char)*p); p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (r->sequence > 0 && n > r->sequence)
		r->lost += n - r->sequence;
	r->sequence = n + 1;
}

static int next_of_text(struct log_reader *r, struct log_record *ret, struct err *e)
{
	size_t len;
	char *line;
	int n;

	while ((n = lines_next(&r->lines, &line, &len, e)) > 0) {
		enum text_kind kind;

		if (is_dictionary(line))
			continue;
		count_lost(r, line);
		kind = text_read(line, len, ret);
		if (kind == TEXT_TIME)
			r->member_time = ret->time;
		if (*line == ' ' && ret->time.clock == LOG_CLOCK_NONE)
			ret->time = r->member_time;
		if (kind == TEXT_NEW_BOOT)
			boots_next(&r->boots);
		if (kind != TEXT_RECORD && kind != TEXT_RAW)
			continue;
		r->known += kind == TEXT_RECORD;
		r->raw += kind == TEXT_RAW;
		ret->line = r->lines.number;
		boots_place(&r->boots, ret);
		return 1;
	}
	return n;
}

/* --- journal -------------------------------------------------------------------------
 */

/* Give the entry as a record. Return: false: it is not of the kernel. */
static bool take_entry(struct log_reader *r, const char *boot_id, uint64_t line,
                       struct log_record *ret)
{
	if (!journal_record(&r->entry, ret))
		return false;
	r->known++;
	if (*r->entry.boot_id && strcmp(boot_id, r->entry.boot_id) != 0)
		boots_next(&r->boots);
	ret->line = line;
	boots_place(&r->boots, ret);
	return true;
}

/* A field that is not text: its size in 64 bits, its bytes, a newline. */
static int read_binary(struct log_reader *r, const char *name, struct err *e)
{
	char *bytes;
	uint64_t size = 0;
	size_t len;
	int n = lines_bytes(&r->lines, sizeof(size), &bytes, &len, e);

	for (size_t i = sizeof(size); n > 0 && i-- > 0;)
		size = size << 8 | (unsigned char)bytes[i];
	if (n > 0)
		n = lines_bytes(&r->lines, size, &bytes, &len, e);
	for (size_t i = 0; n > 0 && i < len; i++)
		bytes[i] = bytes[i] ? bytes[i] : ' ';
	if (n > 0)
		journal_set(&r->entry, name, strlen(name), bytes, len);
	return n > 0 ? lines_bytes(&r->lines, 1, &bytes, &len, e) : n;
}

/* One entry: lines up to an empty one. Return: 1; 0 at the end; -errno. */
static int read_export(struct log_reader *r, struct err *e)
{
	bool any = false;
	size_t len;
	char *line;
	int n;

	r->entry = (struct journal_entry){0};
	while ((n = lines_next(&r->lines, &line, &len, e)) > 0 && (len > 0 || !any)) {
		char *equals = memchr(line, '=', len);

		any |= len > 0;
		if (equals) {
			journal_set(&r->entry, line, (size_t)(equals - line), equals + 1,
			            len - (size_t)(equals - line) - 1);
		} else if (len > 0) {
			_free_ char *name = mem_dup(line);

			n = read_binary(r, name, e);
			if (n <= 0)
				break;
		}
	}
	return n < 0 ? n : any;
}

static int next_of_export(struct log_reader *r, struct log_record *ret, struct err *e)
{
	char boot_id[JOURNAL_BOOT_ID];
	uint64_t line;
	int n;

	/* of the last record: entries of other programs between do not hide a new boot */
	memcpy(boot_id, r->entry.boot_id, sizeof(boot_id));
	do {
		line = r->lines.number + 1;
		n = read_export(r, e);
		if (!*r->entry.boot_id)
			memcpy(r->entry.boot_id, boot_id, sizeof(boot_id));
	} while (n > 0 && !take_entry(r, boot_id, line, ret));
	return n;
}

/* The bytes of a value that is not printable UTF-8. NULs are blanks. */
static void set_bytes(struct journal_entry *j, const char *key, const struct node *list)
{
	char bytes[JOURNAL_MESSAGE_MAX + 1];
	size_t n = 0;

	for (; n < list->n && n < JOURNAL_MESSAGE_MAX; n++) {
		const char *number = list->items[n]->text;
		unsigned byte = 0;

		for (const char *p = number; p && isdigit((unsigned char)*p); p++)
			byte = byte * 10 + (unsigned)(*p - '0');
		bytes[n] = (char)(byte & 0xff);
		bytes[n] = bytes[n] ? bytes[n] : ' ';
	}
	bytes[n] = '\0';
	journal_set(j, key, strlen(key), bytes, n);
}

static bool is_number(const struct node *value)
{
	return value->type == NODE_SCALAR && value->plain &&
	       isdigit((unsigned char)*value->text);
}

/* A value: a text, a list of bytes, or, of a field that occurs twice, a list of these. */
static void set_value(struct journal_entry *j, const char *key, const struct node *value)
{
	if (value->type == NODE_SCALAR)
		journal_set(j, key, strlen(key), value->text, strlen(value->text));
	else if (value->type == NODE_LIST && value->n > 0 && is_number(value->items[0]))
		set_bytes(j, key, value);
	else if (value->type == NODE_LIST)
		node_for_each (item, value)
			set_value(j, key, item);
}

/* Return: whether the line is an entry. */
static bool read_json(struct log_reader *r, const char *line, size_t len)
{
	struct err e = {0};
	_node_ struct node *entry = node_json_parse_some(line, len, JSON_VALUES_MAX, &e);

	if (!entry || entry->type != NODE_MAP)
		return false;
	r->entry = (struct journal_entry){0};
	node_for_each (value, entry)
		if (journal_wants(value->key, strlen(value->key)))
			set_value(&r->entry, value->key, value);
	return true;
}

/*
 * Whether the line hides texts, for which r->wants() looks: behind escapes, or as bytes
 * of a list.
 */
static bool hides_text(const char *line, size_t len)
{
	static const char key[] = "\"MESSAGE\"";
	const char *p = line;

	if (memchr(line, '\\', len))
		return true;
	while ((p = strstr(p, key))) {
		p += strlen(key);
		p += strspn(p, " \t:");
		if (*p == '[')
			return true;
	}
	return false;
}

/* Whether the line says, without an escape, that it is not of the kernel. */
static bool is_foreign(const char *line)
{
	static const char key[] = "\"_TRANSPORT\":\"", kernel[] = "kernel\"";
	const char *p = strstr(line, key);

	if (!p)
		return false;
	p += strlen(key);
	return strncmp(p, kernel, strlen(kernel)) != 0 && p[strcspn(p, "\\\"")] == '"';
}

static bool wants_entry(const struct log_reader *r, const char *line, size_t len)
{
	return !r->wants || r->wants(line, len, r->wants_arg) ||
	       (hides_text(line, len) && !is_foreign(line));
}

static int next_of_json(struct log_reader *r, struct log_record *ret, struct err *e)
{
	char boot_id[JOURNAL_BOOT_ID];
	size_t len;
	char *line;
	int n;

	memcpy(boot_id, r->entry.boot_id, sizeof(boot_id));
	while ((n = lines_next(&r->lines, &line, &len, e)) > 0) {
		if (*line != '{') {
			r->damaged += len > 0;
			continue;
		}
		if (!wants_entry(r, line, len)) {
			r->known++;
			continue;
		}
		if (!read_json(r, line, len)) {
			r->damaged++;
			continue;
		}
		if (!*r->entry.boot_id)
			memcpy(r->entry.boot_id, boot_id, sizeof(boot_id));
		if (take_entry(r, boot_id, r->lines.number, ret))
			return 1;
	}
	return n;
}

/* --- any -----------------------------------------------------------------------------
 */

int log_reader_next(struct log_reader *r, struct log_record *ret, struct err *e)
{
	*ret = (struct log_record){0};
	if (!r->journal)
		return next_of_text(r, ret, e);
	if (r->form == JOURNAL_UNKNOWN) {
		int n = lines_peek(&r->lines, e);

		if (n <= 0)
			return n < 0 ? n : 0;
		r->form = n == '{' ? JOURNAL_JSON : JOURNAL_EXPORT;
	}
	return r->form == JOURNAL_JSON ? next_of_json(r, ret, e)
	                               : next_of_export(r, ret, e);
}

void log_reader_done(struct log_reader *r)
{
	lines_done(&r->lines);
}
