/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bottlerocket/withheld.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "bottlerocket/request.h"
#include "bottlerocket/secret.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/recorded.h"

#include <fnmatch.h>
#include <string.h>

#define WITHHELD "withheld"

/* What else the settings have is removed: a later Bottlerocket may keep a secret there.
 */
static const char *const kept[] = {
	"autoscaling",
	"aws",
	"bootstrap-commands",
	"bootstrap-containers",
	"boot",
	"cloudformation",
	"container-registry",
	"container-runtime",
	"dns",
	"ecs",
	"host-containers",
	"kernel",
	"kubernetes",
	"metrics",
	"motd",
	"network",
	"ntp",
	"oci-defaults",
	"pki",
	"updates",
};

/* Of those: a dotted path; "*" is one key. */
static const char *const secrets[] = {
	"aws.config",
	"aws.credentials",
	"bootstrap-commands.*.commands",
	"bootstrap-containers.*.user-data",
	"container-registry.credentials",
	"container-registry.creds",
	"host-containers.*.user-data",
	"kubernetes.bootstrap-token",
	"kubernetes.credential-providers",
	"kubernetes.server-key",
	"network.https-proxy",
	"pki.*.data",
};

/* The dots of a path are slashes for fnmatch(), where a "*" ends at one. */
static bool is_secret(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++) {
		_free_ char *pattern = mem_dup(secrets[i]);

		for (char *p = pattern; (p = strchr(p, '.'));)
			*p = '/';
		if (fnmatch(pattern, path, FNM_PATHNAME) == 0)
			return true;
	}
	return false;
}

static bool is_kept(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (strcmp(kept[i], key) == 0)
			return true;
	return false;
}

/* The keys above a value. */
struct above {
	const char *keys[API_DEPTH_MAX + 1];
	size_t n;
};

/* What reports hide is never in a bundle; of a map, only those below it. */
static bool is_hidden(const struct above *at, const struct node *n)
{
	return n->type != NODE_MAP && secret_any(at->keys, at->n, n);
}

static void remove_below(const struct host *h, struct node *map, const char *above,
                         struct above *at)
{
	for (size_t i = map->n; map->type == NODE_MAP && i-- > 0;) {
		struct node *item = map->items[i];
		_free_ char *path =
			mem_format("%s%s%s", above, *above ? "/" : "", item->key);
		struct err none = {0};

		at->keys[at->n++] = item->key;
		if ((*above || is_kept(item->key)) && !is_secret(path) &&
		    !is_hidden(at, item) && at->n < ARRAY_SIZE(at->keys)) {
			remove_below(h, item, path, at);
		} else {
			(void)recorded_put(h, WITHHELD, path, 0, &none, NULL);
			node_remove(map, item->key);
		}
		at->n--;
	}
}

void withheld_remove(const struct host *h, struct node *settings)
{
	struct above at = {.n = 0};

	if (h->record)
		remove_below(h, settings, "", &at);
}

static bool lies_in(const char *path, const char *above)
{
	size_t len = strlen(above);

	return strncmp(path, above, len) == 0 && strchr("/", path[len]);
}

int withheld_check(const struct host *h, char *const *path, struct err *e)
{
	_buf_ struct buf b = {0};
	const struct node *removed;

	if (!h->bundle)
		return 0;
	for (size_t i = 0; path[i]; i++)
		buf_join(&b, "/", path[i]);
	removed = node_get(node_get(h->bundle->manifest, "answers"), WITHHELD);
	if (!removed || removed->type != NODE_MAP || !b.text)
		return 0;
	node_for_each (one, removed) {
		_free_ char *what = NULL;

		if (!lies_in(b.text, one->key) && !lies_in(one->key, b.text))
			continue;
		what = mem_format("setting %s, which may be a secret", one->key);
		return bundle_lacks(h->bundle, e, what);
	}
	return 0;
}
