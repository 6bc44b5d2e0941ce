/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_NVME_H
#define STORAGE_BLOCK_NVME_H

/* Read what an NVMe drive reports about itself in its log pages. Never writes. */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;

#define NVME_HEALTH_BYTES 512
#define NVME_EC2_BYTES    4096

/* Bits of critical_warning: NVM Express Base Specification, SMART / Health log. */
enum nvme_warning {
	NVME_SPARE = 1 << 0,       /* spare blocks below the drive's threshold */
	NVME_TEMPERATURE = 1 << 1, /* outside the drive's limits */
	NVME_RELIABILITY = 1 << 2, /* degraded by media or internal errors */
	NVME_READ_ONLY = 1 << 3,   /* the media is read-only */
	NVME_BACKUP = 1 << 4,      /* the backup of its volatile memory failed */
};

struct nvme_health {
	unsigned warnings;               /* enum nvme_warning, and unknown bits */
	unsigned spare, spare_threshold; /* per cent */
	unsigned used;                   /* per cent of its rated life; may exceed 100 */
	uint64_t media_errors;           /* larger values are reported as UINT64_MAX */
};

/*
 * EC2's log page 0xD0, as described in the EC2 user guide and the amzn plug-in of
 * nvme-cli: microseconds during which demand exceeded a limit, since the drive was
 * attached.
 */
struct nvme_ec2 {
	bool instance_store; /* else EBS */
	uint64_t volume_iops_us, volume_throughput_us;
	uint64_t instance_iops_us, instance_throughput_us;
	uint64_t queue_length; /* now */
};

/* Parse the bytes of the page. nvme_parse_ec2() returns false for another page. */
void nvme_parse_health(const unsigned char *page, struct nvme_health *ret);
bool nvme_parse_ec2(const unsigned char *page, struct nvme_ec2 *ret);

/*
 * Read the log page of the drive at the host path `device` (a namespace's device node).
 * Return: 0; -ENOTTY if it is not an NVMe drive; -EOPNOTSUPP if it has no such page;
 * -EACCES and others if it cannot be queried.
 */
int nvme_health(const struct host *h, const char *device, struct nvme_health *ret,
                struct err *e);
int nvme_ec2(const struct host *h, const char *device, struct nvme_ec2 *ret,
             struct err *e);

#endif
