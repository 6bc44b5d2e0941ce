/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_PROFILES_USERDATA_H
#define REPORT_PROFILES_USERDATA_H

/* User data (profile/userdata.h) in the formats of the tools that start nodes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct node;

enum userdata_format {
	USERDATA_TOML,           /* the user data itself */
	USERDATA_EKSCTL,         /* a ClusterConfig */
	USERDATA_KARPENTER,      /* an EC2NodeClass */
	USERDATA_TERRAFORM,      /* an aws_launch_template */
	USERDATA_CLOUDFORMATION, /* an AWS::EC2::LaunchTemplate */
	USERDATA_ECS, /* the user data itself, with the name of an ECS cluster */

	/* for hosts other than Bottlerocket, where hosttune and its units are installed
	 */
	USERDATA_CLOUD_INIT, /* a #cloud-config */
	USERDATA_IGNITION,   /* an Ignition config 3.4.0 */
	USERDATA_FORMATS
};

/* "cloud-init"; a NULL ends the names. */
extern const char *const userdata_format_names[USERDATA_FORMATS + 1];

/* Whether the format takes a profile instead of Bottlerocket settings. */
bool userdata_takes_profile(enum userdata_format format);

/* EC2's limit for user data, in bytes, before base64. */
#define USERDATA_EC2_MAX 16384

/*
 * Write the settings, preceded by each line of `comment` ("": none) as a comment.
 *
 * Words in capitals stand for what only the reader knows, such as the name of the
 * cluster.
 * Return: the size of the node's user data in bytes. For eksctl this is what is known:
 * eksctl writes the TOML itself, and like Karpenter adds what its cluster needs.
 */
size_t report_userdata(const struct node *root, enum userdata_format format,
                       const char *comment, FILE *out);

/*
 * The same for a format that takes a profile: `text` becomes /etc/hosttune/profile.yaml,
 * and hosttune-apply.service is enabled. Ignition has no comments.
 */
size_t report_userdata_profile(const char *text, enum userdata_format format,
                               const char *comment, FILE *out);

#endif
