/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/no_drive.h"

#include "base/mem.h"

#include <stdlib.h>

void no_drive_diff(const struct disk_spec *w, const char *others, bool required,
                   struct change *ret)
{
	_free_ char *wanted = disk_spec_text(w);
	bool any = others && *others;

	change_set(ret, required ? STATE_FAILED : STATE_SKIPPED, REASON_NO_DISKS,
	           "no matching drive: %s; this node has %s", wanted,
	           any ? others : "no other drive");
	if (required)
		change_remedy(ret, "check `disks:` in the profile");
	else
		change_remedy(ret,
		              "check `disks:` in the profile; set `required: true` to "
		              "make this a failure");
}
