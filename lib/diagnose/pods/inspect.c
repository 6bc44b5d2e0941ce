/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/inspect.h"

#include "base/mem.h"
#include "base/text/display.h"
#include "diagnose/pods/compare.h"
#include "diagnose/pods/spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Of all tables of mounts together. */
#define MOUNTS_BYTES_MAX (256U << 20)

/* Volumes of one container that are compared: kubelet has no limit, pods have some 20. */
#define BINDS_MAX 512

/* The start of an ID, as crictl and others show it. */
#define ID_SHOWN 12

/* One container: where it is, and what it has. */
struct inspected {
	char *pod;  /* "default/web-0" */
	char *name; /* "web", or the start of its ID */
	const char *uid;
	char *where; /* "/proc/12/mountinfo" */
	struct pod_spec spec;
	struct host_mounts mounts;
	bool *claimed; /* of the mounts: those that the spec explains */
};

void inspect_note(struct inspection *p, const char *subject, const char *why)
{
	_free_ char *text = mem_format("%s: %s", subject, why);
	_free_ char *printed = display_text(text);

	unchecked_add(p->run->d, POD_MOUNTS, printed);
}

static void note_pod(struct inspection *p, const char *pod, const char *why)
{
	_free_ char *subject = mem_format("pod %s", pod);

	inspect_note(p, subject, why);
}

void inspect_add(struct inspection *p, enum measure_id id, const char *subject,
                 const char *text, const char *where)
{
	if (text)
		measure_add_text(&p->run->measures, id, subject, text, where);
	else
		measure_add_absent(&p->run->measures, id, subject, "is unknown");
}

/* `name`: of the volume, or host path; NULL: unknown. */
static void report_mount(struct inspection *p, const struct inspected *c,
                         const char *name, const struct host_mount *m,
                         const struct comparison *x)
{
	_free_ char *volume = name ? mem_format(", volume %s", name) : mem_dup("");
	_free_ char *text = mem_format("pod %s, container %s%s at %s", c->pod, c->name,
	                               volume, m->target);
	_free_ char *subject = display_text(text);

	inspect_add(p, MEASURE_MOUNT_POD, subject, c->pod, c->where);
	inspect_add(p, MEASURE_MOUNT_HAS, subject, x->has, c->where);
	inspect_add(p, MEASURE_MOUNT_DIRECTORY, subject, x->directory, c->where);
	inspect_add(p, MEASURE_MOUNT_COVER, subject, x->cover, HOST_MOUNT_TABLE);
	inspect_add(p, MEASURE_MOUNT_MISSED, subject, x->missed, HOST_MOUNT_TABLE);
	inspect_add(p, MEASURE_MOUNT_OPTIONS, subject, x->options, c->where);
}

/* --- one container -------------------------------------------------------------------
 */

static void check_mount(struct inspection *p, const struct inspected *c,
                        const struct host_mount *m, const struct pod_bind *bind,
                        struct view_volume *volume)
{
	_comparison_ struct comparison x = {0};
	_free_ char *name = NULL;

	compare_mount(&p->view, &c->mounts, m, bind, volume, &x);
	if (volume)
		name = mem_dup_n(volume->path.name, volume->path.name_len);
	else if (bind)
		name = mem_dup(bind->source);
	if (volume && *x.cover)
		volume->reported = true;
	report_mount(p, c, name, m, &x);
}

/* Paths that runtimes and kubelet bind into every container. */
static bool is_no_volume(const char *source)
{
	static const char *const trees[] = {"/dev", "/proc", "/sys", "/run/containerd",
	                                    "/var/lib/containerd"};

	for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
		size_t len = strlen(trees[i]);

		if (strncmp(source, trees[i], len) == 0 &&
		    (source[len] == '/' || !source[len]))
			return true;
	}
	return false;
}

/* .../pods/UID/etc-hosts, .../pods/UID/containers/NAME/ID: kubelet's own files. */
static bool is_of_kubelet(const char *source, const char *uid)
{
	const char *at = *uid ? strstr(source, uid) : NULL;
	size_t len = strlen("/pods/");

	return at && at >= source + len && strncmp(at - len, "/pods/", len) == 0;
}

static void check_bind(struct inspection *p, const struct inspected *c,
                       const struct pod_bind *bind)
{
	const struct host_mount *m = host_mounts_at(&c->mounts, bind->target);
	struct kubelet_path path;
	bool is_volume = kubelet_path_parse(bind->source, &path);

	/* it may be at the end of a link in the image: then its directory identifies it
	 */
	if (!m)
		return;
	c->claimed[m - c->mounts.list] = true;
	if (is_no_volume(bind->source) ||
	    (is_volume ? kubelet_path_is_generated(&path)
	               : is_of_kubelet(bind->source, c->uid)))
		return;
	check_mount(p, c, m, bind, view_volume_at(&p->view, bind->source));
}

/* What is below a volume, or is the volume of another pod, belongs to that. */
static bool is_part(const struct inspected *c, const struct host_mount *m)
{
	struct kubelet_path path;

	for (size_t i = 0; i < c->spec.n; i++) {
		const char *target = c->spec.binds[i].target;
		size_t len = strlen(target);

		if (strncmp(m->target, target, len) == 0 && m->target[len] == '/')
			return true;
	}
	return kubelet_path_parse(m->target, &path);
}

/* A mount that nothing explains: only what is wrong with it shows that it is a volume. */
static void check_unclaimed(struct inspection *p, const struct inspected *c,
                            const struct host_mount *m)
{
	struct view_volume *volume = view_volume_of(&p->view, c->uid, m);
	_comparison_ struct comparison x = {0};

	/* another mount hides it */
	if (host_mounts_at(&c->mounts, m->target) != m || is_part(c, m))
		return;
	if (volume) {
		check_mount(p, c, m, NULL, volume);
		return;
	}
	if (strcmp(m->target, "/") == 0 || is_no_volume(m->target) ||
	    (!view_is_device(m) && strcmp(m->root, "/") == 0))
		return;
	compare_mount(&p->view, &c->mounts, m, NULL, NULL, &x);
	if (*x.cover)
		report_mount(p, c, x.directory, m, &x);
}

static void check_container(struct inspection *p, struct inspected *c)
{
	if (c->spec.n > BINDS_MAX) {
		note_pod(p, c->pod, "its container has too many mounts");
		return;
	}
	c->claimed = mem_new(c->mounts.n, sizeof(*c->claimed));
	for (size_t i = 0; i < c->spec.n; i++)
		check_bind(p, c, &c->spec.binds[i]);
	for (size_t i = 0; i < c->mounts.n; i++)
		if (!c->claimed[i])
			check_unclaimed(p, c, &c->mounts.list[i]);
}

static void inspected_done(struct inspected *c)
{
	free(c->pod);
	free(c->name);
	free(c->where);
	free(c->claimed);
	pod_spec_done(&c->spec);
	host_mounts_done(&c->mounts);
}

static int read_mounts(struct inspection *p, const struct pod_container *from,
                       struct inspected *c, struct err *e)
{
	_free_ char *text = NULL;
	int pid, r;

	if (p->bytes > MOUNTS_BYTES_MAX)
		return err_set(e, -EFBIG, "mount tables of more than %u MiB",
		               MOUNTS_BYTES_MAX >> 20);
	r = pod_container_mounts(p->run->h, from, &pid, &text, e);
	if (r < 0)
		return r;
	p->bytes += strlen(text);
	c->where = mem_format("/proc/%d/mountinfo", pid);
	return host_mounts_parse(text, c->where, &c->mounts, e);
}

/* What containerd was asked comes first, then the names of logs. */
static void name_container(struct inspection *p, const char *id, struct inspected *c)
{
	const struct pod_name *known = pod_names_find(&p->names, id);

	pod_names_add(&p->named, c->uid, c->spec.namespace, c->spec.pod, NULL);
	if (c->spec.namespace && c->spec.pod)
		c->pod = mem_format("%s/%s", c->spec.namespace, c->spec.pod);
	else
		c->pod = known ? mem_dup(known->pod) : pod_names_pod(&p->names, c->uid);
	if (c->spec.container)
		c->name = mem_dup(c->spec.container);
	else
		c->name = known ? mem_dup(known->container) : mem_dup_n(id, ID_SHOWN);
}

void inspect_container(struct inspection *p, const struct pod_container *from)
{
	_cleanup_(inspected_done) struct inspected c = {.uid = from->uid};
	struct err e = {0};
	int r = pod_spec_read(p->run->h, from->id, &c.spec, &e);

	if (!*c.uid && c.spec.uid)
		c.uid = c.spec.uid;
	/* a container of something else than kubelet */
	if (!*c.uid || c.spec.is_sandbox)
		return;
	name_container(p, from->id, &c);
	if (r < 0 && r != -ENOENT)
		note_pod(p, c.pod, e.text);
	r = read_mounts(p, from, &c, &e);
	if (r == 0)
		check_container(p, &c);
	else if (r != -ESRCH)
		note_pod(p, c.pod, e.text);
}
