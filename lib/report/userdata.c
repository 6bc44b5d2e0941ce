/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "report/userdata.h"

#include "base/buf.h"
#include "base/mem.h"
#include "doc/node.h"
#include "doc/toml.h"
#include "doc/yaml.h"

#include <string.h>

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
	}
	return len;
}
