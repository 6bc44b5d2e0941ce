/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "network/index.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>

int net_index_read(const struct host *h, const char *interface, unsigned *ret,
                   struct err *e)
{
	_free_ char *path = mem_format("/sys/class/net/%s/ifindex", interface);
	_free_ char *text = NULL;
	uint64_t number;
	int r;

	*ret = 0;
	if (!h->live)
		return 0;
	r = host_file_read_line(h, path, &text, e);
	/* the file of an interface that is just removed can still be opened */
	if (r == -ENOENT || r == -ENOTDIR || r == -EINVAL)
		return -ENODEV;
	if (r < 0)
		return r;
	if (num_u64(text, &number) < 0 || number == 0 || number > INT32_MAX)
		return err_set(e, -EBADMSG, "%s: is no number of an interface", path);
	*ret = (unsigned)number;
	return 0;
}

int net_index_check(const struct host *h, const char *interface, unsigned index,
                    struct err *e)
{
	char name[IF_NAMESIZE];
	unsigned now;
	int r = net_index_read(h, interface, &now, e);

	if ((r < 0 && r != -ENODEV) || (r == 0 && now == index))
		return r;
	if (if_indextoname(index, name))
		return err_set(e, -ESTALE, "%s was renamed to %s during this run",
		               interface, name);
	return r < 0 ? r
	             : err_set(e, -ESTALE, "another interface has the name %s now",
	                       interface);
}
