/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/log/text.h"

#include "base/macro.h"

#include <ctype.h>
#include <string.h>

#define ESC '\033'
#define HEX "0123456789abcdefABCDEF"

/* --- cleaning ------------------------------------------------------------------------
 */

/* Remove ANSI sequences: ESC [ parameters letter. Return: the new length. */
static size_t remove_colour(char *line, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		if (line[i] != ESC) {
			line[to++] = line[i];
			continue;
		}
		if (line[i + 1] != '[')
			continue;
		i += 2;
		while (i < len && (line[i] < '@' || line[i] > '~'))
			i++;
	}
	line[to] = '\0';
	return to;
}

static int hex(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* Replace the \xNN of /dev/kmsg. Return: the new length. */
static size_t remove_escapes(char *text, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '\\' && i + 3 < len && text[i + 1] == 'x' &&
		    hex(text[i + 2]) >= 0 && hex(text[i + 3]) >= 0) {
			c = (char)(hex(text[i + 2]) * 16 + hex(text[i + 3]));
			c = c == '\0' ? ' ' : c;
			i += 3;
		}
		text[to++] = c;
	}
	text[to] = '\0';
	return to;
}

/* --- forms ---------------------------------------------------------------------------
 */

static enum text_kind record(struct log_record *ret, char *text, const char *end)
{
	ret->text = text;
	ret->len = (size_t)(end - text);
	return TEXT_RECORD;
}

/* "6,1205,8123456789,-,caller=T1;text". Return: the text; NULL: another form. */
static char *kmsg_text(char *line, struct log_time *time)
{
	char *p = line;
	int64_t usec = 0;

	for (int commas = 0; commas < 2; commas++) {
		size_t n = strspn(p, "0123456789");

		if (n == 0 || n > 20 || p[n] != ',')
			return NULL;
		p += n + 1;
	}
	for (int n = 0; isdigit((unsigned char)*p); p++, n++)
		usec = n < 18 ? usec * 10 + (*p - '0') : usec;
	if (*p != ',' && *p != ';')
		return NULL;
	p = strchr(p, ';');
	*time = (struct log_time){.clock = LOG_CLOCK_BOOT, .usec = usec};
	return p ? p + 1 : NULL;
}

/* "[ 8123.456789][  C7] text": behind it; NULL: another form. */
static char *bracket_text(char *line, struct log_time *time)
{
	char *p = line + 1;
	size_t n = log_time_seconds(p, time);

	if (n == 0)
		n = log_time_ctime(p, time);
	if (n == 0)
		return NULL;
	p += n;
	/* dmesg -d: "[ 8123.456789 <    0.000012>]" */
	if (strncmp(p, " <", 2) == 0)
		p += strcspn(p, "]");
	if (*p != ']')
		return NULL;
	p++;
	/* the caller: a thread or a CPU */
	if (*p == '[') {
		size_t blanks = strspn(p + 1, " ");
		char *kind = p + 1 + blanks;
		size_t len = *kind ? strspn(kind + 1, "0123456789") : 0;

		if (len > 0 && strchr("TC", *kind) && kind[1 + len] == ']')
			p = kind + 1 + len + 1;
	}
	return *p == ' ' ? p + 1 : p;
}

/*
 * "node kernel: text": the text, with the time that it may begin with; NULL: of another
 * program.
 */
static char *syslog_text(char *rest, struct log_time *time)
{
	static const char program[] = "kernel:";
	struct log_time own;
	char *p = rest + strspn(rest, " "), *text;

	p += strcspn(p, " ");
	p += strspn(p, " ");
	if (strncmp(p, program, strlen(program)) != 0)
		return NULL;
	p += strlen(program);
	p += *p == ' ';
	text = *p == '[' ? bracket_text(p, &own) : NULL;
	if (!text)
		return p;
	*time = own;
	return text;
}

/* "kern  :warn  : [ 8123.456789] text": behind level and facility; else `line`. */
static char *behind_level(char *line)
{
	char *p = line;

	if (*p == '<') {
		p += 1 + strspn(p + 1, "0123456789");
		return *p == '>' ? p + 1 : line;
	}
	if (strncmp(p, "kern ", 5) != 0)
		return line;
	p += 4 + strspn(p + 4, " ");
	if (*p != ':')
		return line;
	p += 1 + strcspn(p + 1, ":[");
	return *p == ':' ? p + 1 + strspn(p + 1, " ") : line;
}

/*
 * The character of "0027", four digits of an escape. A control, or what is no ASCII, is
 * '?': no rule looks for it.
 */
static char json_char(const char *digits)
{
	char c = (char)(hex(digits[2]) * 16 + hex(digits[3]));

	return strncmp(digits, "00", 2) == 0 && isprint((unsigned char)c) ? c : '?';
}

/* Replace the escapes of a JSON text, and end it at its quote. Return: its length. */
static size_t end_json(char *text)
{
	char *to = text;

	for (const char *p = text; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1] == 'u' && strspn(p + 2, HEX) >= 4) {
			*to++ = json_char(p + 2);
			p += 5;
		} else if (*p == '\\' && p[1]) {
			*to++ = strchr("nrtbf", *++p) ? ' ' : *p;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

/* A member of a record of dmesg -J: the time, then the message. */
static enum text_kind read_json_member(char *line, struct log_record *ret)
{
	static const char time[] = "\"time\":", message[] = "\"msg\": \"";
	char *p = line + strspn(line, " \t");

	ret->time = (struct log_time){.clock = LOG_CLOCK_NONE};
	if (strncmp(p, time, strlen(time)) == 0)
		return log_time_seconds(p + strlen(time), &ret->time) ? TEXT_TIME
		                                                      : TEXT_OTHER;
	if (strncmp(p, message, strlen(message)) != 0)
		return TEXT_OTHER;
	p += strlen(message);
	return record(ret, p, p + end_json(p));
}

static bool is_json_member(const char *line)
{
	const char *p = line + strspn(line, " \t");

	return p != line && strchr("\"{}]", *p) && *p;
}

static bool is_reboot(const char *line)
{
	return strncmp(line, "-- Reboot --", 12) == 0 ||
	       strncmp(line, "-- Boot ", 8) == 0;
}

static enum text_kind read_dated(char *rest, const char *end, bool dmesg,
                                 struct log_record *ret)
{
	char *text = syslog_text(rest, &ret->time);

	if (text)
		return record(ret, text, end);
	if (!dmesg)
		return TEXT_OTHER;
	return record(ret, rest + (*rest == ' '), end);
}

enum text_kind text_read(char *line, size_t len, struct log_record *ret)
{
	char *text = NULL;
	size_t n;

	if (memchr(line, ESC, len))
		len = remove_colour(line, len);
	if (is_json_member(line))
		return read_json_member(line, ret);
	ret->time = (struct log_time){.clock = LOG_CLOCK_NONE};
	if (*line == '<' || *line == 'k')
		text = behind_level(line);
	if (text) {
		len -= (size_t)(text - line);
		line = text;
	}
	if (*line == '[' && (text = bracket_text(line, &ret->time)))
		return record(ret, text, line + len);
	if (isdigit((unsigned char)*line) && (text = kmsg_text(line, &ret->time))) {
		len -= (size_t)(text - line);
		if (memchr(text, '\\', len))
			len = remove_escapes(text, len);
		return record(ret, text, text + len);
	}
	n = isdigit((unsigned char)*line) ? log_time_iso(line, &ret->time)
	                                  : log_time_syslog(line, &ret->time);
	if (n > 0)
		/* only dmesg writes a comma before microseconds */
		return read_dated(line + n, line + len, n > 19 && line[19] == ',', ret);
	if (is_reboot(line))
		return TEXT_NEW_BOOT;
	(void)record(ret, line, line + len);
	return len > 0 ? TEXT_RAW : TEXT_OTHER;
}
