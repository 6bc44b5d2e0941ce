/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/base64.h"
#include "test.h"

/* The test vectors of RFC 4648, and every 6-bit value. */
static const struct row {
	const char *text, *base64;
} rows[] = {
	{"", ""},
	{"f", "Zg=="},
	{"fo", "Zm8="},
	{"foo", "Zm9v"},
	{"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="},
	{"foobar", "Zm9vYmFy"},
	{"version: 1\ninclude: [nfs-server]\n",
         "dmVyc2lvbjogMQppbmNsdWRlOiBbbmZzLXNlcnZlcl0K"},
	{"\xff\xfe\xfd", "//79"},
};

static void test_encode(void **state)
{
	const struct row *row = *state;

	assert_string_equal(keep_text(base64_encode(row->text, strlen(row->text))),
	                    row->base64);
}

static void test_alphabet(void **state)
{
	static const unsigned char bytes[] = {
		0x00, 0x10, 0x83, 0x10, 0x51, 0x87, 0x20, 0x92, 0x8b, 0x30, 0xd3, 0x8f,
		0x41, 0x14, 0x93, 0x51, 0x55, 0x97, 0x61, 0x96, 0x9b, 0x71, 0xd7, 0x9f,
		0x82, 0x18, 0xa3, 0x92, 0x59, 0xa7, 0xa2, 0x9a, 0xab, 0xb2, 0xdb, 0xaf,
		0xc3, 0x1c, 0xb3, 0xd3, 0x5d, 0xb7, 0xe3, 0x9e, 0xbb, 0xf3, 0xdf, 0xbf,
	};

	(void)state;
	assert_string_equal(
		keep_text(base64_encode(bytes, sizeof(bytes))),
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

static void test_nul(void **state)
{
	(void)state;
	assert_string_equal(keep_text(base64_encode("a\0b", 3)), "YQBi");
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_encode);
	suite_test(&s, "every letter", test_alphabet);
	suite_test(&s, "NUL is a byte", test_nul);
	return suite_run(&s);
}
