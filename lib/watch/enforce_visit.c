/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "watch/enforce_visit.h"

#include "base/mem.h"
#include "host/host.h"
#include "host/namespace/netns.h"

#include <errno.h>
#include <sys/mman.h>

/* Reads and writes take the server's lock, which a start may hold for long. */
#define CALL_TIMEOUT_MS 60000

/* Memory shared with the child that enters the namespace. */
struct shared {
	struct host h; /* the child's copy: writable if the caller may write */
	struct enforce_visit v;
};

bool enforce_in_sync(const struct enforce_visit *v, const struct nfsd_server *s)
{
	if (s->threads == 0)
		return true;
	if (s->has_min_threads && v->min_wanted && s->min_threads != v->min_wanted)
		return false;
	return nfsd_server_has(s, v->wanted);
}

static int inside(void *arg, char *text, struct err *e)
{
	struct shared *shared = arg;
	struct enforce_visit *v = &shared->v;
	int r = nfsd_server_observe(&shared->h, &v->before, e);

	(void)text;
	v->after = v->before;
	if (r == -ENOENT)
		return 0;
	if (r < 0 || !v->act || enforce_in_sync(v, &v->before))
		return r;
	r = nfsd_server_set_threads(&shared->h, v->wanted, v->min_wanted, e);
	/* the server stopped meanwhile: nothing left to pin */
	if (r == -ESRCH) {
		v->after = (struct nfsd_server){0};
		return 0;
	}
	if (r == 0)
		r = nfsd_server_observe(&shared->h, &v->after, e);
	v->enforced = r == 0;
	return r;
}

int enforce_visit(struct enforce_visit *v, struct host *h, const struct host_netns *ns,
                  struct err *e)
{
	_close_ int fd = host_netns_open(h, ns, e);
	struct shared *shared;
	int r;

	if (fd < 0)
		return fd;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return err_errno(e, errno, "share memory with a child process");
	*shared = (struct shared){.h = *h, .v = *v};
	/* called back in this process, not in the child */
	shared->h.waiting = NULL;
	r = host_netns_call(h, fd, CALL_TIMEOUT_MS, inside, shared, e);
	*v = shared->v;
	(void)munmap(shared, sizeof(*shared));
	return r;
}
