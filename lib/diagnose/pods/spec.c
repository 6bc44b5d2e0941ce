/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/pods/spec.h"

#include "base/mem.h"
#include "confine/parse.h"
#include "doc/json.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Those of real containers have some 20 KiB. */
#define SPEC_BYTES_MAX  (1U << 20)
#define SPEC_VALUES_MAX 20000U

#define CRI            "io.kubernetes.cri."
#define CONTAINER_TYPE CRI "container-type"
#define CONTAINER_NAME CRI "container-name"
#define SANDBOX_SPACE  CRI "sandbox-namespace"
#define SANDBOX_NAME   CRI "sandbox-name"
#define SANDBOX_UID    CRI "sandbox-uid"

char *pod_spec_path(const char *id)
{
	return mem_format(POD_SPECS_DIR "/%s/config.json", id);
}

/* Borrowed; NULL: there is none. */
static const char *text_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->type == NODE_SCALAR && *n->text ? n->text : NULL;
}

static bool has_option(const struct node *options, const char *option)
{
	if (options && options->type == NODE_LIST)
		node_for_each (o, options)
			if (o->type == NODE_SCALAR && strcmp(o->text, option) == 0)
				return true;
	return false;
}

static void add_bind(struct pod_spec *s, const struct node *mount)
{
	const struct node *options = node_get(mount, "options");
	const char *source = text_of(mount, "source"),
		   *target = text_of(mount, "destination");
	bool recursive = has_option(options, "rbind");

	if (!source || *source != '/' || !target || *target != '/' ||
	    !(recursive || has_option(options, "bind")))
		return;
	s->binds = mem_grow(s->binds, &s->cap, s->n, sizeof(*s->binds));
	s->binds[s->n++] = (struct pod_bind){.source = mem_dup(source),
	                                     .target = mem_dup(target),
	                                     .read_only = has_option(options, "ro"),
	                                     .recursive = recursive};
}

static void read_spec(const struct node *doc, struct pod_spec *ret)
{
	const struct node *notes = node_get(doc, "annotations");
	const struct node *mounts = node_get(doc, "mounts");
	const char *type = text_of(notes, CONTAINER_TYPE);

	ret->namespace = mem_dup(text_of(notes, SANDBOX_SPACE));
	ret->pod = mem_dup(text_of(notes, SANDBOX_NAME));
	ret->uid = mem_dup(text_of(notes, SANDBOX_UID));
	ret->container = mem_dup(text_of(notes, CONTAINER_NAME));
	ret->is_sandbox = type && strcmp(type, "sandbox") == 0;
	if (mounts && mounts->type == NODE_LIST)
		node_for_each (mount, mounts)
			add_bind(ret, mount);
}

int pod_spec_read(const struct host *h, const char *id, struct pod_spec *ret,
                  struct err *e)
{
	_free_ char *path = pod_spec_path(id), *text = NULL;
	_node_ struct node *doc = NULL;
	int r = host_file_read(h, path, SPEC_BYTES_MAX, &text, e);

	*ret = (struct pod_spec){0};
	if (r < 0)
		return r;
	doc = confined_json_parse_some(text, strlen(text), SPEC_VALUES_MAX, h->deadline,
	                               e);
	if (!doc)
		return err_wrap(e, "read %s", path);
	if (doc->type != NODE_MAP)
		return err_set(e, -EBADMSG, "read %s: is %s, should be a mapping", path,
		               node_type_name(doc));
	read_spec(doc, ret);
	return 0;
}

static struct node *bind_node(const struct pod_bind *b)
{
	struct node *n = node_new(NODE_MAP), *options = node_new(NODE_LIST);

	node_set_text(n, "destination", b->target);
	node_set_text(n, "source", b->source);
	node_append(options, node_new_text(b->recursive ? "rbind" : "bind"));
	if (b->read_only)
		node_append(options, node_new_text("ro"));
	node_set(n, "options", options);
	return n;
}

char *pod_spec_format(const struct pod_spec *s)
{
	_node_ struct node *doc = node_new(NODE_MAP);
	struct node *notes = node_new(NODE_MAP), *mounts = node_new(NODE_LIST);

	node_set(doc, "annotations", notes);
	node_set_text(notes, CONTAINER_TYPE, s->is_sandbox ? "sandbox" : "container");
	node_set_text(notes, CONTAINER_NAME, s->container);
	node_set_text(notes, SANDBOX_SPACE, s->namespace);
	node_set_text(notes, SANDBOX_NAME, s->pod);
	node_set_text(notes, SANDBOX_UID, s->uid);
	node_set(doc, "mounts", mounts);
	for (size_t i = 0; i < s->n; i++)
		node_append(mounts, bind_node(&s->binds[i]));
	return node_json_format(doc, false);
}

void pod_spec_done(struct pod_spec *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->binds[i].source);
		free(s->binds[i].target);
	}
	free(s->binds);
	free(s->namespace);
	free(s->pod);
	free(s->uid);
	free(s->container);
	*s = (struct pod_spec){0};
}
