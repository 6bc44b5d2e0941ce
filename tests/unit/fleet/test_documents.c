/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "base/text/buf.h"
#include "fleet/documents.h"
#include "test.h"

#include <sys/mman.h>
#include <unistd.h>

static int file_with(const char *text, size_t len)
{
	int fd = memfd_create("documents", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Join the documents with "|"; "<" marks one that is cut short. */
static char *split(const char *text, size_t len)
{
	_cleanup_(documents_done) struct documents d = {.fd = file_with(text, len)};
	struct buf all = {0};
	struct err e = {0};

	while (documents_next(&d, &e) > 0) {
		buf_addf(&all, "%s%s%s", d.n > 1 ? "|" : "", d.cut_short ? "<" : "",
		         d.text.text);
		assert_false(d.too_large);
	}
	assert_int_equal(e.code, 0);
	(void)close(d.fd);
	return keep_text(buf_take(&all));
}

struct row {
	const char *name, *text, *want;
};

#define R  "{\"version\": 1, \"a\": {}}"
#define R2 "{\n  \"version\": 1\n}"
#define S  "{\"api\":{},\"host\":{}}"

static const struct row rows[] = {
	{"nothing", "", ""},
	{"blanks", " \n\t\r\n", ""},
	{"one", R, R},
	{"one with a newline", R "\n", R},
	{"JSON lines", R "\n" S "\n" R "\n", R "|" S "|" R},
	{"one after the other", R R2 R, R "|" R2 "|" R},
	{"braces in texts", "{\"a\": \"}{\\\"}\"}" R, "{\"a\": \"}{\\\"}\"}|" R},
	{"an escaped backslash before the quote", "{\"a\": \"\\\\\"}" R,
         "{\"a\": \"\\\\\"}|" R},
	{"records in the first column", "{\"version\":1,\n\"r\":[\n{\"kind\":{}}\n]\n}" R,
         "{\"version\":1,\n\"r\":[\n{\"kind\":{}}\n]\n}|" R},
	{"cut in a text", "{\"version\": 1, \"a\": \"b\n" R,
         "<{\"version\": 1, \"a\": \"b\n|" R},
	{"cut in a list", "{\"version\": 1, \"a\": [\n" S,
         "<{\"version\": 1, \"a\": [\n|" S},
	{"cut after the brace", "{\n" R, "<{\n|" R},
	{"cut twice", "{\"version\": 1,\n{\"version\": 1,\n" R2,
         "<{\"version\": 1,\n|<{\"version\": 1,\n|" R2},
	{"cut at the end", R "\n{\"version\": 1, \"a\":", R "|<{\"version\": 1, \"a\":"},
	{"no JSON before", "hello\n" R, "hello\n|" R},
	{"no JSON after", R "\nhello\n", R "|hello\n"},
	{"no JSON between", R "\nhello {}\n" R2, R "|hello {}\n|" R2},
	{"a list", "[" R ", " R "]\n", "[" R ", " R "]\n"},
	{"a key longer than any head",
         "{\"version\": 1,\n{\"" R
         "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
         "<{\"version\": 1,\n{\"" R
         "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"},
};

static void test_documents(void **state)
{
	const struct row *row = *state;

	assert_text(split(row->text, strlen(row->text)), row->want);
}

/* The boundary between two reads falls on each byte of a document. */
static void chunks(void **state)
{
	static const char two[] = "\n" R2 "\n" R;

	(void)state;
	for (size_t before = 65536 - sizeof(two); before <= 65536; before++) {
		_buf_ struct buf text = {0};

		for (size_t i = 0; i < before; i++)
			buf_add_n(&text, " ", 1);
		buf_add(&text, two);
		assert_text(split(text.text, text.len), R2 "|" R);
	}
}

static void too_large(void **state)
{
	_cleanup_(documents_done) struct documents d = {0};
	_buf_ struct buf text = {0};
	struct err e = {0};

	(void)state;
	buf_add(&text, "{\"version\": \"");
	while (text.len <= DOCUMENT_MAX_BYTES)
		buf_add(&text, "{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}");
	buf_add(&text, "\"}\n" R);
	d.fd = file_with(text.text, text.len);
	assert_int_equal(documents_next(&d, &e), 1);
	assert_true(d.too_large);
	assert_int_equal(d.text.len, DOCUMENT_MAX_BYTES);
	assert_int_equal(documents_next(&d, &e), 1);
	assert_false(d.too_large);
	assert_text(d.text.text, R);
	assert_int_equal(documents_next(&d, &e), 0);
	(void)close(d.fd);
}

static void unreadable(void **state)
{
	_cleanup_(documents_done) struct documents d = {.fd = -1};
	struct err e = {0};

	(void)state;
	assert_true(documents_next(&d, &e) < 0);
	assert_part(e.text, "cannot be read: ");
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_documents);
	suite_test(&s, "chunks", chunks);
	suite_test(&s, "too_large", too_large);
	suite_test(&s, "unreadable", unreadable);
	return suite_run(&s);
}
