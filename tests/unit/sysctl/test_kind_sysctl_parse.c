/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Parsing the keys and values of sysctls; needs no host. */
#include "base/mem.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"

/* --- names ----------------------------------------------------------------------------
 */

static const struct spelling {
	const char *written, *canonical; /* the dotted spelling */
} spellings[] = {
	{"vm.swappiness", "vm.swappiness"},
	{"vm/swappiness", "vm.swappiness"},
	{"net.ipv4.conf.eth0/1.forwarding", "net.ipv4.conf.eth0/1.forwarding"},
	{"net/ipv4/conf/eth0.1/forwarding", "net.ipv4.conf.eth0/1.forwarding"},
	{"net/ipv4.conf", "net.ipv4/conf"},
	{"swappiness", "swappiness"},
	{"", ""},
};

static void test_spelling(void **state)
{
	const struct spelling *row = *state;

	assert_string_equal(keep_text(kind_sysctl.canonical(row->written)),
	                    row->canonical);
}

#define X32 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct bad_key {
	const char *key, *part; /* of the message */
} bad_keys[] = {
	{"../../etc/outside", "points outside /proc/sys"},
	{"vm/../../../etc/outside", "points outside /proc/sys"},
	{"vm/..", "points outside /proc/sys"},
	{"net.../.../x", ""},
	/* with dots and slashes swapped: vm/../../../etc/outside */
	{"vm.//.//.//.etc.outside", ""},
	{"vm.//.swappiness", ""},
	{"a.//", ""},
	{"vm./.swappiness", ""},
	{"/proc/sys/vm/swappiness", "has an empty part"},
	{"/etc/outside", "has an empty part"},
	{"vm.swappiness.", "has an empty part"},
	{".vm.swappiness", "has an empty part"},
	{"vm//swappiness", "has an empty part"},
	{"", "has an empty part"},
	{"swappiness", "is not a sysctl key (such as vm.swappiness)"},
	{"vm.swap piness", "a key can only contain letters, digits, . _ - and /"},
	{"vm.swappiness*", "* and ? can only stand for an interface"},
	{"net.*.conf.all.mtu", "* and ? can only stand for an interface"},
	{"net.ipv4.conf.*.rp*", "* and ? can only stand for an interface"},
	{"-vm.swappiness", "add \"optional: true\""},
	{"net.ipv4.conf.eth0.100.rp_filter", "(write net.ipv4.conf.eth0/100.rp_filter)"},
	{"vm.swapp\xc3\xafness", "a key can only contain letters, digits, . _ - and /"},
	{"vm.$HOME", "a key can only contain letters, digits, . _ - and /"},
	{"vm.drop_caches", "triggers an action when written and cannot be read back"},
	{"vm/compact_memory", "triggers an action when written and cannot be read back"},
	{"net.ipv4.route.flush",
         "triggers an action when written and cannot be read back"},
	{"vm." X32 X32 X32 X32, "is longer than 128 characters"},
};

static void test_bad_key(void **state)
{
	const struct bad_key *row = *state;
	struct diagnostics *diag = new_diagnostics();
	const char *text = keep_text(mem_format("\"%s\": 1", row->key));

	(void)resource_new(&kind_sysctl, text, diag);
	assert_int_equal(diag->n, 1);
	assert_part(diagnostics_text(diag),
	            keep_text(mem_format("1:1: sysctl \"%s\": ", row->key)));
	assert_part(diagnostics_text(diag), row->part);
}

/* --- values ---------------------------------------------------------------------------
 */

static const struct bad_value {
	const char *yaml, *reported; /* for the key k.e */
} bad_values[] = {
	{"k.e: ''",
         "1:1: note: sysctl k.e: is not persisted: Bottlerocket's settings hold no empty values\n"},
	{"k.e: {value: '', persist: false}", ""},
	{"k.e: true",
         "1:6: sysctl k.e \"true\": is a truth value in YAML (quote it, or write 0 or 1)\n"},
	{"k.e: 'true'", ""},
	{"k.e: Off",
         "1:6: sysctl k.e \"Off\": is a truth value in YAML (quote it, or write 0 or 1)\n"},
	{"k.e: ~",
         "1:6: sysctl k.e \"~\": is null in YAML (quote it, or write \"\" for an empty value)\n"},
	{"k.e: []", "1:6: sysctl k.e: has no value\n"},
	{"k.e:", "1:5: sysctl k.e: has no value\n"},
	{"k.e: {}", "1:6: sysctl k.e: must have a value, or min, max or both\n"},
	{"k.e: {optional: true}",
         "1:6: sysctl k.e: must have a value, or min, max or both\n"},
	{"k.e: {min: 1, max: 2}", ""},
	{"k.e: {value: 1, min: 2}",
         "1:6: sysctl k.e: must have a value, or min, max or both\n"},
	{"k.e: {value: 1, optinal: true}",
         "1:17: k.e: unknown key \"optinal\" (did you mean \"optional\"?)\n"},
	{"k.e: {value: 1, optional: 1, persist: no}",
         "1:27: optional \"1\": should be true or false\n"
         "1:39: persist \"no\": should be true or false\n"},
	{"k.e: {min: x}",
         "1:12: sysctl k.e: a bound must be a number or a size such as 16MiB\n"},
};

static void test_bad_value(void **state)
{
	const struct bad_value *row = *state;
	struct diagnostics *diag = new_diagnostics();

	(void)resource_new(&kind_sysctl, row->yaml, diag);
	diag_sort(diag);
	assert_string_equal(diagnostics_text(diag), row->reported);
}

static void test_long_value(void **state)
{
	char *text = keep_text(mem_new(5000, 1));
	struct diagnostics *diag = new_diagnostics();

	(void)state;
	memset(text, 'x', 5000 - 1);
	memcpy(text, "k.e: ", 5);
	text[5 + 4096] = '\0';
	(void)resource_new(&kind_sysctl, text, NULL);
	text[5 + 4096] = 'x';
	(void)resource_new(&kind_sysctl, text, diag);
	assert_string_equal(diagnostics_text(diag),
	                    "1:6: sysctl k.e: the value is longer than 4096 bytes\n");
}

static void test_options(void **state)
{
	const struct resource *r =
		resource_new(&kind_sysctl, "vm.x: {value: [1, 2], persist: false}", NULL);

	(void)state;
	assert_string_equal(r->spec.want, "1 2");
	assert_true(r->spec.no_persist && !r->spec.optional);
	r = resource_new(&kind_sysctl, "vm.x: {max: 1k, optional: true}", NULL);
	assert_string_equal(r->spec.want, "<=1000");
	assert_true(!r->spec.no_persist && r->spec.optional);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, spellings, test_spelling);
	suite_rows(&s, bad_keys, test_bad_key);
	suite_rows(&s, bad_values, test_bad_value);
	suite_test(&s, "a value too long", test_long_value);
	suite_test(&s, "options", test_options);
	return suite_run(&s);
}
