/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What is sent to the API server: the least, but whole objects where it needs them. */
#include "bottlerocket/whole.h"
#include "doc/node.h"
#include "test.h"

static const struct row {
	const char *name, *change, *live, *sent;
} rows[] = {
	{"nothing is stored", "{a: {b: 1, c: [2]}}", "{}",
         "{\"a\": {\"b\": 1, \"c\": [2]}}"},
	{"all is stored", "{a: {b: 1, c: [2]}}", "{a: {b: 1, c: [2]}, d: 3}", "{}"},
	{"what is stored is not sent", "{a: {b: 1, c: 2}, d: {e: 5}}",
         "{a: {b: 1, c: 3}, d: {e: 5}}", "{\"a\": {\"c\": 2}}"},
	{"neighbours stay weak: a host container",
         "{host-containers: {admin: {enabled: true}}}",
         "{host-containers: {admin: {enabled: false, superpowered: true, source: x}}}",
         "{\"host-containers\": {\"admin\": {\"enabled\": true}}}"},
	{"a list is sent whole", "{a: [1, 2]}", "{a: [1]}", "{\"a\": [1, 2]}"},
	{"half of a module's pair",
         "{kernel: {modules: {m: {allowed: true, autoload: true}}}}",
         "{kernel: {modules: {m: {allowed: true}}}}",
         "{\"kernel\": {\"modules\": {\"m\": {\"autoload\": true}}}}"},
	{"equal by meaning", "{dns: {name-servers: ['0:0::1']}}",
         "{dns: {name-servers: ['::1']}}", "{}"},
	{"not equal: a text elsewhere", "{motd: '0:0::1'}", "{motd: '::1'}",
         "{\"motd\": \"0:0::1\"}"},

	/* objects held whole */
	{"the other limit",
         "{oci-defaults: {resource-limits: {max-open-files: {soft-limit: 6}}}}",
         "{oci-defaults: {resource-limits: {max-open-files: {soft-limit: 5, hard-limit: 7}, "
         "max-cpu-time: {soft-limit: 1, hard-limit: 1}}, capabilities: {bpf: true}}}",
         "{\"oci-defaults\": {\"resource-limits\": {\"max-open-files\": "
         "{\"soft-limit\": 6, \"hard-limit\": 7}}}}"},
	{"a credential provider",
         "{kubernetes: {credential-providers: {ecr: {cache-duration: 31m, environment: {B: c}}}}}",
         "{kubernetes: {max-pods: 9, credential-providers: {ecr: {enabled: true, "
         "image-patterns: ['*'], cache-duration: 12h, environment: {A: b}}, x: {enabled: false}}}}",
         "{\"kubernetes\": {\"credential-providers\": {\"ecr\": {\"cache-duration\": \"31m\", "
         "\"environment\": {\"B\": \"c\", \"A\": \"b\"}, \"enabled\": true, "
         "\"image-patterns\": [\"*\"]}}}}"},
	{"memory reserved for a NUMA node",
         "{kubernetes: {memory-manager-reserved-memory: {'0': {memory: 1Gi}}}}",
         "{kubernetes: {memory-manager-reserved-memory: {'0': {memory: 2Gi, enabled: true}}}}",
         "{\"kubernetes\": {\"memory-manager-reserved-memory\": {\"0\": {\"memory\": \"1Gi\", "
         "\"enabled\": true}}}}"},
	{"huge pages: essential would become false",
         "{kernel: {hugepages: {static: {1Gi: {count: '2'}}, transparent: {enabled: never}}}}",
         "{kernel: {hugepages: {static: {1Gi: {count: '1'}, 2Mi: {count: '5'}, essential: true}, "
         "transparent: {enabled: always, defrag: never}}, lockdown: none}}",
         "{\"kernel\": {\"hugepages\": {\"static\": {\"1Gi\": {\"count\": \"2\"}, \"2Mi\": "
         "{\"count\": \"5\"}, \"essential\": true}, \"transparent\": {\"enabled\": \"never\"}}}}"},
	{"an object that is the same is not sent",
         "{oci-defaults: {resource-limits: {max-open-files: {soft-limit: 5}}}, motd: x}",
         "{oci-defaults: {resource-limits: {max-open-files: {soft-limit: 5, hard-limit: 7}}}}",
         "{\"motd\": \"x\"}"},
	{"an object of another type is replaced",
         "{kubernetes: {credential-providers: {ecr: {enabled: true}}}}",
         "{kubernetes: {credential-providers: {ecr: [1]}}}",
         "{\"kubernetes\": {\"credential-providers\": {\"ecr\": {\"enabled\": true}}}}"},
	{"deeper than the tables look", "{a: {b: {c: {d: {e: {f: {g: 1}, h: 2}}}}}}",
         "{a: {b: {c: {d: {e: {f: {g: 1}}}}}}}",
         "{\"a\": {\"b\": {\"c\": {\"d\": {\"e\": {\"h\": 2}}}}}}"},
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct node *change = keep_node(yaml_owned(row->change));

	whole_reduce(change, yaml(row->live));
	assert_string_equal(tree_text(change), row->sent);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	return suite_run(&s);
}
