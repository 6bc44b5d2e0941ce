/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/signature.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "confine/confine.h"
#include "doc/pack.h"
#include "storage/block/content.h"

#include <blkid/blkid.h>

#include <errno.h>
#include <string.h>
#include <strings.h>

/* What blkid_do_safeprobe() returns; -2 is also -ENOENT of a read. */
#define SAFEPROBE_FOUND   0
#define SAFEPROBE_NOTHING 1
#define SAFEPROBE_SEVERAL (-2)

/* What blkid_do_probe() returns, for one signature after the other. */
#define PROBE_FOUND   0
#define PROBE_NOTHING 1

/* Text from a drive is untrusted and must not reach a terminal unescaped. */
static char *value(blkid_probe probe, const char *name)
{
	const char *data = NULL;
	char *text;

	if (blkid_probe_lookup_value(probe, name, &data, NULL) < 0 || !data)
		return mem_dup("");
	text = mem_dup(data);
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return text;
}

static void report_filesystem(struct blk *b)
{
	b->content = BLK_FILESYSTEM;
	if (*b->label)
		b->text = mem_format("%s file system, label \"%s\"", b->type, b->label);
	else
		b->text = mem_format("%s file system without a label", b->type);
}

static void report_signature(blkid_probe probe, struct blk *b)
{
	_free_ char *table = value(probe, "PTTYPE"), *usage = value(probe, "USAGE");

	b->type = value(probe, "TYPE");
	b->label = value(probe, "LABEL");
	b->uuid = value(probe, "UUID");
	b->reason = DISK_SIGNATURE;
	if (*table) {
		b->text = mem_format("%s partition table", table);
		b->reason = DISK_PARTITIONED;
	} else if (*b->type && strcmp(usage, "filesystem") == 0) {
		report_filesystem(b);
	} else {
		b->text = mem_format("%s%s%s", *b->type ? b->type : "unknown signature",
		                     *usage ? ", " : "", usage);
		if (strcmp(b->type, "linux_raid_member") == 0)
			b->reason = DISK_MEMBER;
	}
}

/* Partition types that Bottlerocket's udev helper uses to detect a system drive. */
static bool is_system_type(const char *type)
{
	static const char *const types[] = {
		"c12a7328-f81f-11d2-ba4b-00a0c93ec93b", /* EFI system */
		"6b636168-7420-6568-2070-6c616e657421", /* boot */
		"5526016a-1a97-4ea4-b39a-b7c8c6ca4502", /* root */
		"598f10af-c955-4456-6a99-7720068a6cea", /* hash */
		"0c5d99a5-d331-4147-baef-08e2b855bdc9", /* reserved */
		"440408bb-eb0b-4328-a6e5-a29038fad706", /* private */
		"626f7474-6c65-6474-6861-726d61726b73", /* data */
	};

	for (size_t i = 0; type && i < ARRAY_SIZE(types); i++)
		if (strcasecmp(type, types[i]) == 0)
			return true;
	return false;
}

/* Find system partitions in a table, whether or not the kernel has read it. */
static int find_system_partitions(blkid_probe probe, struct blk *b, struct err *e)
{
	blkid_partlist list = blkid_probe_get_partitions(probe);
	int n = list ? blkid_partlist_numof_partitions(list) : -1;

	if (n < 0)
		return err_set(e, -EIO, "its partition table cannot be read");
	for (int i = 0; i < n; i++) {
		blkid_partition part = blkid_partlist_get_partition(list, i);
		const char *name = blkid_partition_get_name(part);

		if ((!name || strncmp(name, "BOTTLEROCKET", 12) != 0) &&
		    !is_system_type(blkid_partition_get_type_string(part)))
			continue;
		b->reason = DISK_SYSTEM;
		mem_set(&b->text, mem_dup("partitions of a system drive"));
		break;
	}
	return 0;
}

/* Whether the drive can be read to its last signature, and has more than one. */
static bool has_several(blkid_probe probe)
{
	unsigned n = 0;
	int r;

	blkid_reset_probe(probe);
	while ((r = blkid_do_probe(probe)) == PROBE_FOUND)
		n++;
	return r == PROBE_NOTHING && n > 1;
}

static int probe_values(blkid_probe probe, struct blk *b, struct err *e)
{
	int r, found = 0;

	(void)blkid_probe_enable_superblocks(probe, 1);
	(void)blkid_probe_set_superblocks_flags(
		probe, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE |
			       BLKID_SUBLKS_USAGE);
	(void)blkid_probe_enable_partitions(probe, 1);
	(void)blkid_probe_set_partitions_flags(probe, BLKID_PARTS_FORCE_GPT);
	r = blkid_do_safeprobe(probe);
	if (r == SAFEPROBE_FOUND)
		report_signature(probe, b);
	else if (r == SAFEPROBE_SEVERAL && has_several(probe))
		blk_not_usable(b, DISK_SIGNATURE, "signatures of more than one kind");
	/* some versions return -errno: only "nothing" means nothing */
	else if (r != SAFEPROBE_NOTHING)
		found = err_set(e, -EIO, "the signature probe failed");
	if (found == 0 && b->reason == DISK_PARTITIONED)
		found = find_system_partitions(probe, b, e);
	return found;
}

/* --- apart: the bytes of a drive are parsed by a process that cannot write to it ------
 */

static void probe_apart(void *probe, struct buf *out)
{
	_blk_ struct blk b = {0};
	struct err e = {0};

	(void)probe_values(probe, &b, &e);
	pack_err(out, &e);
	pack_number(out, b.content);
	pack_number(out, b.reason);
	pack_text(out, b.type);
	pack_text(out, b.label);
	pack_text(out, b.uuid);
	pack_text(out, b.text);
}

/* Never that a drive is blank: only the process that would format it finds that out. */
static bool is_plausible(const struct blk *b)
{
	if (b->reason >= DISK_REASON_COUNT)
		return false;
	if (b->content == BLK_FILESYSTEM)
		return b->type && b->label && b->uuid && b->text;
	return b->content == BLK_OTHER;
}

static int take_answer(struct unpack *u, struct blk *b, struct err *e)
{
	int r = unpack_err(u, e);

	b->content = (enum blk_content)unpack_number(u);
	b->reason = (enum disk_reason)unpack_number(u);
	b->type = unpack_text(u);
	b->label = unpack_text(u);
	b->uuid = unpack_text(u);
	b->text = unpack_text(u);
	if (!unpack_is_complete(u) || !is_plausible(b))
		r = err_set(e, -EBADMSG, "the signature probe answers nonsense");
	return r;
}

int signature_probe(int fd, struct deadline until, struct blk *b, struct err *e)
{
	_buf_ struct buf packed = {0};
	blkid_probe probe = blkid_new_probe();
	int r = probe ? blkid_probe_set_device(probe, fd, 0, 0) : -1;

	if (r < 0) {
		blkid_free_probe(probe);
		return err_set(e, -EIO, "the signature probe cannot read the drive");
	}
	/* it asks sysfs, which the process apart cannot open, and keeps the answer */
	(void)blkid_probe_get_wholedisk_devno(probe);
	if (confine_is_apart()) {
		r = confined_call(probe_apart, probe, fd, until, &packed, e);
		if (r == 0)
			r = take_answer(&(struct unpack){.at = packed.text,
			                                 .end = packed.text + packed.len},
			                b, e);
	} else {
		r = probe_values(probe, b, e);
	}
	blkid_free_probe(probe);
	return r;
}
