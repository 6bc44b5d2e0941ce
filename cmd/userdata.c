/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/userdata.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/display.h"
#include "base/text/suggest.h"
#include "complain.h"
#include "completion.h"
#include "doc/node.h"
#include "output.h"
#include "profile/profile.h"
#include "report/profiles/userdata.h"
#include "report/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for what eksctl, Karpenter and EKS add: cluster address, certificate, labels. */
#define CLUSTER_BYTES 4096

/* "toml, eksctl, ... or ignition". Owned by the caller. */
static char *all_formats(void)
{
	_buf_ struct buf names = {0};

	for (const char *const *name = userdata_format_names; *name; name++)
		buf_join(&names, " ", *name);
	return format_list(names.text);
}

static bool parse_format(const char *text, enum userdata_format *ret)
{
	struct suggest near = {.typed = text ? text : ""};
	_free_ char *all = NULL;

	for (enum userdata_format f = 0; text && f < USERDATA_FORMATS; f++) {
		suggest_offer(&near, userdata_format_names[f]);
		*ret = f;
		if (strcmp(text, userdata_format_names[f]) == 0)
			return true;
	}
	*ret = USERDATA_TOML;
	if (!text)
		return true;
	all = all_formats();
	complain("--format \"%s\": unknown (%s%s%s)", text,
	         near.best ? "did you mean \"" : "", near.best ? near.best : all,
	         near.best ? "\"?" : "");
	return false;
}

static bool cmd_userdata_reported(const char *option, const char *value,
                                  const char *fault)
{
	if (fault)
		complain("--%s \"%s\": %s", option, value, fault);
	return fault;
}

/* Read the container options. Return: false if one is wrong, as printed. */
static bool parse_container(const struct options *o, struct userdata_container *c)
{
	*c = (struct userdata_container){
		.name = o->value[OPTION_NAME] ? o->value[OPTION_NAME] : "hosttune",
		.source = o->value[OPTION_SOURCE],
		.essential = o->value[OPTION_ESSENTIAL]};
	if (!c->source) {
		complain(
			"--source IMAGE is missing: the image that the "
			"node pulls, such as registry.example.com/hosttune:" HOSTTUNE_VERSION
			" (packaging/image builds one; --native needs none)");
		return false;
	}
	return !cmd_userdata_reported("name", c->name, userdata_name_fault(c->name)) &&
	       !cmd_userdata_reported("source", c->source,
	                              userdata_source_fault(c->source));
}

/* --native defines no container: refuse options that describe one. */
static bool has_container_option(const struct options *o)
{
	for (size_t i = OPTION_SOURCE; i < OPTION_NATIVE; i++) {
		if (!o->value[i])
			continue;
		complain("--%s: cannot be combined with --native, "
		         "which defines no container",
		         option_defs[i].name);
		return true;
	}
	return false;
}

/* Add the command that produced the output: "hosttune userdata a.yaml b.yaml". */
static void add_command(struct buf *b, const struct options *o)
{
	buf_addf(b, "hosttune userdata%s", o->value[OPTION_NATIVE] ? " --native" : "");
	for (size_t i = 0; i < o->n_profiles; i++) {
		_free_ char *file = display_text(o->profiles[i]);

		buf_addf(b, " %s", file);
	}
	buf_add(b, "\n");
}

/* Warn now: EC2 rejects oversized user data only when it launches the node. */
static void cmd_userdata_check_size(size_t len, enum userdata_format format)
{
	static const char *const advice[] = {
		[USERDATA_TOML] = "compress it, since Bottlerocket reads gzip; or",
		[USERDATA_EKSCTL] = "eksctl does not compress it:",
		[USERDATA_KARPENTER] = "Karpenter does not read gzip:",
		[USERDATA_TERRAFORM] = "this template compresses it; or",
		[USERDATA_CLOUDFORMATION] = "CloudFormation does not compress it:",
		[USERDATA_ECS] = "compress it, since Bottlerocket reads gzip; or",
		[USERDATA_CLOUD_INIT] = "compress it, since cloud-init reads gzip; or",
		[USERDATA_IGNITION] = "let Ignition fetch the file; or",
	};

	if (len > USERDATA_EC2_MAX)
		complain("warning: user data is %zu bytes, EC2 accepts at most "
		         "%d (%s name built-in profiles with --as-is, or build an "
		         "image with a profile in it)",
		         len, USERDATA_EC2_MAX, advice[format]);
	else if (len > USERDATA_EC2_MAX - CLUSTER_BYTES)
		complain("warning: user data is %zu bytes, which leaves %zu of "
		         "EC2's %d for what the cluster adds",
		         len, USERDATA_EC2_MAX - len, USERDATA_EC2_MAX);
}

struct printed {
	const struct node *root; /* the settings, or */
	const char *text;        /* the profile, of a format that takes one */
	const char *comment;
	enum userdata_format format;
};

static void cmd_userdata_print(enum format f, void *ctx, FILE *out, FILE *log)
{
	const struct printed *p = ctx;

	(void)log;
	if (f == FORMAT_JSON) {
		/* the settings tree, for tools that merge it into other user data */
		report_tree_json(p->root, out);
		return;
	}
	cmd_userdata_check_size(
		p->text ? report_userdata_profile(p->text, p->format, p->comment, out)
			: report_userdata(p->root, p->format, p->comment, out),
		p->format);
}

static enum exit_code cmd_userdata_write(const struct options *o, const struct node *root,
                                         enum userdata_format format, struct buf *comment)
{
	struct printed p = {.root = root, .format = format};

	if (format == USERDATA_EKSCTL || format == USERDATA_KARPENTER ||
	    format == USERDATA_ECS)
		buf_add(comment, "Replace the words in capitals.\n");
	p.comment = comment->text;
	return outputs_write(o, EXIT_IN_SYNC, cmd_userdata_print, &p);
}

static enum exit_code print_native(const struct options *o, const struct profile *p,
                                   enum userdata_format format)
{
	_free_ char *rest = NULL;
	_node_ struct node *root = userdata_native(p, &rest);
	_buf_ struct buf comment = {0};

	add_command(&comment, o);
	if (*rest)
		buf_addf(&comment, "\nThe container is still needed for:\n%s\n", rest);
	return cmd_userdata_write(o, root, format, &comment);
}

static enum exit_code print_container(const struct options *o, const struct profile *p,
                                      const struct userdata_container *c,
                                      enum userdata_format format)
{
	_node_ struct node *root = NULL;
	_buf_ struct buf comment = {0};
	_free_ char *text = NULL;
	struct err e = {0};

	if (userdata_embed(p, o->profiles, o->n_profiles, o->value[OPTION_AS_IS], &text,
	                   &e) < 0) {
		complain("%s", e.text);
		return EXIT_INVALID;
	}
	root = userdata_container(c, text);
	add_command(&comment, o);
	return cmd_userdata_write(o, root, format, &comment);
}

/* For a host where hosttune is installed. */
static enum exit_code print_profile(const struct options *o, const struct profile *p,
                                    enum userdata_format format)
{
	_buf_ struct buf comment = {0};
	_free_ char *text = NULL;
	struct printed printed = {.format = format};
	struct err e = {0};

	if (userdata_embed(p, o->profiles, o->n_profiles, o->value[OPTION_AS_IS], &text,
	                   &e) < 0) {
		complain("%s", e.text);
		return EXIT_INVALID;
	}
	add_command(&comment, o);
	printed.text = text;
	printed.comment = comment.text;
	return outputs_write(o, EXIT_IN_SYNC, cmd_userdata_print, &printed);
}

/*
 * There is no container, and no tree of settings. Return: false if an option needs one,
 * as printed.
 */
static bool has_only_profile_options(const struct options *o, enum userdata_format format)
{
	if (output_wanted(o, FORMAT_JSON)) {
		complain(
			"--format %s: cannot be combined with -o json: it has no settings",
			userdata_format_names[format]);
		return false;
	}
	for (size_t i = OPTION_SOURCE; i <= OPTION_NATIVE; i++) {
		if (!o->value[i] || i == OPTION_AS_IS)
			continue;
		complain("--%s: only of Bottlerocket, not with --format %s",
		         option_defs[i].name, userdata_format_names[format]);
		return false;
	}
	return true;
}

static bool parse_options(const struct options *o, enum userdata_format format,
                          struct userdata_container *ret)
{
	if (userdata_takes_profile(format))
		return has_only_profile_options(o, format);
	return o->value[OPTION_NATIVE] ? !has_container_option(o)
	                               : parse_container(o, ret);
}

static int cmd_userdata_run(const struct options *o)
{
	struct userdata_container container;
	enum userdata_format format;
	struct profile profile;
	enum exit_code code;
	bool native = o->value[OPTION_NATIVE];

	if (output_shown(o) == FORMAT_JSON && o->value[OPTION_FORMAT]) {
		complain("--format: cannot be combined with -o json, which "
		         "prints the settings as a tree");
		return EXIT_INVALID;
	}
	if (!parse_format(o->value[OPTION_FORMAT], &format) ||
	    !parse_options(o, format, &container))
		return EXIT_INVALID;
	code = load_profiles(&profile, o, NULL);
	if (code == EXIT_IN_SYNC && userdata_takes_profile(format))
		code = print_profile(o, &profile, format);
	else if (code == EXIT_IN_SYNC && native)
		code = print_native(o, &profile, format);
	else if (code == EXIT_IN_SYNC)
		code = print_container(o, &profile, &container, format);
	profile_done(&profile);
	return (int)code;
}

const struct cmd cmd_userdata = {
	.name = "userdata",
	.args = "[PROFILE...]",
	.takes = VALUES_PROFILE,
	.summary = "print user data that installs a profile on a node",
	.exits = "0 2 3 7",
	.see = "validate, facts, docs/operations.md",
	.formats = "text json",
	.run = cmd_userdata_run,
};
