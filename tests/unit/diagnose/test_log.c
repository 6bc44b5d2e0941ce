/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "diagnose/diagnose.h"
#include "diagnose/log/reader.h"
#include "diagnose/log/text.h"
#include "diagnose/rules/load.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file in memory with this text, at its start. */
static int file_of(const char *text, size_t len)
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* All records of a text: "BOOT TIME|MESSAGE\n". */
static char *records_of(const char *text, size_t len, bool journal)
{
	_close_ int fd = file_of(text, len);
	_buf_ struct buf out = {0};
	struct log_record record;
	struct log_reader in;
	struct err e = {0};

	buf_add(&out, "");
	log_reader_begin(&in, fd, journal, (struct deadline){0});
	while (log_reader_next(&in, &record, &e) > 0) {
		_free_ char *time = log_time_format(&record.time);

		assert_int_equal(record.len, strlen(record.text));
		buf_addf(&out, "%" PRIu64 " %s|%s\n", record.boot, time ? time : "",
		         record.text);
	}
	assert_int_equal(e.code, 0);
	log_reader_done(&in);
	return buf_take(&out);
}

static const struct form {
	const char *name, *text, *records;
} forms[] = {
	{"kmsg",
         "6,12,8123456789,-;a\n SUBSYSTEM=pci\n DEVICE=+pci:0\n4,13,8123456790,c;b\n",
         "1 [ 8123.456789]|a\n1 [ 8123.456790]|b\n"},
	{"kmsg with a caller", "6,12,1000000,-,caller=T12;a\n", "1 [    1.000000]|a\n"},
	{"kmsg with escapes", "6,12,1000000,-;a\\x09b\\x5cn\\x00\\xzz\n",
         "1 [    1.000000]|a\tb\\n \\xzz\n"},
	{"dmesg", "[    1.5] x\n[ 8123.456789] a\n",
         "1 [    1.500000]|x\n1 [ 8123.456789]|a\n"},
	{"dmesg with a caller", "[    1.000000][    C7] a\n[    1.000001][T12345] b\n",
         "1 [    1.000000]|a\n1 [    1.000001]|b\n"},
	{"dmesg -r", "<4>[    1.000000] a\n", "1 [    1.000000]|a\n"},
	{"dmesg -x", "kern  :warn  : [    1.000000] a\n", "1 [    1.000000]|a\n"},
	{"dmesg -d", "[    1.000000 <    0.000012>] a\n", "1 [    1.000000]|a\n"},
	{"dmesg -T", "[Tue Nov 19 12:34:56 2024] a: b\n", "1 2024-11-19 12:34:56|a: b\n"},
	{"dmesg iso", "2024-11-19T12:34:56,123456+00:00 a: b\n",
         "1 2024-11-19 12:34:56|a: b\n"},
	{"syslog", "Nov  9 12:34:56 node kernel: a\nNov  9 12:34:57 node sshd[1]: b\n",
         "1 Nov  9 12:34:56|a\n"},
	{"syslog with both times", "Nov 19 12:34:56 node kernel: [   12.345678] a\n",
         "1 [   12.345678]|a\n"},
	{"syslog, iso",
         "2024-11-19T12:34:56.1+01:00 node kernel: a\n"
         "2024-11-19T12:34:57.1+01:00 node cron[3]: b\n",
         "1 2024-11-19 12:34:56+01:00|a\n"},
	{"iso, zones",
         "2024-11-19T00:34:56-0330 n kernel: a\n2024-11-19T12:34:56Z n kernel: b\n"
         "2024-11-19T12:34:56 n kernel: c\n",
         "1 2024-11-19 00:34:56-03:30|a\n1 2024-11-19 12:34:56|b\n"
         "1 2024-11-19 12:34:56|c\n"},
	{"dmesg -J",
         "{\n   \"dmesg\": [\n      {\n         \"pri\": 5,\n         \"time\":     1.500000,\n"
         "         \"msg\": \"a \\\"b\\\" c\\u0009d\\u0027\\\\\"\n      },{\n         \"time\":     2.000000,\n"
         "         \"msg\": \"b\"\n      }\n   ]\n}\n",
         "1 |{\n1 [    1.500000]|a \"b\" c?d'\\\n1 [    2.000000]|b\n1 |}\n"},
	{"no time", "watchdog: a\n", "1 |watchdog: a\n"},
	{"colour", "\033[32m[    1.000000] \033[0m\033[33ma: \033[0mb\n",
         "1 [    1.000000]|a: b\n"},
	{"carriage returns", "[    1.000000] a\r\n[    2.000000] b\r\n",
         "1 [    1.000000]|a\n1 [    2.000000]|b\n"},
	{"cut at both ends", "000] a\n[    2.000000] b",
         "1 |000] a\n1 [    2.000000]|b\n"},
	{"a time that overflows",
         "[99999999999999999.000000] a\n9,9,99999999999999999999,-;b\n",
         "1 |[99999999999999999.000000] a\n1 [999999999999.999999]|b\n"},
	{"boots by time", "[  100.000000] a\n[   99.900000] b\n[    7.000000] c\n",
         "1 [  100.000000]|a\n1 [   99.900000]|b\n2 [    7.000000]|c\n"},
	{"boots by version",
         "[    0.000000] Linux version 5.15\n[    9.000000] a\n[    9.500000] Linux version "
         "6.1\n[   10.000000] b\n",
         "1 [    0.000000]|Linux version 5.15\n1 [    9.000000]|a\n2 [    9.500000]|Linux "
         "version 6.1\n2 [   10.000000]|b\n"},
	{"boots of journalctl",
         "Nov  9 12:34:56 n kernel: a\n-- Reboot --\nNov  9 12:34:57 n kernel: b\n",
         "1 Nov  9 12:34:56|a\n2 Nov  9 12:34:57|b\n"},
	{0},
};

static void test_forms(void **state)
{
	(void)state;
	for (const struct form *f = forms; f->name; f++) {
		_free_ char *got = records_of(f->text, strlen(f->text), false);

		if (strcmp(got, f->records) != 0)
			print_error("%s\n", f->name);
		assert_string_equal(got, f->records);
	}
}

/* Lines that end within a form: what is behind them in the buffer is not read. */
static void test_ends(void **state)
{
	static const struct {
		const char line[24];
		size_t len;
		const char *text;
	} rows[] = {
		{"[    1.000000][\0"
	         "5]foo",
	         15, "["},
		{"[    1.000000][   \0"
	         "5]foo",
	         18, "[   "},
		{"[    1.000000][C\0]foo", 16, "[C"},
		{"[    1.000000\0] foo", 13, "[    1.000000"},
		{"6,12,1\0,-;foo", 6, "6,12,1"},
		{"<4\0>foo", 2, "<4"},
		{"\033\0[foo", 1, ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct log_record record;
		char line[sizeof(rows->line)];

		memcpy(line, rows[i].line, sizeof(line));
		(void)text_read(line, rows[i].len, &record);
		assert_int_equal(record.len, strlen(record.text));
		assert_string_equal(record.text, rows[i].text);
	}
}

static void test_nul_bytes(void **state)
{
	static const char text[] = "[    1.000000] a\0b\n\0\0\n";
	_free_ char *got = records_of(text, sizeof(text) - 1, false);

	(void)state;
	assert_string_equal(got, "1 [    1.000000]|a b\n1 |  \n");
}

static void test_long_lines(void **state)
{
	static const size_t lengths[] = {LINE_MAX_LEN - 1, LINE_MAX_LEN, LINES_BUFFER,
	                                 3 * LINES_BUFFER};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		_buf_ struct buf text = {0};
		_free_ char *filler = mem_new(lengths[i] + 1, 1);
		_free_ char *got = NULL;

		memset(filler, 'x', lengths[i]);
		buf_addf(&text, "[    1.000000] a\n%s\n[    2.000000] b\n", filler);
		got = records_of(text.text, text.len, false);
		assert_non_null(strstr(got, "|a\n1 |xxx"));
		assert_non_null(strstr(got, "xxx\n1 [    2.000000]|b\n"));
		assert_true(strlen(got) <= LINE_MAX_LEN + 64);
	}
}

static void test_export(void **state)
{
	static const char text[] =
		"__REALTIME_TIMESTAMP=1732019696000000\n__MONOTONIC_TIMESTAMP=5000000\n"
		"_BOOT_ID=aaaa\n_TRANSPORT=kernel\nMESSAGE=a\n\n"
		"_BOOT_ID=aaaa\n_TRANSPORT=syslog\nMESSAGE=b\n\n"
		"_BOOT_ID=bbbb\n_TRANSPORT=syslog\nMESSAGE=b\n\n"
		"_BOOT_ID=bbbb\n_TRANSPORT=kernel\n_SOURCE_MONOTONIC_TIMESTAMP=7000000\n"
		"__MONOTONIC_TIMESTAMP=9000000\n"
		"MESSAGE\n\x05\0\0\0\0\0\0\0c\nd\0e\nSYSLOG_IDENTIFIER=kernel\n\n"
		"__REALTIME_TIMESTAMP=1732019696000000\n_TRANSPORT=kernel\nMESSAGE=f\n";
	_free_ char *got = records_of(text, sizeof(text) - 1, true);

	(void)state;
	assert_string_equal(got, "1 [    5.000000]|a\n2 [    7.000000]|c\n"
	                         "2 2024-11-19 12:34:56|f\n");
}

static void test_json(void **state)
{
	static const char text[] =
		"{\"_BOOT_ID\":\"aaaa\",\"_TRANSPORT\":\"kernel\",\"__MONOTONIC_TIMESTAMP\":"
		"\"5000000\",\"MESSAGE\":\"a \\\"b\\\"\"}\n"
		"{\"MESSAGE\":\n"
		"{\"_BOOT_ID\":\"bbbb\",\"_TRANSPORT\":\"syslog\",\"MESSAGE\":\"c\"}\n"
		"{\"_BOOT_ID\":\"bbbb\",\"_TRANSPORT\":\"kernel\",\"MESSAGE\":[120,0,255]}\n"
		"{\"_BOOT_ID\":\"bbbb\",\"_TRANSPORT\":\"kernel\",\"MESSAGE\":null}\n";
	_free_ char *got = records_of(text, sizeof(text) - 1, true);

	(void)state;
	assert_string_equal(got, "1 [    5.000000]|a \"b\"\n2 |x \xff\n2 |null\n");
}

static bool wants_nothing(const char *line, size_t len, void *arg)
{
	(void)line;
	(void)len;
	(void)arg;
	return false;
}

/* Texts that a search of the line misses are read: bytes, lists, escapes. */
static void test_json_hidden(void **state)
{
	static const char text[] =
		"{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"plain\"}\n"
		"{\"_TRANSPORT\":\"stdout\",\"MESSAGE\":\"\\\"b\"}\n"
		"{\"MESSAGE\":[97,98],\"_TRANSPORT\":\"kernel\"}\n"
		"{\"A\":\"MESSAGE\",\"MESSAGE\" : [ 97, 99 ]}\n"
		"{\"MESSAGE\":[\"a\",\"b\"],\"_TRANSPORT\":[\"kernel\",\"kernel\"]}\n"
		"{\"MESSAGE\":[[99,100],\"e\"],\"_TRANSPORT\":\"kernel\"}\n"
		"{\"MESSAGE\":\"hasn\\u0027t\"}\n"
		"{\"MESSAGE\":\"I\\/O\"}\n"
		"{\"MESS\\u0041GE\":\"f\"}\n";
	static const char records[] = "ab\nac\na b\ncd e\nhasn't\nI/O\nf\n";
	_close_ int fd = file_of(text, sizeof(text) - 1);
	_buf_ struct buf got = {0};
	struct log_record record;
	struct log_reader in;
	struct err e = {0};

	(void)state;
	log_reader_begin(&in, fd, true, (struct deadline){0});
	in.wants = wants_nothing;
	while (log_reader_next(&in, &record, &e) > 0)
		buf_addf(&got, "%s\n", record.text);
	assert_string_equal(got.text, records);
	assert_int_equal(in.known, 9);
	assert_int_equal(in.damaged, 0);
	log_reader_done(&in);
}

/* A pipe whose reads do not block, and which is empty for a moment, has not ended. */
static void test_slow_pipe(void **state)
{
	_buf_ struct buf got = {0};
	struct log_record record;
	struct log_reader in;
	struct err e = {0};
	int fd[2];
	pid_t child;

	(void)state;
	assert_int_equal(pipe2(fd, O_NONBLOCK | O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)usleep(50000);
		_exit(write(fd[1], "[    1.5] a\n", 12) != 12);
	}
	(void)close(fd[1]);
	log_reader_begin(&in, fd[0], false, (struct deadline){0});
	while (log_reader_next(&in, &record, &e) > 0)
		buf_addf(&got, "%s\n", record.text);
	log_reader_done(&in);
	(void)close(fd[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(e.code, 0);
	assert_string_equal(got.text, "a\n");
}

/* Neither a pipe without an end nor a line without one makes it wait for ever. */
static void test_deadline(void **state)
{
	int fds[2], zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_true(zero >= 0);
	for (size_t i = 0; i < 2; i++) {
		struct log_record record;
		struct log_reader in;
		struct err e = {0};

		log_reader_begin(&in, i ? zero : fds[0], false, deadline_in_ms(20));
		assert_int_equal(log_reader_next(&in, &record, &e), -ETIME);
		assert_string_equal(e.text, "deadline exceeded");
		log_reader_done(&in);
	}
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(zero);
}

/* The watch skips what it had time to report. */
static void test_since(void **state)
{
	static const char text[] =
		"[   10.000000] watchdog: BUG: soft lockup - CPU#1 stuck for 23s! [a:1]\n"
		"[ 5000.000000] watchdog: BUG: soft lockup - CPU#2 stuck for 23s! [a:1]\n";
	static const struct {
		int64_t since_us;
		size_t n;
	} rows[] = {{0, 2}, {10000000, 2}, {10000001, 1}, {INT64_C(6000000000), 0}};
	_cleanup_(rules_done) struct rules rules = {0};

	(void)state;
	rules_load_builtin(&rules, RULES_ALL, new_diagnostics());
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(diagnosis_done) struct diagnosis d = {0};
		_close_ int fd = memfd_create("log", MFD_CLOEXEC);
		struct diagnose_run run = {
			.rules = &rules,
			.log = {.name = "log", .fd = fd, .since_us = rows[i].since_us},
			.d = &d};

		assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_int_equal(diagnose(&run), 0);
		assert_int_equal(diagnosis_count(&d, FINDING_CRITICAL), rows[i].n);
	}
}

/* More drives than a rule has groups: those without one are not forgotten. */
static void test_many_subjects(void **state)
{
	static struct rules rules;
	_diagnostics_ struct diagnostics diag = {0};
	_cleanup_(diagnosis_done) struct diagnosis d = {0};
	_buf_ struct buf text = {0};
	struct diagnose_run run = {.rules = &rules, .log = {.name = "log"}, .d = &d};

	(void)state;
	rules_load_builtin(&rules, RULES_ALL, &diag);
	for (unsigned i = 0; i < 100; i++)
		buf_addf(&text, "[ %4u.000000] I/O error, dev sd%c%c, sector 0\n", i + 1,
		         'a' + (int)i / 26, 'a' + (int)i % 26);
	run.log.fd = file_of(text.text, text.len);
	assert_int_equal(diagnose(&run), 0);
	(void)close(run.log.fd);
	rules_done(&rules);
	assert_int_equal(d.n_unchecked, 1);
	assert_string_equal(d.unchecked[0].what, "kernel log");
	assert_non_null(strstr(d.unchecked[0].why, "36 events concern more"));
}

int main(void)
{
	static struct suite s;

	suite_test(&s, "forms of lines", test_forms);
	suite_test(&s, "lines that end early", test_ends);
	suite_test(&s, "NUL bytes", test_nul_bytes);
	suite_test(&s, "long lines", test_long_lines);
	suite_test(&s, "journal export", test_export);
	suite_test(&s, "journal JSON", test_json);
	suite_test(&s, "journal JSON, hidden texts", test_json_hidden);
	suite_test(&s, "a slow pipe", test_slow_pipe);
	suite_test(&s, "a log without end", test_deadline);
	suite_test(&s, "the newer part", test_since);
	suite_test(&s, "many subjects", test_many_subjects);
	return suite_run(&s);
}
