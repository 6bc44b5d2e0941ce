/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as messages of the kernel's generic netlink: threads, versions and listeners
 * of the NFS server, the list of families, and errors. Changes keep the lengths of
 * attributes right, so that they reach what is in them.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "host/netlink.h"
#include "nfsd/netlink.h"
#include "nfsd/server.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#define HEAD      (NLMSG_HDRLEN + GENL_HDRLEN)
#define DEPTH_MAX 3

/* Attributes, some of them nested, from whatever bytes there are. */
static void fix_attributes(uint8_t *data, size_t size, unsigned *seed, unsigned depth)
{
	size_t at = 0;

	while (at + NLA_HDRLEN <= size) {
		struct nlattr a;
		size_t room = size - at;

		memcpy(&a, data + at, sizeof(a));
		if (a.nla_len < NLA_HDRLEN || a.nla_len > room)
			a.nla_len = (uint16_t)(NLA_HDRLEN + fuzz_random(seed, 24));
		if (a.nla_len > room)
			a.nla_len = (uint16_t)(room < UINT16_MAX ? room : UINT16_MAX);
		a.nla_type &= NLA_F_NESTED | 15;
		memcpy(data + at, &a, sizeof(a));
		if (a.nla_len >= 2 * NLA_HDRLEN && depth < DEPTH_MAX)
			fix_attributes(data + at + NLA_HDRLEN, a.nla_len - NLA_HDRLEN,
			               seed, depth + 1);
		at += NLA_ALIGN(a.nla_len);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct nlmsghdr m;

	size = LLVMFuzzerMutate(data, size, max);
	if (size < HEAD || fuzz_random(&seed, 8) == 0)
		return size;
	memcpy(&m, data, sizeof(m));
	m.nlmsg_len = (uint32_t)size;
	memcpy(data, &m, sizeof(m));
	if (fuzz_random(&seed, 2))
		fix_attributes(data + HEAD, size - HEAD, &seed, 0);
	return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* as large as it is, so that a read beyond it is seen, and aligned */
	_free_ void *message = mem_new(size + 1, 1);
	void *exact = mem_resize(TAKE_PTR(message), size ? size : 1, 1);
	struct nfsd_server s = {0};
	bool listens = false;
	char said[16] = "";

	memcpy(exact, data, size);
	nfsd_netlink_parse_threads(exact, size, &s);
	assert(s.has_min_threads || s.min_threads == 0);
	assert(nfsd_server_least(&s) <= s.threads);
	assert(s.empty <= s.pools && s.pools <= size / NLA_HDRLEN);
	nfsd_netlink_parse_versions(exact, size, &s);
	assert((s.versions & ~s.versions_known) == 0);
	nfsd_netlink_parse_listeners(exact, size, &listens);
	(void)nfsd_netlink_parse_family(exact, size);
	assert(netlink_parse_error(exact, size, said, sizeof(said)) <= 0);
	assert(memchr(said, 0, sizeof(said)));
	mem_freep(&exact);
	return 0;
}
