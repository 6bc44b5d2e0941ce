/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/nvme.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "host/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define GET_LOG_PAGE 0x02 /* opcode */
#define PAGE_HEALTH  0x02
#define PAGE_EC2     0xD0

#define TIMEOUT_MS 5000

/* Addresses the controller, not one of its namespaces. */
#define ALL_NAMESPACES 0xffffffff

#define MAGIC_EBS            0x3C23B510
#define MAGIC_INSTANCE_STORE 0xEC2C0D7E

/* Little endian, `n` bytes. */
static uint64_t nvme_number(const unsigned char *at, unsigned n)
{
	uint64_t value = 0;

	for (unsigned i = n; i-- > 0;)
		value = value << 8 | at[i];
	return value;
}

void nvme_parse_health(const unsigned char *page, struct nvme_health *ret)
{
	*ret = (struct nvme_health){
		.warnings = page[0],
		.spare = page[3],
		.spare_threshold = page[4],
		.used = page[5],
		/* a 16-byte number */
		.media_errors = nvme_number(page + 168, 8) ? UINT64_MAX
	                                                   : nvme_number(page + 160, 8),
	};
}

bool nvme_parse_ec2(const unsigned char *page, struct nvme_ec2 *ret)
{
	uint64_t magic = nvme_number(page, 4);

	*ret = (struct nvme_ec2){
		.instance_store = magic == MAGIC_INSTANCE_STORE,
		.volume_iops_us = nvme_number(page + 56, 8),
		.volume_throughput_us = nvme_number(page + 64, 8),
		.instance_iops_us = nvme_number(page + 72, 8),
		.instance_throughput_us = nvme_number(page + 80, 8),
		.queue_length = nvme_number(page + 88, 8),
	};
	return magic == MAGIC_EBS || magic == MAGIC_INSTANCE_STORE;
}

static int query_page(const struct host *h, const char *device, unsigned id,
                      unsigned char *page, unsigned bytes, struct err *e)
{
	int known = host_live_check_device(h, device, e);
	_close_ int fd = known < 0 ? known : host_file_open(h, device, O_NONBLOCK, e);
	struct nvme_admin_cmd cmd = {
		.opcode = GET_LOG_PAGE,
		.nsid = ALL_NAMESPACES,
		.addr = (uintptr_t)page,
		.data_len = bytes,
		/* its length in 32-bit words, minus one */
		.cdw10 = id | (bytes / 4 - 1) << 16,
		.timeout_ms = TIMEOUT_MS,
	};
	int status;

	if (fd < 0)
		return fd;
	do
		status = ioctl(fd, NVME_IOCTL_ADMIN_CMD, &cmd);
	while (status < 0 && errno == EINTR);
	if (status < 0)
		return err_errno(e, errno, "%s: read log page 0x%02x", device, id);
	/* the drive's own status: Invalid Log Page, Invalid Field ... */
	if (status > 0)
		return err_set(e, -EOPNOTSUPP, "%s: log page 0x%02x: NVMe status 0x%x",
		               device, id, (unsigned)status);
	return 0;
}

/* The page as a node: its bytes in hexadecimal, without zeros at the end. */
static struct node *page_node(const unsigned char *page, unsigned bytes)
{
	struct node *n = node_new(NODE_MAP);
	_buf_ struct buf text = {0};

	while (bytes > 0 && page[bytes - 1] == 0)
		bytes--;
	for (unsigned i = 0; i < bytes; i++)
		buf_addf(&text, "%02x", page[i]);
	node_set_text(n, "page", text.len ? text.text : "");
	return n;
}

static int take_page(const struct node *n, const char *device, unsigned char *page,
                     unsigned bytes, struct err *e)
{
	_free_ char *text = recorded_text(n, "page");
	size_t len = text ? strlen(text) : 1;

	if (len % 2 || len / 2 > bytes || text[strspn(text, "0123456789abcdef")])
		return err_set(e, -EBADMSG, "%s: the bundle's log page is damaged",
		               device);
	for (size_t i = 0; i < len / 2; i++) {
		char pair[3] = {text[2 * i], text[2 * i + 1]};

		page[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return 0;
}

static int read_page(const struct host *h, const char *device, unsigned id,
                     unsigned char *page, unsigned bytes, struct err *e)
{
	_free_ char *what = mem_format("nvme-log-0x%02x", id);
	const struct node *known;
	int r = recorded_get(h, what, device, &known, e);

	if (r != 0)
		return r < 0 ? r : take_page(known, device, page, bytes, e);
	r = query_page(h, device, id, page, bytes, e);
	return recorded_put(h, what, device, r, e,
	                    r == 0 && h->record ? page_node(page, bytes) : NULL);
}

int nvme_health(const struct host *h, const char *device, struct nvme_health *ret,
                struct err *e)
{
	unsigned char page[NVME_HEALTH_BYTES] = {0};
	int r = read_page(h, device, PAGE_HEALTH, page, sizeof(page), e);

	if (r == 0)
		nvme_parse_health(page, ret);
	return r;
}

int nvme_ec2(const struct host *h, const char *device, struct nvme_ec2 *ret,
             struct err *e)
{
	unsigned char page[NVME_EC2_BYTES] = {0};
	int r = read_page(h, device, PAGE_EC2, page, sizeof(page), e);

	if (r == 0 && !nvme_parse_ec2(page, ret))
		return err_set(e, -EOPNOTSUPP, "%s: log page 0xd0: is not EC2's log page",
		               device);
	return r;
}
