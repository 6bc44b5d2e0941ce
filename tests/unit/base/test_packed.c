/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/packed.h"

#include "base/macro.h"
#include "base/mem.h"
#include "test.h"

/* The tables as the compiler reads them: the packed texts are the same. */
static const char *const causes[] = {
#define CAUSE(...) __VA_ARGS__,
#include "baseline/cause.def"
#undef CAUSE
};
static const char *const disk_reasons[] = {
#define R(id, word, group, ...) __VA_ARGS__,
#include "storage/block/disk_reason.def"
#undef R
};
static const char *const effects[] = {
#define E(...) __VA_ARGS__,
#include "explain/effect.def"
#undef E
};
static const char *const keys[] = {
#define K(...) __VA_ARGS__,
#include "explain/keys.def"
#undef K
};
static const char *const prose[] = {
#define P(...) __VA_ARGS__,
#include "sysctl/known/prose.def"
#undef P
};
static const char *const reasons[] = {
#define R(id, word, states, ...) __VA_ARGS__,
#include "resource/reason.def"
#undef R
};
static const char *const sysctls[] = {
#define K(shape, words, min, max, key, module) \
	key " " module " " #shape " " #words " " #min " " #max,
#include "sysctl/known/keys.def"
#undef K
};

static const struct table {
	const char *name;
	struct packed *packed;
	const char *const *texts;
	size_t n;
} tables[] = {
	{"causes", &packed_causes, causes, ARRAY_SIZE(causes)},
	{"disk reasons", &packed_disk_reasons, disk_reasons, ARRAY_SIZE(disk_reasons)},
	{"effects", &packed_effects, effects, ARRAY_SIZE(effects)},
	{"keys", &packed_keys, keys, ARRAY_SIZE(keys)},
	{"prose", &packed_prose, prose, ARRAY_SIZE(prose)},
	{"reasons", &packed_reasons, reasons, ARRAY_SIZE(reasons)},
	{"sysctls", &packed_sysctls, sysctls, ARRAY_SIZE(sysctls)},
};

static void test_tables(void **state)
{
	const struct table *row = *state;
	const char *const *t = packed_texts(row->packed);

	assert_int_equal(row->packed->n, row->n);
	for (size_t i = 0; i < row->n; i++)
		assert_string_equal(t[i], row->texts[i]);
}

static const struct files {
	const char *name;
	const struct packed *packed;
	size_t each;                /* texts of a file; the third may be empty */
	const char *first, *begins; /* the first file, and its text */
} files[] = {
	{"completions", &packed_completions, 2, "hosttune.bash", "#"},
	{"help", &packed_help, 2, "apply.txt", "hosttune reads the host, plans"},
	{"profiles", &packed_profiles, 2, "container-node.yaml", "# A conservative base"},
	{"rules", &packed_rules, 3, "cards.yaml", "version: 1\nrules:\n  - name:"},
};

static void test_files(void **state)
{
	const struct files *row = *state;
	_free_ char *texts = packed_open(row->packed);
	const char *at = texts;

	assert_string_equal(texts, row->first);
	for (size_t i = 0; i < row->packed->n; i++) {
		if (i == 1)
			assert_int_equal(strncmp(at, row->begins, strlen(row->begins)),
			                 0);
		assert_true(*at || i % row->each == 2);
		at += strlen(at) + 1;
	}
	assert_int_equal(at - texts, row->packed->len);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, tables, test_tables);
	suite_rows(&s, files, test_files);
	return suite_run(&s);
}
