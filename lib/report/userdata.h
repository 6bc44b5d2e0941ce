/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_USERDATA_H
#define REPORT_USERDATA_H

/* User data (profile/userdata.h) in the languages of what starts nodes. */

#include <stddef.h>
#include <stdio.h>

struct node;

enum userdata_format {
	USERDATA_TOML,      /* the user data itself */
	USERDATA_EKSCTL,    /* a ClusterConfig */
	USERDATA_KARPENTER, /* an EC2NodeClass */
	USERDATA_TERRAFORM, /* an aws_launch_template */
};

/* EC2's limit for user data, in bytes, before it is encoded as base64. */
#define USERDATA_EC2_MAX 16384

/*
 * Write the settings, and before them each line of `comment` ("": none) as one. What
 * only the reader knows, such as the name of the cluster, stands in capitals.
 * Return: how many bytes the node's user data has. For eksctl that is what is known of
 * it: eksctl writes its TOML itself, and as Karpenter does adds what its cluster needs.
 */
size_t report_userdata(const struct node *root, enum userdata_format format,
                       const char *comment, FILE *out);

#endif
