/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "engine/aside.h"

#include "resource/kind.h"

/* Failures that say what the host does not have, not that something is unknown. */
static bool host_lacks_it(const struct change *c)
{
	return c->state == STATE_FAILED &&
	       (c->reason == REASON_NO_SUCH_KEY || c->reason == REASON_SHAPE_DIFFERS ||
	        c->reason == REASON_WRITE_ONLY || c->reason == REASON_MODULE_MISSING ||
	        c->reason == REASON_QUEUE_UNSUPPORTED || c->reason == REASON_NO_DISKS);
}

bool aside_is_waived(const struct resource *r)
{
	const struct change *c = &r->run.change;

	return r->run.waived &&
	       (c->state == STATE_DRIFT || c->state == STATE_PENDING ||
	        host_lacks_it(c) ||
	        (c->state == STATE_SKIPPED && c->reason == REASON_WAIVED));
}

bool aside_holds(const struct resource *r)
{
	return aside_is_waived(r) || (r->run.change.state == STATE_SKIPPED &&
	                              r->run.change.reason == REASON_DEPENDENCY_SKIPPED);
}
