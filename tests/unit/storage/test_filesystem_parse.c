/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a profile says of a file system. */
#include "base/mem.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

static const struct parse_row {
	const char *name; /* the item */
	const char *want, *diag;
} parse_rows[] = {
	{"data: {}", "xfs label data", ""},
	{"data: {label: ephemeral, format: xfs}", "xfs label ephemeral", ""},
	{"data: {label: exactly-12-b}", "xfs label exactly-12-b", ""},
	{"data: {label: more-than-12-b}", NULL,
         "is longer than 12 bytes, the limit of XFS\n"},
	{"name-of-13-by: {}", NULL, "12 bytes, the limit of XFS (set `label:`)\n"},
	{"data: {label: a b}", NULL, "label: must be ASCII without spaces"},
	{"data: {label: a/b}", NULL, "label: must be ASCII without spaces"},
	{"data: {label: \xc3\xa9}", NULL, "label: must be ASCII without spaces"},
	{"data: {label: \"\\e[2J\"}", NULL, "label: must be ASCII without spaces"},
	{"data: {label: \"\"}", NULL, "label: is empty"},
	{"data: {format: ext4}", NULL, "format \"ext4\": unknown"},
	{"data: {required: maybe}", NULL, "required \"maybe\": should be true or false"},
	{"data: {disks: {model: M, serial: S, min-size: 1TiB, count: 1}}",
         "xfs label data", ""},
	{"data: {disks: {serial: [A, B]}, wipe: {serial: [A, B]}, array: none}",
         "xfs label data", ""},
	{"data: {disks: {serial: []}}", NULL, "serial: is an empty list"},
	{"data: {wipe: {}}", NULL, "serial: is missing"},
	{"data: {array: raid5}", NULL,
         "array \"raid5\": not supported: hosttune makes only raid0"},
	{"data: {disks: {count: 0}}", NULL, "count \"0\": out of range"},
	{"data: {disks: {count: 2}}", NULL,
         "count \"2\": more than one drive needs an array"},
	{"data: {disks: {modle: x}}", NULL,
         "unknown key \"modle\" (did you mean \"model\"?)"},
	{"data: {disks: [nvme1n1]}", NULL, "disks: is a list, should be a mapping"},
	{"data: {mkfs: {agcount: 32, inode-size: 1024, log-size: 512MiB}}",
         "xfs label data", ""},
	{"data: {mkfs: {su: 256KiB, sw: 4, reflink: false}}", "xfs label data", ""},
	{"data: {mkfs: {inode-size: 1000}}", NULL,
         "inode-size \"1000\": must be a power of"},
	{"data: {mkfs: {inode-size: 256}}", NULL, "inode-size \"256\": out of range"},
	{"data: {mkfs: {log-size: 2GiB}}", NULL, "log-size \"2GiB\": out of range"},
	{"data: {mkfs: {log-size: 67108865}}", NULL, "must be a multiple of 4096"},
	{"data: {mkfs: {su: 5000, sw: 1}}", NULL,
         "su \"5000\": must be a multiple of 4096"},
	{"data: {mkfs: {su: 256KiB}}", NULL, "mkfs: su and sw must be set together"},
	{"data: {mkfs: {sw: 2}}", NULL, "mkfs: su and sw must be set together"},
	{"data: {mkfs: {agcount: 0}}", NULL, "agcount \"0\": out of range"},
	{"data: {mkfs: {force: true}}", NULL, "unknown key \"force\""},
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct diagnostics *diag = new_diagnostics();
	const struct resource *r = resource_new(&kind_filesystem, row->name, diag);

	if (row->want) {
		assert_string_equal(diagnostics_text(diag), "");
		assert_string_equal(r->spec.want, row->want);
	} else {
		assert_int_equal(diag->n, 1);
		assert_part(diagnostics_text(diag), row->diag);
	}
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, parse_rows, test_parse);
	return suite_run(&s);
}
