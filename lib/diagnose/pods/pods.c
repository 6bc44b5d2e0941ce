/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/pods.h"

#include "base/mem.h"
#include "base/text/display.h"
#include "diagnose/pods/compare.h"
#include "diagnose/pods/inspect.h"
#include "host/file.h"
#include "host/host.h"

static void report_volume(struct inspection *p, const struct view_volume *volume,
                          const struct comparison *x)
{
	const struct pod_name *known = pod_names_find(&p->named, volume->path.uid);
	_free_ char *pod =
		known ? mem_dup(known->pod) : pod_names_pod(&p->names, volume->path.uid);
	_free_ char *text = mem_format("pod %s, volume %.*s", pod,
	                               (int)volume->path.name_len, volume->path.name);
	_free_ char *subject = display_text(text);

	inspect_add(p, MEASURE_VOLUME_POD, subject, pod, HOST_MOUNT_TABLE);
	inspect_add(p, MEASURE_VOLUME_HAS, subject, x->has, HOST_MOUNT_TABLE);
	inspect_add(p, MEASURE_VOLUME_DIRECTORY, subject, x->directory, HOST_MOUNT_TABLE);
	/* a container that has it says more */
	inspect_add(p, MEASURE_VOLUME_COVER, subject, volume->reported ? "" : x->cover,
	            HOST_MOUNT_TABLE);
	measure_add(&p->run->measures, MEASURE_VOLUME_STACKED, subject,
	            (int64_t)volume->n, HOST_MOUNT_TABLE);
}

static void check_all(struct inspection *p, const struct pod_containers *containers)
{
	const struct deadline until = p->run->h->deadline;

	for (size_t i = 0; i < containers->n; i++) {
		if (deadline_expired(until)) {
			unchecked_add(p->run->d, POD_MOUNTS, deadline_reason(until));
			return;
		}
		inspect_container(p, &containers->list[i]);
	}
	for (size_t i = 0; i < p->view.n_volumes; i++) {
		_comparison_ struct comparison x = {0};

		compare_volume(&p->view, &p->view.volumes[i], &x);
		report_volume(p, &p->view.volumes[i], &x);
	}
}

/* Whether the node has pods: without any, nothing is unknown. Return: 1; 0; -errno. */
static int has_pods(const struct host *h, const struct pod_containers *containers,
                    struct err *e)
{
	return containers->n > 0 ? 1 : host_file_find(h, KUBELET_PODS_DIR, e);
}

static void pods_end(struct diagnose_run *run, void *first)
{
	_pod_containers_ struct pod_containers containers = {0};
	_mounts_ struct host_mounts mounts = {0};
	struct inspection p = {.run = run};
	struct err e = {0};
	int r = pod_containers_list(run->h, &containers, &e);

	(void)first;
	if (containers.unread > 0)
		inspect_note(&p, "processes", containers.why.text);
	if (r == 0)
		r = has_pods(run->h, &containers, &e);
	if (r == 0)
		return;
	if (r > 0)
		r = host_mounts_read(run->h, HOST_MOUNTS_HOST, &mounts, &e);
	if (r < 0) {
		unchecked_add_code(run->d, POD_MOUNTS, e.text, e.code);
		return;
	}
	view_init(&p.view, &mounts);
	pod_names_read(&p.names, run->h);
	check_all(&p, &containers);
	view_done(&p.view);
	pod_names_done(&p.names);
	pod_names_done(&p.named);
}

const struct diagnose_source source_pods = {
	.name = "pods", .needs_host = true, .end = pods_end};
