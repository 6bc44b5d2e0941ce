/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/profiles/userdata.h"

#include "base/macro.h"
#include "base/mem.h"
#include "base/text/base64.h"
#include "base/text/buf.h"
#include "doc/json.h"
#include "doc/node.h"
#include "doc/toml.h"
#include "doc/yaml.h"

#include <string.h>

const char *const userdata_format_names[] = {[USERDATA_TOML] = "toml",
                                             [USERDATA_EKSCTL] = "eksctl",
                                             [USERDATA_KARPENTER] = "karpenter",
                                             [USERDATA_TERRAFORM] = "terraform",
                                             [USERDATA_CLOUDFORMATION] = "cloudformation",
                                             [USERDATA_ECS] = "ecs",
                                             [USERDATA_CLOUD_INIT] = "cloud-init",
                                             [USERDATA_IGNITION] = "ignition",
                                             NULL};

bool userdata_takes_profile(enum userdata_format format)
{
	return format == USERDATA_CLOUD_INIT || format == USERDATA_IGNITION;
}

/* Add each line of `text` behind `lead`; empty lines stay empty. */
static void add_lines(struct buf *b, const char *lead, const char *text)
{
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len > 0)
			buf_add(b, lead);
		buf_add_n(b, text, len);
		buf_add(b, "\n");
	}
}

/* Return: the number of bytes written. */
static size_t print_comment(const char *text, FILE *out)
{
	_buf_ struct buf b = {0};

	add_lines(&b, "# ", text);
	(void)fputs(b.text ? b.text : "", out);
	return b.len;
}

static void print_yaml(const struct node *root, FILE *out)
{
	_free_ char *text = node_yaml_format(root);

	(void)fputs(text, out);
}

static struct node *add_item(struct node *map, const char *key)
{
	struct node *list = node_new(NODE_LIST), *item = node_new(NODE_MAP);

	node_set(map, key, list);
	node_append(list, item);
	return item;
}

static struct node *new_document(const char *api_version, const char *kind)
{
	struct node *doc = node_new(NODE_MAP);

	node_set(doc, "apiVersion", node_new_plain(api_version));
	node_set(doc, "kind", node_new_plain(kind));
	return doc;
}

/* eksctl accepts settings as YAML and quotes their names itself. */
static void print_eksctl(const struct node *root, FILE *out)
{
	_node_ struct node *doc = new_document("eksctl.io/v1alpha5", "ClusterConfig");
	struct node *meta = node_get_map(doc, "metadata");
	struct node *group = add_item(doc, "managedNodeGroups");
	const struct node *settings = node_get(root, "settings");

	node_set(meta, "name", node_new_plain("CLUSTER"));
	node_set(meta, "region", node_new_plain("REGION"));
	node_set(group, "name", node_new_plain("hosttune"));
	node_set(group, "amiFamily", node_new_plain("Bottlerocket"));
	node_set(node_get_map(group, "bottlerocket"), "settings",
	         settings ? node_copy(settings) : node_new(NODE_MAP));
	print_yaml(doc, out);
}

static void add_selector(struct node *spec, const char *key)
{
	struct node *tags = node_get_map(add_item(spec, key), "tags");

	node_set(tags, "karpenter.sh/discovery", node_new_plain("CLUSTER"));
}

/* Karpenter accepts TOML as a text and merges its own settings into it. */
static void print_karpenter(const char *toml, FILE *out)
{
	_node_ struct node *doc = new_document("karpenter.k8s.aws/v1", "EC2NodeClass");
	struct node *meta = node_get_map(doc, "metadata");
	struct node *spec = node_get_map(doc, "spec");

	node_set(meta, "name", node_new_plain("hosttune"));
	node_set(add_item(spec, "amiSelectorTerms"), "alias",
	         node_new_plain("bottlerocket@latest"));
	node_set(spec, "role", node_new_plain("NODE-ROLE"));
	add_selector(spec, "subnetSelectorTerms");
	add_selector(spec, "securityGroupSelectorTerms");
	node_set_text(spec, "userData", toml);
	print_yaml(doc, out);
}

/* In a heredoc only ${ and %{ are special; doubling the first character escapes them. */
static char *heredoc_text(const char *toml)
{
	_buf_ struct buf escaped = {0}, indented = {0};

	for (const char *p = toml; *p; p++) {
		if ((*p == '$' || *p == '%') && p[1] == '{')
			buf_add_n(&escaped, p, 1);
		buf_add_n(&escaped, p, 1);
	}
	add_lines(&indented, "    ", escaped.text ? escaped.text : "");
	return buf_take(&indented);
}

/* A launch template is the one place where Terraform itself must encode the data. */
static void print_terraform(const char *toml, FILE *out)
{
	_free_ char *text = heredoc_text(toml);
	/* Bottlerocket unpacks gzip; only if the size demands it: it is unreadable */
	bool large = strlen(toml) > USERDATA_EC2_MAX;

	(void)fprintf(out,
	              "locals {\n"
	              "  hosttune_user_data = <<-EOT\n"
	              "%s"
	              "  EOT\n"
	              "}\n"
	              "\n"
	              "resource \"aws_launch_template\" \"hosttune\" {\n"
	              "  name_prefix = \"hosttune-\"\n"
	              "  user_data   = %s(local.hosttune_user_data)\n"
	              "}\n",
	              text, large ? "base64gzip" : "base64encode");
}

/* A text: Fn::Base64 encodes it, and CloudFormation replaces nothing in it. */
static void print_cloudformation(const char *toml, FILE *out)
{
	_node_ struct node *doc = node_new(NODE_MAP);
	struct node *template =
		node_get_map(node_get_map(doc, "Resources"), "HosttuneLaunchTemplate");
	struct node *data;

	node_set_text(template, "Type", "AWS::EC2::LaunchTemplate");
	data = node_get_map(node_get_map(template, "Properties"), "LaunchTemplateData");
	node_set_text(node_get_map(data, "UserData"), "Fn::Base64", toml);
	print_yaml(doc, out);
}

static size_t print_ecs(const struct node *root, FILE *out)
{
	_node_ struct node *copy = node_copy(root);
	_free_ char *toml = NULL;

	node_set_text(node_get_map(node_get_map(copy, "settings"), "ecs"), "cluster",
	              "CLUSTER");
	toml = node_toml_format(copy);
	(void)fputs(toml, out);
	return strlen(toml);
}

size_t report_userdata(const struct node *root, enum userdata_format format,
                       const char *comment, FILE *out)
{
	_free_ char *toml = node_toml_format(root);
	size_t len = strlen(toml), said = print_comment(comment, out);

	switch (format) {
	case USERDATA_TOML: (void)fputs(toml, out); return said + len;
	case USERDATA_EKSCTL: print_eksctl(root, out); break;
	case USERDATA_KARPENTER: print_karpenter(toml, out); break;
	case USERDATA_TERRAFORM: print_terraform(toml, out); break;
	case USERDATA_CLOUDFORMATION: print_cloudformation(toml, out); break;
	case USERDATA_ECS: return said + print_ecs(root, out);
	case USERDATA_CLOUD_INIT:
	case USERDATA_IGNITION:
	case USERDATA_FORMATS: break;
	}
	return len;
}

/* --- hosts other than Bottlerocket ----------------------------------------------------
 */

#define PROFILE_FILE "/etc/hosttune/profile.yaml"
#define APPLY_UNIT   "hosttune-apply.service"

/* cloud-init knows its input by the first line. */
static size_t print_cloud_init(const char *text, const char *comment, FILE *out)
{
	static const char *const words[] = {"systemctl", "enable", "--now", APPLY_UNIT};
	static const char mark[] = "#cloud-config\n";
	_node_ struct node *doc = node_new(NODE_MAP);
	struct node *file = add_item(doc, "write_files");
	struct node *commands = node_new(NODE_LIST), *command = node_new(NODE_LIST);
	_free_ char *yaml = NULL;
	size_t said;

	node_set_text(file, "path", PROFILE_FILE);
	node_set_text(file, "content", text);
	node_set(doc, "runcmd", commands);
	node_append(commands, command);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		node_append(command, node_new_text(words[i]));
	(void)fputs(mark, out);
	said = print_comment(comment, out);
	yaml = node_yaml_format(doc);
	(void)fputs(yaml, out);
	return strlen(mark) + said + strlen(yaml);
}

static size_t print_ignition(const char *text, FILE *out)
{
	_node_ struct node *doc = node_new(NODE_MAP);
	struct node *file, *unit;
	_free_ char *encoded = base64_encode(text, strlen(text)), *json = NULL;
	_free_ char *url = mem_format("data:;base64,%s", encoded);

	node_set_text(node_get_map(doc, "ignition"), "version", "3.4.0");
	file = add_item(node_get_map(doc, "storage"), "files");
	node_set_text(file, "path", PROFILE_FILE);
	node_set(file, "mode", node_new_uint(0644));
	node_set_text(node_get_map(file, "contents"), "source", url);
	unit = add_item(node_get_map(doc, "systemd"), "units");
	node_set_text(unit, "name", APPLY_UNIT);
	node_set(unit, "enabled", node_new_bool(true));
	json = node_json_format(doc, true);
	(void)fprintf(out, "%s\n", json);
	return strlen(json) + 1;
}

size_t report_userdata_profile(const char *text, enum userdata_format format,
                               const char *comment, FILE *out)
{
	return format == USERDATA_IGNITION ? print_ignition(text, out)
	                                   : print_cloud_init(text, comment, out);
}
